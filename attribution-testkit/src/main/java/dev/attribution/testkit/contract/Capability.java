package dev.attribution.testkit.contract;

/** A capability that a store may leave out. Tests that need a missing capability are aborted with the reason. */
public enum Capability {
    /** The read side: {@code AttributionStore.reports()}. */
    REPORTS,
    /** The scope of a member on an offer, for the policy of one conversion per member and offer. */
    MEMBER_AND_OFFER_SCOPE,
    /** Ids of any kind: {@code AttributionStore.needsTimeInIds()} returns false. */
    IDS_WITHOUT_TIME
}
