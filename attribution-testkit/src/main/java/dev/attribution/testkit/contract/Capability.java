package dev.attribution.testkit.contract;

/** What a store may leave out. Tests that need what is left out are aborted by name, never passed. */
public enum Capability {
    /** The read side: {@code AttributionStore.reports()}. */
    REPORTS,
    /** Counting what a member has on an offer: the policy of one conversion per member and offer. */
    MEMBER_AND_OFFER_SCOPE
}
