package dev.attribution.testkit.contract;

import static dev.attribution.conversion.ConversionStatus.APPROVED;
import static dev.attribution.conversion.ConversionStatus.PENDING;
import static dev.attribution.conversion.ConversionStatus.REVERSED;
import static dev.attribution.testkit.contract.Samples.NOON;
import static org.assertj.core.api.Assertions.assertThat;

import dev.attribution.click.Click;
import dev.attribution.conversion.Conversion;
import dev.attribution.conversion.ConversionStatus;
import dev.attribution.conversion.DuplicatePolicy;
import dev.attribution.conversion.Facts;
import dev.attribution.conversion.Scope;
import dev.attribution.report.ReportFilter;
import dev.attribution.spi.AppendResult;
import dev.attribution.spi.FactsQuery;
import dev.attribution.spi.LookUpQuery;
import dev.attribution.spi.Settlement;
import dev.attribution.testkit.Race;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.UUID;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** The life of a conversion: what a message addresses, and how a conversion changes. */
abstract class StatusContract extends ContractTest {
    private static final AppendResult APPENDED_NOW = new AppendResult.Appended();
    private static final AppendResult STALE = new AppendResult.Stale();

    StatusContract(AttributionStoreContract contract) {
        super(contract);
    }

    private static Settlement at(int second, SampleCredit credit) {
        return credit.at(NOON.plusSeconds(second)).build();
    }

    private void assertAddressed(
            Click click, ConversionStatus status, @Nullable String eventId, @Nullable Settlement addressed) {
        Facts facts = facts(new FactsQuery(click.clickId(), Scope.ofClick(click), eventId, null, status));
        assertThat(facts.addressed())
                .as("what a message addresses that says %s of the event %s", status, eventId)
                .isEqualTo(Optional.ofNullable(addressed).map(ContractTest::conversion));
        assertThat(facts.isAmbiguous()).isFalse();
        Facts found = lookUp(click, status, eventId); // it may leave out what the policy does not need
        assertThat(found.addressed()).as("the same in a look-up").isEqualTo(facts.addressed());
        assertThat(found.isAmbiguous()).isFalse();
        if (has(Capability.MEMBER_AND_OFFER_SCOPE)) {
            assertThat(facts(new FactsQuery(click.clickId(), Scope.ofMember(click), eventId, null, status))
                            .addressed())
                    .as("the same under a policy over the member")
                    .isEqualTo(facts.addressed());
        }
    }

    private void assertAmbiguous(Click click, @Nullable String eventId) {
        Facts facts = facts(new FactsQuery(click.clickId(), Scope.ofClick(click), eventId, null, REVERSED));
        assertThat(facts.isAmbiguous()).isTrue();
        assertThat(facts.addressed()).isEmpty();
        Facts found = lookUp(click, REVERSED, eventId);
        assertThat(found.isAmbiguous()).as("the same in a look-up").isTrue();
        assertThat(found.addressed()).isEmpty();
    }

    private Facts lookUp(Click click, ConversionStatus status, @Nullable String eventId) {
        store().clicks().insert(List.of(click));
        return store().lookUp(
                        List.of(new LookUpQuery(click.clickId(), eventId, null, status)),
                        DuplicatePolicy.onePerClickAndMember())
                .get(0)
                .orElseThrow()
                .facts();
    }

    /**
     * facts 9: An approval without a call key addresses the earliest pending conversion of its click that has
     * the same event and no call key.
     */
    @Test
    @DisplayName(
            "facts 9: An approval without a call key addresses the earliest pending conversion of its click that has the same event and no call key.")
    void addressesTheEarliestPendingConversionByAnApproval() {
        Click click = Samples.click();
        Settlement approved = at(1, Samples.credit(click).slot(1).event("e"));
        Settlement named =
                at(2, Samples.credit(click).slot(2).event("e").transaction("t").pending());
        Settlement other = at(3, Samples.credit(click).slot(3).event("f").pending());
        Settlement later = at(5, Samples.credit(click).slot(4).event("e").pending());
        Settlement pending = at(4, Samples.credit(click).slot(5).event("e").pending());
        Settlement without = at(6, Samples.credit(click).slot(6).pending());
        append(approved, named, other, later, pending, without);
        append(at(1, Samples.credit(Samples.click()).event("g").pending()));

        assertAddressed(click, APPROVED, "e", pending);
        assertAddressed(click, APPROVED, "f", other);
        assertAddressed(click, APPROVED, null, without);
        assertAddressed(click, APPROVED, "g", null);
        append(Samples.change(conversion(pending)));
        assertAddressed(click, APPROVED, "e", later);
    }

    /**
     * facts 10: A pending message without a call key addresses the earliest conversion of its click that has a
     * place, the same event and no call key, in whatever status.
     */
    @Test
    @DisplayName(
            "facts 10: A pending message without a call key addresses the earliest conversion of its click that has a place, the same event and no call key, in whatever status.")
    void addressesTheEarliestConversionByAPendingMessage() {
        Click click = Samples.click();
        Settlement named = at(1, Samples.credit(click).slot(1).event("e").transaction("t"));
        Settlement approved = at(2, Samples.credit(click).slot(2).event("e"));
        Settlement pending = at(3, Samples.credit(click).slot(3).event("e").pending());
        Settlement without = at(4, Samples.credit(click).slot(4).pending());
        append(named, approved, pending, without);

        assertAddressed(click, PENDING, "e", approved);
        assertAddressed(click, PENDING, null, without);
        assertAddressed(click, PENDING, "f", null);
        Settlement reversed = Samples.change(conversion(approved));
        append(reversed);
        assertAddressed(click, PENDING, "e", reversed);
    }

    /**
     * facts 11: A reversal without a call key addresses the only conversion of its click that has a place, or,
     * if it names an event, the only one with this event, in whatever status and with or without a call key. If
     * there are several, it is ambiguous and addresses none.
     */
    @Test
    @DisplayName(
            "facts 11: A reversal without a call key addresses the only conversion of its click that has a place, or, if it names an event, the only one with this event, in whatever status and with or without a call key. If there are several, it is ambiguous and addresses none.")
    void addressesTheOnlyConversionByAReversal() {
        Click click = Samples.click();
        assertAddressed(click, REVERSED, null, null);
        append(Samples.reservation(click, "r"));
        assertAddressed(click, REVERSED, null, null);
        Settlement one =
                Samples.credit(click).slot(1).event("e").transaction("t").build();
        append(one);
        assertAddressed(click, REVERSED, null, one);
        assertAddressed(click, REVERSED, "e", one);
        assertAddressed(click, REVERSED, "f", null);
        Settlement other = Samples.credit(click).slot(2).pending().build();
        append(other);
        assertAmbiguous(click, null);
        assertAddressed(click, REVERSED, "e", one);
        append(Samples.credit(click).slot(3).event("e").build());
        assertAmbiguous(click, "e");

        Click reversed = Samples.click();
        Settlement alone = Samples.credit(reversed).slot(1).build();
        Settlement reversal = Samples.change(conversion(alone));
        append(alone, reversal);
        assertAddressed(reversed, REVERSED, null, reversal);
    }

    /**
     * facts 12: A reservation is neither counted, nor the first, nor the earliest of its event.
     */
    @Test
    @DisplayName("facts 12: A reservation is neither counted, nor the first, nor the earliest of its event.")
    void countsNoReservation() {
        Click click = Samples.click();
        Settlement reservation = Samples.reservation(click, "r");
        append(reservation);

        assertThat(facts(click)).isEqualTo(Facts.NONE);
        assertThat(facts(click, null, "r").count()).isZero();
        assertThat(facts(click, null, "r").addressed()).contains(conversion(reservation));
        Settlement credit = Samples.credit(click).slot(1).build();
        append(credit);
        for (Scope scope : has(Capability.MEMBER_AND_OFFER_SCOPE)
                ? List.of(Scope.ofClick(click), Scope.ofMember(click))
                : List.of(Scope.ofClick(click))) {
            Facts facts = facts(click, scope, null, "r");
            assertThat(facts.count()).isOne();
            assertThat(facts.first()).contains(conversion(credit));
            assertThat(facts.sameEvent()).contains(conversion(credit));
            assertThat(facts.addressed()).contains(conversion(reservation));
        }
        if (has(Capability.REPORTS)) {
            assertThat(store().reports()
                            .orElseThrow()
                            .conversions(
                                    ReportFilter.builder()
                                            .clickId(click.clickId())
                                            .build(),
                                    null,
                                    9))
                    .containsExactly(conversion(credit));
        }
    }

    /**
     * conversion 1: The map contains every conversion and every reservation that is stored under one of the ids, with
     * all its changes, and nothing else.
     */
    @Test
    @DisplayName(
            "conversion 1: The map contains every conversion and every reservation that is stored under one of the ids, with all its changes, and nothing else.")
    void findsConversionsByTheirIds() {
        Click click = Samples.click();
        Settlement credit =
                Samples.credit(click).slot(1).payout("1.50").pending().build();
        Settlement reservation = Samples.reservation(click, "r");
        Settlement other = Samples.credit(Samples.click()).slot(1).build();
        append(credit, reservation, other);
        Settlement change = Samples.change(conversion(credit));
        append(change);
        UUID absent = UUID.randomUUID();

        assertThat(store().conversions()
                        .findConversions(List.of(
                                conversion(credit).conversionId(),
                                conversion(reservation).conversionId(),
                                absent)))
                .containsOnly(
                        Map.entry(conversion(credit).conversionId(), conversion(change)),
                        Map.entry(conversion(reservation).conversionId(), conversion(reservation)));
        assertThat(store().conversions().findConversions(List.of())).isEmpty();
    }

    /**
     * conversion 2: The method sees everything that was appended before the call.
     */
    @Test
    @DisplayName("conversion 2: The method sees everything that was appended before the call.")
    void findsWhatWasAppendedBefore() {
        Settlement state = Samples.credit(Samples.click()).pending().build();
        append(state);
        for (int i = 0; i < 6; i++) {
            assertThat(store().conversions()
                            .findConversions(Set.of(conversion(state).conversionId())))
                    .containsValue(conversion(state));
            state = Samples.change(conversion(state));
            append(state);
        }
    }

    /**
     * append 20: A change is stale if the stored conversion has another revision than the one that the change was
     * decided on, or if no such conversion is stored.
     */
    @Test
    @DisplayName(
            "append 20: A change is stale if the stored conversion has another revision than the one that the change was decided on, or if no such conversion is stored.")
    void appendsAChangeOfTheStoredRevisionAlone() {
        Click click = Samples.click();
        Settlement credit =
                Samples.credit(click).transaction("t").payout("1.50").pending().build();
        Settlement approval = Samples.change(conversion(credit));
        Settlement reversal = Samples.change(Settlement.Change.of(
                conversion(credit),
                conversion(credit).toBuilder()
                        .status(ConversionStatus.REVERSED, 2)
                        .changedAt(null, NOON.plusSeconds(90), null)
                        .build()));
        assertThat(append(approval)).as("a change of what is not stored").isEqualTo(STALE);
        assertThat(append(credit, approval)).containsExactly(APPENDED_NOW, APPENDED_NOW);

        assertReads(approval);
        assertThat(append(reversal)).as("a change of an earlier revision").isEqualTo(STALE);
        Conversion now = conversion(approval);
        for (int i = 0; i < 5; i++) { // reversed, reinstated, reversed again: the status alone says nothing
            Settlement next = Samples.change(now);
            assertThat(append(next)).isEqualTo(APPENDED_NOW);
            assertReads(next);
            assertThat(append(reversal)).isEqualTo(STALE);
            assertThat(append(Samples.change(conversion(approval))))
                    .as("a change of revision 2 once revision %d is stored", now.revision() + 1)
                    .isEqualTo(STALE);
            now = conversion(next);
        }
        assertThat(append(approval))
                .as("a known change, before it is stale")
                .isEqualTo(new AppendResult.Known(approval.entry(), Optional.of(now)));
        assertThat(append(Samples.credit(click).slot(1).build()))
                .as("a credit at the place of a conversion that has changed")
                .isEqualTo(STALE);
        assertThat(facts(click).count()).isOne();
    }

    /**
     * append 21: If changes of one revision of a conversion race, exactly one is appended; the others are stale.
     */
    @Test
    @DisplayName(
            "append 21: If changes of one revision of a conversion race, exactly one is appended; the others are stale.")
    void appendsOneOfRacingChanges() throws InterruptedException {
        for (int round = 0; round < 20; round++) {
            Settlement credit = Samples.credit(Samples.click()).pending().build();
            append(credit);
            List<Settlement> changes = Stream.generate(() -> Samples.change(conversion(credit)))
                    .limit(AttributionStoreContract.THREADS)
                    .toList();

            List<AppendResult> results = Race.run(changes.size(), thread -> append(changes.get(thread)));

            assertThat(results).filteredOn(APPENDED_NOW::equals).hasSize(1);
            assertThat(results).filteredOn(STALE::equals).hasSize(changes.size() - 1);
            assertThat(facts(new FactsQuery(
                                    conversion(credit).clickId(),
                                    Scope.ofClick(conversion(credit)),
                                    null,
                                    null,
                                    ConversionStatus.PENDING))
                            .addressed()
                            .map(Conversion::revision))
                    .contains(2);
        }
    }

    /**
     * append 22: A change that reinstates a reservation takes its slot and its exclusive scope, and is stale if one of
     * them is taken.
     */
    @Test
    @DisplayName(
            "append 22: A change that reinstates a reservation takes its slot and its exclusive scope, and is stale if one of them is taken.")
    void reinstatesAReservationAtAFreePlace() {
        Click click = Samples.click();
        Settlement reservation = Samples.reservation(click, "r");
        Settlement holder = Samples.credit(click).slot(1).build();
        append(reservation, holder);
        Conversion before = conversion(reservation);
        Conversion after = Samples.next(before);

        assertThat(append(Samples.change(new Settlement.Change(before, after, OptionalLong.of(1), Optional.empty()))))
                .as("at a taken slot")
                .isEqualTo(STALE);
        Settlement reinstated =
                Samples.change(new Settlement.Change(before, after, OptionalLong.of(2), Optional.empty()));
        assertThat(append(reinstated)).isEqualTo(APPENDED_NOW);
        assertThat(facts(click, null, "r").addressed()).contains(after);
        assertThat(facts(click).count()).isEqualTo(2);
        assertThat(append(Samples.credit(click).slot(2).build()))
                .as("a credit at its slot")
                .isEqualTo(STALE);
        if (has(Capability.MEMBER_AND_OFFER_SCOPE)) {
            reinstatesInAScope();
        }
    }

    private void reinstatesInAScope() {
        Click one = Samples.click("sole", "member", NOON);
        Click other = Samples.click("sole", "member", NOON);
        Settlement reservation = Samples.reservation(one, "r");
        append(reservation, Samples.credit(other).slot(1).sole().build());
        Conversion before = conversion(reservation);

        assertThat(append(Samples.change(new Settlement.Change(
                        before,
                        Samples.next(before),
                        OptionalLong.of(1),
                        Optional.of(new Scope.OfMember("sole", "member"))))))
                .as("in a taken scope")
                .isEqualTo(STALE);
        assertThat(facts(one).count()).isZero();

        Click free = Samples.click("sole", "free", NOON);
        Settlement alone = Samples.reservation(free, "r");
        append(alone);
        assertThat(append(Samples.change(new Settlement.Change(
                        conversion(alone),
                        Samples.next(conversion(alone)),
                        OptionalLong.of(1),
                        Optional.of(new Scope.OfMember("sole", "free"))))))
                .as("in a free scope")
                .isEqualTo(APPENDED_NOW);
        assertThat(append(Samples.credit(Samples.click("sole", "free", NOON))
                        .sole()
                        .build()))
                .as("a credit in its scope")
                .isEqualTo(STALE);
        assertThat(facts(free, ofMember(free), null, null).count()).isOne();
    }
}
