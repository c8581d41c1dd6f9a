package dev.attribution;

/**
 * A duplicate policy that the store does not support: one per member and offer, on a store that has unique keys per
 * click only. Nothing was credited and nothing was stored. Give the offer another policy, or use another store.
 */
public final class UnsupportedPolicyException extends AttributionException {
    private static final long serialVersionUID = 1L;

    /**
     * Creates an exception. A store raises it.
     *
     * @param store the name of the store, such as {@code "The Redis store"}
     */
    public UnsupportedPolicyException(String store) {
        super(store + " cannot count the conversions of a member on an offer, so it does not support the policy"
                + " one-per-member-and-offer. Nothing was credited. Give the offer another policy, or use a store that"
                + " supports it.");
    }
}
