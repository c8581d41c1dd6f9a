package dev.attribution;

/** A click on an offer that does not exist. Nothing was stored. */
public final class UnknownOfferException extends AttributionException {
    private static final long serialVersionUID = 1L;

    private final String offerId;

    /**
     * Creates an exception.
     *
     * @param offerId the id of the missing offer
     */
    public UnknownOfferException(String offerId) {
        super(
                "The offer '" + offerId.replaceAll("[\\p{C}\\p{Zl}\\p{Zp}]", "\uFFFD")
                        + "' does not exist: nothing was stored. Put it first with attribution.offers().put(…); ids are compared exactly.");
        this.offerId = offerId;
    }

    /** {@return the id of the missing offer, as it was given} */
    public String offerId() {
        return offerId;
    }
}
