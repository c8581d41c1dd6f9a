package dev.attribution;

/** No caller has the name. */
public final class UnknownCallerException extends AttributionException {
    private static final long serialVersionUID = 1L;

    private final String caller;

    /**
     * Creates an exception.
     *
     * @param caller the name of the caller
     * @param message what failed, with the name made printable, and what to do
     */
    public UnknownCallerException(String caller, String message) {
        super(message);
        this.caller = caller;
    }

    /** {@return the name of the caller} */
    public String caller() {
        return caller;
    }
}
