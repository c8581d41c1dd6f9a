package dev.attribution.spi;

import java.util.Optional;

/**
 * A place to keep clicks, conversions and history. What a store's author implements, one repository at a time.
 *
 * <p>Every method of every repository:
 *
 * <ol>
 *   <li>is safe to call from many threads and many processes at once;
 *   <li>has made durable what it wrote when it returns, or, inside a host's transaction, leaves that to the host's commit;
 *   <li>raises {@link dev.attribution.StorageException} when it cannot do what it was asked, and never answers "there is
 *       none" because it could not look;
 *   <li>returns every instant, id and text exactly as it was given: to the microsecond, with case, trailing blanks and
 *       every code point.
 * </ol>
 */
public interface AttributionStore {
    /**
     * Returns where offers are kept.
     *
     * @return the repository
     */
    OfferRepository offers();

    /**
     * Returns where clicks are kept.
     *
     * @return the repository
     */
    ClickRepository clicks();

    /**
     * Returns where conversions and history are kept.
     *
     * @return the repository
     */
    ConversionRepository conversions();

    /**
     * Returns the read side: a capability that a store may leave out.
     *
     * @return the repository, or empty where the store has no reports
     */
    Optional<ReportRepository> reports();
}
