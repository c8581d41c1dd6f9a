package dev.attribution;

/** A click on an offer that does not exist. Nothing was stored. */
public final class UnknownOfferException extends AttributionException {
    private static final long serialVersionUID = 1L;

    private final String offerId;

    /**
     * Creates an exception.
     *
     * @param offerId the id that names no offer
     */
    public UnknownOfferException(String offerId) {
        super("There is no offer '" + offerId
                + "': nothing was stored. Put it first with attribution.offers().put(…); ids are compared exactly.");
        this.offerId = offerId;
    }

    /**
     * Returns the id that names no offer.
     *
     * @return the offer id as it was given
     */
    public String offerId() {
        return offerId;
    }
}
