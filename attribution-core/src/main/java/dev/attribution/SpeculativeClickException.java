package dev.attribution;

/**
 * A browser asked for a click before the person clicked: a prefetch or a prerender. Nothing is stored and there is no redirect.
 * Answer with {@code HttpAnswer.of(exception)}, 503 and {@code Cache-Control: no-store}: the browser discards this answer, and
 * asks again when the person follows the link.
 */
public final class SpeculativeClickException extends AttributionException {
    private static final long serialVersionUID = 1L;

    private final String rule;

    /**
     * Creates an exception.
     *
     * @param rule the name of the rule that took the request for a speculative one
     */
    public SpeculativeClickException(String rule) {
        super("The request is speculative by the rule " + rule
                + ": no person clicked yet. Nothing was stored. Answer with 503"
                + " and Cache-Control: no-store; the browser asks again when the person clicks.");
        this.rule = rule;
    }

    /** {@return the name of the rule that took the request for a speculative one} */
    public String rule() {
        return rule;
    }
}
