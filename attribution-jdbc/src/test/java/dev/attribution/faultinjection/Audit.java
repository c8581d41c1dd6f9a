package dev.attribution.faultinjection;

import static java.util.stream.Collectors.counting;
import static java.util.stream.Collectors.groupingBy;
import static java.util.stream.Collectors.mapping;
import static java.util.stream.Collectors.toCollection;
import static java.util.stream.Collectors.toMap;
import static java.util.stream.Collectors.toSet;
import static org.assertj.core.api.Assertions.assertThat;

import dev.attribution.click.Click;
import dev.attribution.click.ClickId;
import dev.attribution.conversion.Conversion;
import dev.attribution.conversion.DuplicatePolicy;
import dev.attribution.history.HistoryEntry;
import dev.attribution.postback.PostbackOutcome.Kind;
import dev.attribution.postback.Reason;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.function.Function;

/**
 * The comparison of every answer that was given with what the tables hold, where every postback names a click that was
 * stored before it.
 */
final class Audit {
    private final Journal journal;
    private final Stored stored;
    private final Map<String, Set<DuplicatePolicy>> policies;
    private final Set<ClickId> clicksBefore;
    private final Map<UUID, Conversion> conversions;

    /**
     * Creates an audit.
     *
     * @param policies those that each offer had while the calls were made
     * @param clicksBefore the clicks that the calls did not make
     */
    Audit(Journal journal, Stored stored, Map<String, Set<DuplicatePolicy>> policies, Set<ClickId> clicksBefore) {
        this.journal = journal;
        this.stored = stored;
        this.policies = policies;
        this.clicksBefore = clicksBefore;
        this.conversions = stored.conversions().stream().collect(toMap(Conversion::conversionId, Function.identity()));
    }

    void check() {
        everyAnswerHasItsEntryAndNoEntryIsWithoutACall();
        everyConversionHasTheOneEntryThatWonIt();
        everyDuplicateNamesAnOriginal();
        nothingIsCreditedMoreOftenThanAPolicyAllows();
        everyWalletHoldsItsConversions();
        everyAcknowledgedClickIsThereOnce();
    }

    private void everyAnswerHasItsEntryAndNoEntryIsWithoutACall() {
        Map<String, Integer> calls = journal.calls();
        Map<String, List<String>> outcomes = journal.outcomes();
        Map<String, List<String>> entries = stored.history().stream()
                .collect(groupingBy(
                        entry -> Journal.POSTBACK + entry.query(),
                        mapping(Audit::outcome, toCollection(ArrayList::new))));
        assertThat(calls.keySet()).as("the calls that entries tell of").containsAll(entries.keySet());
        calls.forEach((call, made) -> {
            List<String> answered = outcomes.getOrDefault(call, List.of());
            List<String> unanswered = entries.getOrDefault(call, new ArrayList<>());
            for (String outcome : answered) {
                assertThat(unanswered.remove(outcome))
                        .as("an entry for the answer %s to %s", outcome, call)
                        .isTrue();
            }
            assertThat(unanswered)
                    .as("entries without an answer to %s", call)
                    .hasSizeLessThanOrEqualTo(made - answered.size());
        });
    }

    private static String outcome(HistoryEntry entry) {
        return Journal.outcome(entry.kind(), entry.reason(), entry.conversionId());
    }

    private void everyConversionHasTheOneEntryThatWonIt() {
        List<HistoryEntry> won = entries(Kind.ATTRIBUTED);
        List<UUID> wonIds =
                won.stream().map(entry -> entry.conversionId().orElseThrow()).toList();
        assertThat(wonIds).doesNotHaveDuplicates();
        assertThat(Set.copyOf(wonIds)).isEqualTo(conversions.keySet());
        assertThat(won).allSatisfy(entry -> {
            Conversion conversion = conversions.get(entry.conversionId().orElseThrow());
            assertThat(conversion.attemptId()).isEqualTo(entry.attemptId());
            assertThat(conversion.convertedAt()).isEqualTo(entry.receivedAt());
            assertThat(entry.clickId()).contains(conversion.clickId());
            assertThat(entry.offerId()).contains(conversion.offerId());
            assertThat(entry.memberId()).contains(conversion.memberId());
            assertThat(entry.eventId()).isEqualTo(conversion.eventId());
            assertThat(entry.transactionId()).isEqualTo(conversion.transactionId());
        });
        assertThat(won.size() + entries(Kind.DUPLICATE).size())
                .as("entries of clicks that are known")
                .isEqualTo(stored.history().size());
    }

    private void everyDuplicateNamesAnOriginal() {
        assertThat(entries(Kind.DUPLICATE)).allSatisfy(entry -> {
            Conversion original = conversions.get(entry.conversionId().orElseThrow());
            assertThat(original).as("the original of %s", entry).isNotNull();
            assertThat(policies.get(original.offerId()))
                    .as("policies under which %s is a duplicate of %s", entry, original)
                    .anyMatch(policy -> isDuplicate(entry, original, policy));
        });
    }

    private static boolean isDuplicate(HistoryEntry entry, Conversion original, DuplicatePolicy policy) {
        boolean sameMember = entry.offerId().equals(Optional.of(original.offerId()))
                && entry.memberId().equals(Optional.of(original.memberId()));
        boolean sameScope = policy.equals(DuplicatePolicy.onePerMemberAndOffer())
                ? sameMember
                : sameMember && entry.clickId().equals(Optional.of(original.clickId()));
        if (entry.reason().orElseThrow() == Reason.TRANSACTION_ALREADY_COUNTED) {
            return sameScope
                    && entry.transactionId().isPresent()
                    && entry.transactionId().equals(original.transactionId());
        }
        return sameScope
                && !policy.equals(DuplicatePolicy.allowRepeatConversions())
                && (!policy.equals(DuplicatePolicy.onePerEvent())
                        || entry.eventId().equals(original.eventId()));
    }

    private void nothingIsCreditedMoreOftenThanAPolicyAllows() {
        assertThat(stored.conversions().stream()
                        .filter(conversion -> conversion.transactionId().isPresent())
                        .map(conversion -> conversion.clickId() + " " + conversion.transactionId())
                        .toList())
                .as("clicks with a transaction id")
                .doesNotHaveDuplicates();
        Map<Optional<ClickId>, Set<Optional<String>>> events = stored.history().stream()
                .collect(groupingBy(HistoryEntry::clickId, mapping(HistoryEntry::eventId, toSet())));
        stored.conversions().stream().collect(groupingBy(Conversion::clickId)).forEach((clickId, won) -> {
            long most = most(
                    policies.get(won.get(0).offerId()),
                    events.get(Optional.of(clickId)).size());
            assertThat((long) won.size()).as("credits of %s", clickId).isLessThanOrEqualTo(most);
        });
        creditedAsOnly(DuplicatePolicy.onePerEvent(), won -> won.clickId() + " " + won.eventId());
        creditedAsOnly(DuplicatePolicy.onePerMemberAndOffer(), won -> won.offerId() + " " + won.memberId());
    }

    private void creditedAsOnly(DuplicatePolicy policy, Function<Conversion, String> scope) {
        assertThat(stored.conversions().stream()
                        .filter(won -> policies.get(won.offerId()).equals(Set.of(policy)))
                        .map(scope)
                        .toList())
                .as("%s", policy)
                .doesNotHaveDuplicates();
    }

    /** Up to the highest limit for the first event, then one more for each other one. */
    private static long most(Set<DuplicatePolicy> used, long events) {
        if (used.contains(DuplicatePolicy.allowRepeatConversions())) {
            return Long.MAX_VALUE;
        }
        long limit = used.stream().mapToLong(Audit::limit).max().orElseThrow();
        return used.contains(DuplicatePolicy.onePerEvent()) ? limit + events - 1 : limit;
    }

    private static long limit(DuplicatePolicy policy) {
        String name = policy.toString();
        return name.startsWith("at-most-") ? Long.parseLong(name.substring("at-most-".length())) : 1;
    }

    private void everyWalletHoldsItsConversions() {
        Map<String, Long> won = stored.conversions().stream().collect(groupingBy(Conversion::memberId, counting()));
        stored.wallets()
                .forEach((memberId, amount) ->
                        assertThat(amount).as("the wallet of %s", memberId).isEqualTo(won.getOrDefault(memberId, 0L)));
    }

    private void everyAcknowledgedClickIsThereOnce() {
        Map<ClickId, String> acknowledged = journal.clicks();
        Map<ClickId, String> found = stored.clicks().stream().collect(toMap(Click::clickId, Audit::visit));
        assertThat(found.keySet()).containsAll(clicksBefore);
        found.keySet().removeAll(clicksBefore);
        assertThat(found).containsAllEntriesOf(acknowledged);

        Map<String, Integer> calls = journal.calls();
        Map<String, Long> answers = acknowledged.values().stream().collect(groupingBy(call -> call, counting()));
        Set<ClickId> unanswered = new HashSet<>(found.keySet());
        unanswered.removeAll(acknowledged.keySet());
        unanswered.stream()
                .collect(groupingBy(found::get, counting()))
                .forEach((call, clicks) -> assertThat(clicks)
                        .as("clicks without an answer of %s", call)
                        .isLessThanOrEqualTo(calls.getOrDefault(call, 0) - answers.getOrDefault(call, 0L)));
    }

    private static String visit(Click click) {
        return "visit " + click.offerId() + " " + click.memberId();
    }

    private List<HistoryEntry> entries(Kind kind) {
        return stored.history().stream().filter(entry -> entry.kind() == kind).toList();
    }
}
