package dev.attribution.console.view;

import dev.attribution.conversion.DuplicatePolicy;
import dev.attribution.link.LinkProblem;
import dev.attribution.offer.Offer;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * The form of an offer, with what the person typed.
 *
 * @param offerId the id
 * @param trackingLink the tracking link
 * @param policy the name of the duplicate policy; empty for the default
 * @param window the attribution window, such as {@code 30d}; empty for none
 * @param delay the minimum delay
 * @param events the accepted events, one a line
 * @param callers the accepted callers, one a line
 * @param schemes the allowed schemes, one a line
 * @param literals the literal values, one a line
 * @param requiresTransactionId whether messages need a transaction id
 * @param version the mark of the offer as it was loaded, so that nobody overwrites the change of another person
 * @param isNew whether the offer does not exist yet
 * @param linkProblems the problems of the link
 * @param problems the problems of other fields
 */
public record OfferForm(
        String offerId,
        String trackingLink,
        String policy,
        String window,
        String delay,
        String events,
        String callers,
        String schemes,
        String literals,
        boolean requiresTransactionId,
        String version,
        boolean isNew,
        List<LinkProblem> linkProblems,
        List<String> problems) {
    private static final int SHOWN = 50;

    /** How much of a link stands before and after the position of a problem. */
    private static final int CONTEXT = 500;

    /** The names of the policies that need no number. */
    public static final List<String> POLICIES = List.of(
            DuplicatePolicy.onePerClickAndMember().toString(),
            DuplicatePolicy.onePerEvent().toString(),
            DuplicatePolicy.onePerMemberAndOffer().toString(),
            DuplicatePolicy.allowRepeatConversions().toString());

    /** {@return the empty form of a new offer} */
    public static OfferForm empty(String offerId) {
        return new OfferForm(offerId, "", "", "", "", "", "", "", "", false, "", true, List.of(), List.of());
    }

    /** {@return the form of a stored offer} */
    public static OfferForm of(Offer offer, String version) {
        return new OfferForm(
                offer.offerId(),
                offer.trackingLink(),
                offer.duplicatePolicy().map(DuplicatePolicy::toString).orElse(""),
                offer.attributionWindow().map(ShortDuration::of).orElse(""),
                offer.minimumDelay().isZero() ? "" : ShortDuration.of(offer.minimumDelay()),
                lines(offer.acceptedEvents()),
                lines(offer.acceptedCallers()),
                lines(offer.linkRules().schemes()),
                lines(offer.linkRules().literals()),
                offer.transactionIdRequired(),
                version,
                false,
                List.of(),
                List.of());
    }

    /** {@return this form with problems} */
    public OfferForm with(List<LinkProblem> linkProblems, List<String> problems) {
        return new OfferForm(
                offerId,
                trackingLink,
                policy,
                window,
                delay,
                events,
                callers,
                schemes,
                literals,
                requiresTransactionId,
                version,
                isNew,
                linkProblems,
                problems);
    }

    /** {@return the first problems of the link} */
    public Excerpt<LinkProblem> firstLinkProblems() {
        return Excerpt.of(linkProblems, SHOWN);
    }

    /** {@return the part of the link in front of a problem} */
    public String before(LinkProblem problem) {
        int at = at(problem.position());
        int from = at(at - CONTEXT);
        return (from > 0 ? "…" : "") + trackingLink.substring(from, at);
    }

    /** {@return the part of the link from a problem on} */
    public String from(LinkProblem problem) {
        int at = at(problem.position());
        int to = at(at + CONTEXT);
        return trackingLink.substring(at, to) + (to < trackingLink.length() ? "…" : "");
    }

    private int at(int position) {
        int at = Math.max(0, Math.min(position, trackingLink.length()));
        boolean isInPair = at > 0
                && at < trackingLink.length()
                && Character.isSurrogatePair(trackingLink.charAt(at - 1), trackingLink.charAt(at));
        return isInPair ? at - 1 : at;
    }

    private static String lines(Set<String> values) {
        return values.stream().sorted().collect(Collectors.joining("\n"));
    }
}
