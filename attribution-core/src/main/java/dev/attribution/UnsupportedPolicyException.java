package dev.attribution;

/**
 * A duplicate policy that the store cannot keep: one per member and offer, on a store that has keys for a click alone.
 * Nothing was credited and nothing stored; give the offer another policy, or the application another store.
 */
public final class UnsupportedPolicyException extends AttributionException {
    private static final long serialVersionUID = 1L;

    /**
     * Creates an exception, for a store to raise.
     *
     * @param store what the store is, such as {@code "The Redis store"}
     */
    public UnsupportedPolicyException(String store) {
        super(store + " cannot count what a member has on an offer, so that it cannot keep the policy"
                + " one-per-member-and-offer. Nothing was credited. Give the offer another policy, or use a store that has"
                + " this scope.");
    }
}
