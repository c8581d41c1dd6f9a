package dev.attribution.testkit.contract;

import static dev.attribution.testkit.contract.Samples.NOON;
import static org.assertj.core.api.Assertions.assertThat;

import dev.attribution.click.Click;
import dev.attribution.click.ClickId;
import dev.attribution.conversion.Conversion;
import dev.attribution.conversion.Facts;
import dev.attribution.history.HistoryEntry;
import dev.attribution.history.HistoryEntry.Origin;
import dev.attribution.postback.PostbackOutcome.Kind;
import dev.attribution.postback.Reason;
import dev.attribution.spi.AppendResult;
import dev.attribution.spi.AppendResult.Appended;
import dev.attribution.spi.AppendResult.Stale;
import dev.attribution.spi.Settlement;
import dev.attribution.testkit.Race;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** What an append writes and returns. */
abstract class AppendContract extends ContractTest {
    private static final AppendResult APPENDED = new Appended();
    private static final AppendResult STALE = new Stale();

    /** What keys of two ids are joined with. */
    private static final List<String> SEPARATORS = List.of(
            ":", "::", "|", ",", ";", "/", "-", "_", ".", "#", " ", "=", "&", "+", "~", "@", "*", "\\", "\u00a7");

    AppendContract(AttributionStoreContract contract) {
        super(contract);
    }

    /**
     * append 1: The method returns one result for each settlement, in the order of the settlements.
     */
    @Test
    @DisplayName("append 1: The method returns one result for each settlement, in the order of the settlements.")
    void answersInTheOrderOfTheSettlements() {
        Click credited = Samples.click("offer-2", "member-b", NOON);
        Click free = Samples.click("offer-1", "member-c", NOON);
        Settlement known = Samples.credit(credited).build();
        append(known);

        assertThat(append(
                        Samples.credit(free).build(),
                        Samples.credit(credited).build(),
                        known,
                        Samples.rejected(Samples.click("offer-3", "member-a", NOON), NOON),
                        Samples.credit(credited).build()))
                .containsExactly(APPENDED, STALE, known(known), APPENDED, STALE);
    }

    /**
     * append 2: An appended settlement is stored with all its parts: its history entry and, if it has an effect, the
     * conversion, the reservation or the change.
     */
    @Test
    @DisplayName(
            "append 2: An appended settlement is stored with all its parts: its history entry and, if it has an effect, the conversion, the reservation or the change.")
    void storesEntryAndConversionWithAllTheirParts() {
        Click click = Samples.click();
        Settlement credit = Samples.credit(click)
                .event("purchase")
                .transaction("t-1")
                .payout("12.50")
                .build();
        Settlement bare = Samples.credit(Samples.click()).build();
        Settlement rejected = Samples.entryOnly(Samples.entry(click, NOON)
                .outcome(Kind.REJECTED, Reason.EVENT_NOT_ACCEPTED)
                .eventId("install")
                .transactionId("t-2")
                .origin(Origin.REPLAYED, bare.entry().attemptId())
                .query("gk_click_id=" + click.clickId() + "&event_id=install&sub1=x", true)
                .notes(List.of("payout is no decimal number", "currency is unknown"))
                .build());
        Settlement unattributed = Samples.unattributed("not-a-click-id", NOON);

        assertThat(append(credit, bare, rejected, unattributed))
                .containsExactly(APPENDED, APPENDED, APPENDED, APPENDED);

        assertThat(facts(click).first()).contains(conversion(credit));
        assertThat(append(credit, bare, rejected, unattributed))
                .containsExactly(known(credit), known(bare), known(rejected), known(unattributed));
        storesEveryCombinationOfParts();
    }

    private void storesEveryCombinationOfParts() {
        List<Settlement> settlements = new ArrayList<>();
        for (String currency : Arrays.asList("EUR", "USD", "JPY", "BHD", "XXX", null)) {
            for (String payout : Arrays.asList("7.50", "-0.125", null)) {
                SampleCredit credit = Samples.credit(Samples.click())
                        .event("e")
                        .transaction("t")
                        .attempt(id(settlements.size(), 1))
                        .conversion(new UUID(settlements.size(), -1));
                settlements.add((payout == null ? credit : credit.payout(payout))
                        .currency(currency)
                        .build());
            }
        }
        Settlement stored = settlements.get(0);
        for (Reason reason : Reason.values()) {
            for (Origin origin : Origin.values()) {
                settlements.add(Samples.entryOnly(Samples.entry(Samples.click(), NOON)
                        .outcome(reason.kind(), reason)
                        .conversionId(
                                reason.kind() == Kind.DUPLICATE
                                        ? conversion(stored).conversionId()
                                        : null)
                        .origin(origin, origin == Origin.REPLAYED ? new UUID(1, 2) : null)
                        .build()));
            }
        }
        for (boolean truncated : List.of(true, false)) {
            settlements.add(Samples.entryOnly(HistoryEntry.builder(Samples.attemptId())
                    .receivedAt(NOON)
                    .outcome(Kind.UNATTRIBUTED, Reason.MALFORMED_CLICK_ID)
                    .clickId(truncated ? "" : null, null)
                    .query(truncated ? "" : "x", truncated)
                    .notes(truncated ? List.of("", "b", "a", "a") : List.of())
                    .build()));
        }

        append(settlements.toArray(Settlement[]::new));

        settlements.forEach(this::assertReads);
        if (has(Capability.MEMBER_AND_OFFER_SCOPE)) {
            for (Settlement settlement : settlements) {
                if (settlement.entry().kind() == Kind.DUPLICATE) {
                    assertThat(append(settlement))
                            .isEqualTo(new AppendResult.Known(settlement.entry(), Optional.of(conversion(stored))));
                }
            }
        }
    }

    /**
     * append 3: No reader and no crash ever sees a conversion or a change without its history entry, or an entry
     * without the effect that it tells of.
     */
    @Test
    @DisplayName(
            "append 3: No reader and no crash ever sees a conversion or a change without its history entry, or an entry without the effect that it tells of.")
    void showsNoConversionWithoutItsEntry() throws InterruptedException {
        Click click = Samples.click();
        List<Settlement> credits = IntStream.rangeClosed(1, 24)
                .mapToObj(
                        i -> Samples.credit(click).slot(i).transaction("t-" + i).build())
                .toList();
        Set<Settlement> unseen = new LinkedHashSet<>(credits);

        readWhile(
                () -> credits.forEach(this::append),
                () -> unseen.removeIf(credit -> isSeenWithItsEntry(click, credit)));

        assertThat(unseen)
                .as("credits that were appended but never became visible")
                .isEmpty();
    }

    /** Once a conversion is visible, its entry must be visible too: a second append must find it known. */
    private boolean isSeenWithItsEntry(Click click, Settlement credit) {
        String transactionId = conversion(credit).transactionId().orElseThrow();
        if (facts(click, null, transactionId).addressed().isEmpty()) {
            return false;
        }
        assertThat(append(credit)).as("a second append of a visible conversion").isEqualTo(known(credit));
        return true;
    }

    /**
     * append 4: A settlement with a stored attempt id writes nothing and is known, even if it would be stale: the
     * result holds the stored entry and the conversion that this entry names, as it is stored now.
     */
    @Test
    @DisplayName(
            "append 4: A settlement with a stored attempt id writes nothing and is known, even if it would be stale: the result holds the stored entry and the conversion that this entry names, as it is stored now.")
    void answersAKnownAttemptWithWhatIsStored() {
        Click click = Samples.click();
        Settlement stored = Samples.credit(click).transaction("t-1").build();
        Settlement duplicate = Samples.duplicate(click, conversion(stored));
        append(stored);
        append(duplicate);
        Settlement other = Samples.credit(click)
                .attempt(stored.entry().attemptId())
                .slot(2)
                .transaction("t-2")
                .build();

        assertThat(append(other, duplicate))
                .containsExactly(
                        known(stored), new AppendResult.Known(duplicate.entry(), Optional.of(conversion(stored))));
        assertThat(facts(click).count()).isOne();
        assertThat(append(Samples.credit(click).slot(2).transaction("t-2").build()))
                .as("a credit at the places that a known attempt named")
                .isEqualTo(APPENDED);
        answersAKnownAttemptOfAChange();
        if (contract.capabilities().contains(Capability.MEMBER_AND_OFFER_SCOPE)) {
            Settlement ofAnotherClick = Samples.duplicate(Samples.click(), conversion(stored));
            append(ofAnotherClick);
            assertThat(append(ofAnotherClick))
                    .as("a duplicate of what another click of the member won")
                    .isEqualTo(new AppendResult.Known(ofAnotherClick.entry(), Optional.of(conversion(stored))));
        }
    }

    private void answersAKnownAttemptOfAChange() {
        Click click = Samples.click();
        Settlement credit =
                Samples.credit(click).payout("1.50").transaction("t").pending().build();
        Settlement approval = Samples.change(conversion(credit));
        Settlement reversal = Samples.change(conversion(approval));
        Settlement reservation = Samples.reservation(click, "r");
        Settlement duplicate = Samples.duplicate(click, conversion(credit));
        for (Settlement settlement : List.of(credit, reservation, approval, duplicate, reversal)) {
            append(settlement);
        }
        for (Settlement settlement : List.of(credit, approval, duplicate, reversal)) {
            assertThat(append(settlement))
                    .as("the attempt of %s, which names a conversion that was reversed since", settlement.entry())
                    .isEqualTo(new AppendResult.Known(settlement.entry(), Optional.of(conversion(reversal))));
        }
        assertThat(append(reservation)).isEqualTo(known(reservation));
        Settlement reinstated = Samples.reinstated(conversion(reservation), 2);
        append(reinstated);
        assertThat(append(reservation))
                .isEqualTo(new AppendResult.Known(reservation.entry(), Optional.of(conversion(reinstated))));
    }

    /**
     * append 6: A credit is stale if its (click, slot) is taken.
     */
    @Test
    @DisplayName("append 6: A credit is stale if its (click, slot) is taken.")
    void isStaleWhereTheSlotOfTheClickIsTaken() {
        Click click = Samples.click();
        append(Samples.credit(click).slot(1).build());
        append(Samples.credit(click).slot(-3).build());

        assertThat(append(Samples.credit(click).slot(1).transaction("t-1").build()))
                .isEqualTo(STALE);
        assertThat(append(Samples.credit(click).slot(-3).build())).isEqualTo(STALE);
        assertThat(append(Samples.credit(click).slot(1).event("e").build())).isEqualTo(STALE);
        assertThat(facts(click).count()).isEqualTo(2);
    }

    /**
     * append 7: A credit or a reservation is stale if its (click, call key) is taken.
     */
    @Test
    @DisplayName("append 7: A credit or a reservation is stale if its (click, call key) is taken.")
    void isStaleWhereTheTransactionOfTheClickIsTaken() {
        Click click = Samples.click();
        append(Samples.credit(click).slot(1).transaction("t-1").build());
        append(Samples.credit(click).slot(2).transaction("t-2").event("e").build());
        append(Samples.credit(click)
                .slot(3)
                .transaction("t-3")
                .at(NOON.minusSeconds(9))
                .build());

        for (String taken : List.of("t-1", "t-2", "t-3")) {
            for (String event : Arrays.asList(null, "e")) {
                assertThat(append(Samples.credit(click)
                                .slot(9)
                                .event(event)
                                .transaction(taken)
                                .build()))
                        .as("a credit with the transaction id '%s' and the event '%s'", taken, event)
                        .isEqualTo(STALE);
            }
            assertThat(append(Samples.reservation(click, taken)))
                    .as("a reservation of the transaction id '%s'", taken)
                    .isEqualTo(STALE);
        }
        assertThat(facts(click).count()).isEqualTo(3);
        append(Samples.reservation(click, "r"));
        assertThat(append(Samples.credit(click).slot(9).transaction("r").build()))
                .as("a credit with the transaction id of a reservation")
                .isEqualTo(STALE);
        assertThat(append(Samples.reservation(click, "r"))).isEqualTo(STALE);
        assertThat(append(Samples.reservation(Samples.click(), "r"), Samples.reservation(click, "s")))
                .as("a reservation of another click, and of another transaction id")
                .containsExactly(APPENDED, APPENDED);
        append(Samples.credit(click).slot(11).transaction("t-5").callKey("k").build());
        assertThat(append(Samples.credit(click)
                        .slot(12)
                        .transaction("t-6")
                        .callKey("k")
                        .build()))
                .as("a credit with the call key of another one and a transaction id of its own")
                .isEqualTo(STALE);
        assertThat(append(Samples.credit(click).slot(4).transaction("t-4").build()))
                .as("a credit at the slot after the last one: a reservation takes no slot")
                .isEqualTo(APPENDED);
    }

    /**
     * append 8: A credit with an exclusive scope is stale if another conversion holds this scope exclusively.
     */
    @Test
    @DisplayName(
            "append 8: A credit with an exclusive scope is stale if another conversion holds this scope exclusively.")
    void isStaleWhereAnotherSoleCreditHasTheScope() {
        needs(Capability.MEMBER_AND_OFFER_SCOPE);
        Click one = Samples.click();
        Click two = Samples.click();
        append(Samples.credit(one).sole().build());

        assertThat(append(Samples.credit(two).sole().build())).isEqualTo(STALE);
        assertThat(facts(two, ofMember(two), null, null).count()).isOne();
        assertThat(append(Samples.credit(two).build()))
                .as("a credit that need not be the sole one")
                .isEqualTo(APPENDED);
        List<Click> others = new ArrayList<>(List.of(
                Samples.click(Samples.OFFER, "another", NOON),
                Samples.click("another", Samples.MEMBER, NOON),
                Samples.click(Samples.MEMBER, Samples.OFFER, NOON),
                Samples.click("ab", "c", NOON),
                Samples.click("a", "bc", NOON)));
        for (String separator : SEPARATORS) {
            others.add(Samples.click("a", "b" + separator + "c", NOON));
            others.add(Samples.click("a" + separator + "b", "c", NOON));
        }
        for (Click other : others) {
            assertThat(append(Samples.credit(other).sole().build()))
                    .as("the sole credit of the member '%s' on the offer '%s'", other.memberId(), other.offerId())
                    .isEqualTo(APPENDED);
            assertThat(facts(other, ofMember(other), null, null).count())
                    .as("the credits of the member '%s' on the offer '%s'", other.memberId(), other.offerId())
                    .isOne();
        }
    }

    /**
     * append 9: No other place makes a credit stale: slots and call keys of other clicks are free, and credits
     * without a call key do not conflict.
     */
    @Test
    @DisplayName(
            "append 9: No other place makes a credit stale: slots and call keys of other clicks are free, and credits without a call key do not conflict.")
    void isNotStaleForAnyOtherReason() {
        Click one = Samples.click();
        Click two = Samples.click();
        append(Samples.credit(one).slot(1).event("e").transaction("t-1").build());

        assertThat(append(Samples.credit(two)
                        .slot(1)
                        .event("e")
                        .transaction("t-1")
                        .build()))
                .isEqualTo(APPENDED);
        assertThat(append(Samples.credit(one).slot(2).event("e").build())).isEqualTo(APPENDED);
        assertThat(append(Samples.credit(one).slot(3).event("e").build())).isEqualTo(APPENDED);
        assertThat(append(Samples.credit(one).slot(7).transaction("8").build())).isEqualTo(APPENDED);
        assertThat(append(Samples.credit(one).slot(8).transaction("7").build()))
                .as("a credit with the number of a slot as its transaction id, and the other way round")
                .isEqualTo(APPENDED);
        append(Samples.credit(one).slot(9).transaction("t").callKey("e:1:t:e").build());
        assertThat(append(Samples.credit(one)
                        .slot(10)
                        .transaction("t")
                        .callKey("e:1:t:f")
                        .build()))
                .as("a credit with the transaction id of another one and a call key of its own")
                .isEqualTo(APPENDED);
        UUID id = one.clickId().uuid();
        UUID other = Samples.click().clickId().uuid();
        for (UUID near : List.of(
                new UUID(id.getMostSignificantBits(), other.getLeastSignificantBits()),
                new UUID(other.getMostSignificantBits(), id.getLeastSignificantBits()))) {
            assertThat(append(Samples.credit(Samples.withId(ClickId.of(near), one))
                            .slot(1)
                            .transaction("t-1")
                            .build()))
                    .as("a credit of a click with half of the same id")
                    .isEqualTo(APPENDED);
            assertThat(facts(Samples.withId(ClickId.of(near), one)).count())
                    .as("the credits of a click with half of the same id")
                    .isOne();
            UUID attempt = Samples.attemptId();
            append(Samples.credit(Samples.click()).attempt(attempt).build());
            assertThat(append(Samples.credit(Samples.click())
                            .attempt(new UUID(attempt.getMostSignificantBits(), near.getLeastSignificantBits()))
                            .build()))
                    .isEqualTo(APPENDED);
            assertThat(append(Samples.credit(Samples.click())
                            .attempt(new UUID(near.getMostSignificantBits(), attempt.getLeastSignificantBits()))
                            .build()))
                    .as("attempts that share half of their ids")
                    .isEqualTo(APPENDED);
        }
        for (long slot : new long[] {1L << 32 | 1, Long.MIN_VALUE | 1, Long.MAX_VALUE, Long.MAX_VALUE - 1}) {
            assertThat(append(Samples.credit(one).slot(slot).build()))
                    .as("a credit at the slot %d", slot)
                    .isEqualTo(APPENDED);
        }
    }

    /**
     * append 10: A stale settlement writes nothing: its attempt id stays unknown, and its free places stay free.
     */
    @Test
    @DisplayName(
            "append 10: A stale settlement writes nothing: its attempt id stays unknown, and its free places stay free.")
    void writesNothingOfAStaleSettlement() {
        Click click = Samples.click();
        append(Samples.credit(click).slot(1).transaction("t-1").build());
        Settlement slotTaken = Samples.credit(click).slot(1).transaction("t-2").build();
        Settlement transactionTaken =
                Samples.credit(click).slot(2).transaction("t-1").build();
        assertThat(append(slotTaken, transactionTaken)).containsExactly(STALE, STALE);
        assertThat(facts(click, null, "t-2").addressed()).isEmpty();

        assertThat(append(Samples.credit(click)
                        .attempt(slotTaken.entry().attemptId())
                        .slot(2)
                        .transaction("t-2")
                        .build()))
                .as("the stale attempt again, at the places that were free")
                .isEqualTo(APPENDED);
        Settlement settled =
                Samples.entryOnly(HistoryEntry.builder(transactionTaken.entry().attemptId())
                        .receivedAt(NOON)
                        .outcome(Kind.REJECTED, Reason.TOO_EARLY)
                        .build());
        assertThat(append(settled)).isEqualTo(APPENDED);
        assertThat(facts(click)).extracting(Facts::count).isEqualTo(2L);
        writesNothingOfAStaleChange(click);
        if (contract.capabilities().contains(Capability.MEMBER_AND_OFFER_SCOPE)) {
            writesNothingWhereTheScopeIsTaken();
            keepsTheScopeOfAStaleCreditFree();
        }
    }

    private void writesNothingOfAStaleChange(Click click) {
        Settlement reservation = Samples.reservation(click, "r");
        append(reservation);
        Settlement slotTaken = Samples.reinstated(conversion(reservation), 1);
        Settlement reservationTaken = Samples.reservation(click, "r");
        Settlement credit =
                Samples.credit(click).slot(7).transaction("t-7").pending().build();
        Settlement unknown = Samples.change(conversion(credit));
        assertThat(append(slotTaken)).isEqualTo(STALE);
        assertThat(append(reservationTaken)).isEqualTo(STALE);
        assertThat(append(unknown)).isEqualTo(STALE);
        assertThat(store().conversions()
                        .findConversions(Stream.of(reservation, reservationTaken, unknown)
                                .map(some -> conversion(some).conversionId())
                                .toList())
                        .values())
                .as("what is stored after stale changes")
                .containsExactly(conversion(reservation));
        assertThat(append(credit, unknown)).containsExactly(APPENDED, APPENDED);
    }

    private void writesNothingWhereTheScopeIsTaken() {
        Click click = Samples.click();
        append(Samples.credit(Samples.click()).sole().build());
        Settlement scopeTaken = Samples.credit(click).transaction("t-1").sole().build();
        assertThat(append(scopeTaken)).isEqualTo(STALE);

        assertThat(append(Samples.credit(click)
                        .attempt(scopeTaken.entry().attemptId())
                        .transaction("t-1")
                        .build()))
                .as("the stale attempt again, at the same places of the click")
                .isEqualTo(APPENDED);
    }

    private void keepsTheScopeOfAStaleCreditFree() {
        for (String member : List.of("alone", "in a list", "of a change")) {
            Click click = Samples.click(Samples.OFFER, member, NOON);
            Settlement stored = Samples.credit(click).transaction("t").build();
            Settlement slotTaken = Samples.credit(click).sole().build();
            append(stored);
            switch (member) {
                case "alone" -> assertThat(append(slotTaken)).isEqualTo(STALE);
                case "in a list" ->
                    assertThat(append(
                                    Samples.credit(Samples.click(Samples.OFFER, "another", NOON))
                                            .build(),
                                    slotTaken,
                                    Samples.credit(Samples.click(Samples.OFFER, member, NOON))
                                            .build()))
                            .containsExactly(APPENDED, STALE, APPENDED);
                default -> {
                    Settlement reservation = Samples.reservation(click, "r");
                    append(reservation);
                    assertThat(append(Samples.reinstatedAsSole(conversion(reservation), 1)))
                            .isEqualTo(STALE);
                }
            }
            assertThat(append(Samples.credit(Samples.click(Samples.OFFER, member, NOON))
                            .sole()
                            .build()))
                    .as("a credit at the exclusive scope of one that was stale %s", member)
                    .isEqualTo(APPENDED);
        }
    }

    /**
     * append 14: A settlement without an effect is stale only after an effect of its click in the list that is not
     * stored.
     */
    @Test
    @DisplayName(
            "append 14: A settlement without an effect is stale only after an effect of its click in the list that is not stored.")
    void appendsASettlementWithoutACreditAlways() {
        Click click = Samples.click();
        Settlement credit = Samples.credit(click).event("e").transaction("t-1").build();
        append(credit);
        Settlement duplicate = Samples.entryOnly(Samples.entry(click, NOON.plusSeconds(70))
                .outcome(Kind.DUPLICATE, Reason.TRANSACTION_ALREADY_COUNTED)
                .eventId("e")
                .transactionId("t-1")
                .conversionId(conversion(credit).conversionId())
                .build());

        assertThat(append(
                        duplicate,
                        Samples.duplicate(click, conversion(credit)),
                        Samples.rejected(click, NOON),
                        Samples.unattributed("x", NOON),
                        Samples.unattributed("x", NOON)))
                .containsOnly(APPENDED)
                .hasSize(5);
        assertThat(facts(click).count()).isOne();
    }

    /**
     * append 15: If the method throws, a prefix of the list may be stored; appending the list again completes it:
     * stored settlements are known, the others are appended.
     */
    @Test
    @DisplayName(
            "append 15: If the method throws, a prefix of the list may be stored; appending the list again completes it: stored settlements are known, the others are appended.")
    void completesAListThatIsAppendedAgain() {
        Settlement credit = Samples.credit(Samples.click()).build();
        Settlement rejected = Samples.rejected(Samples.click(), NOON);
        Settlement rest = Samples.credit(Samples.click()).build();
        append(credit, rejected);

        assertThat(append(credit, rejected, rest)).containsExactly(known(credit), known(rejected), APPENDED);
        assertThat(append(credit, rejected, rest)).containsExactly(known(credit), known(rejected), known(rest));
    }

    /**
     * append 16: A settlement that occurs twice in the list is appended once and known once.
     */
    @Test
    @DisplayName("append 16: A settlement that occurs twice in the list is appended once and known once.")
    void appendsASettlementThatIsListedTwiceOnce() {
        Click click = Samples.click();
        Settlement credit = Samples.credit(click).transaction("t-1").build();
        Settlement rejected = Samples.rejected(Samples.click(), NOON);

        assertThat(append(credit, rejected, credit, rejected))
                .containsExactlyInAnyOrder(APPENDED, APPENDED, known(credit), known(rejected));
        assertThat(facts(click).count()).isOne();
        Settlement change = Samples.change(conversion(credit));
        Settlement reservation = Samples.reservation(click, "r");
        assertThat(append(change, reservation, change, reservation))
                .containsExactlyInAnyOrder(APPENDED, APPENDED, known(change), known(reservation));
    }

    /**
     * append 17: If several settlements of the list share a place, or change one revision of a conversion, exactly one
     * is appended; the others are stale.
     */
    @Test
    @DisplayName(
            "append 17: If several settlements of the list share a place, or change one revision of a conversion, exactly one is appended; the others are stale.")
    void appendsOneOfSeveralInAListThatShareAPlace() {
        Click slots = Samples.click();
        Click transactions = Samples.click();

        assertThat(append(
                        Samples.credit(slots).build(),
                        Samples.credit(slots).build(),
                        Samples.credit(slots).build()))
                .containsExactlyInAnyOrder(APPENDED, STALE, STALE);
        assertThat(append(
                        Samples.credit(transactions).slot(1).transaction("t").build(),
                        Samples.credit(transactions).slot(2).transaction("t").build()))
                .containsExactlyInAnyOrder(APPENDED, STALE);
        Click changed = Samples.click(Samples.OFFER, "changed", NOON);
        Settlement credit = Samples.credit(changed).build();
        append(credit);
        assertThat(append(Samples.change(conversion(credit)), Samples.change(conversion(credit))))
                .containsExactlyInAnyOrder(APPENDED, STALE);
        assertThat(append(
                        Samples.reservation(changed, "r"),
                        Samples.credit(changed).slot(2).transaction("r").build()))
                .containsExactlyInAnyOrder(APPENDED, STALE);
        assertThat(facts(changed).first().map(Conversion::revision)).contains(2);
        assertThat(facts(slots).count()).isOne();
        assertThat(facts(transactions).count()).isOne();
        if (contract.capabilities().contains(Capability.MEMBER_AND_OFFER_SCOPE)) {
            Click member = Samples.click();
            assertThat(append(
                            Samples.credit(member).sole().build(),
                            Samples.credit(Samples.click()).sole().build()))
                    .containsExactlyInAnyOrder(APPENDED, STALE);
            assertThat(facts(member, ofMember(member), null, null))
                    .extracting(Facts::count)
                    .isEqualTo(3L);
        }
    }

    /**
     * append 19: If an effect of the list is not stored, the later settlements of its click in the list are stale,
     * unless they are known.
     */
    @Test
    @DisplayName(
            "append 19: If an effect of the list is not stored, the later settlements of its click in the list are stale, unless they are known.")
    void keepsTheOrderOfTheSettlementsOfAClick() throws InterruptedException {
        Click click = Samples.click();
        Click other = Samples.click();
        Settlement stored = Samples.credit(click).slot(2).transaction("t-2").build();
        append(stored);
        Settlement first = Samples.credit(click).slot(1).transaction("t-1").build();
        Settlement late = Samples.credit(click).slot(4).transaction("t-4").build();
        Settlement ofLate = Samples.duplicate(click, conversion(late));
        Settlement last = Samples.credit(click).slot(-5).build();
        Settlement rejected = Samples.rejected(click, NOON);

        assertThat(append(
                        first,
                        rejected,
                        Samples.credit(other).slot(7).build(),
                        Samples.credit(click).slot(2).transaction("t-3").build(),
                        late,
                        ofLate,
                        stored,
                        Samples.rejected(other, NOON),
                        rejected,
                        Samples.credit(other).slot(8).build(),
                        last))
                .as("a list in which the second credit of a click is stale")
                .containsExactly(
                        APPENDED,
                        APPENDED,
                        APPENDED,
                        STALE,
                        STALE,
                        STALE,
                        known(stored),
                        APPENDED,
                        known(rejected),
                        APPENDED,
                        STALE);
        assertThat(append(first, late, ofLate, last))
                .as("the same again, without the one that was stale")
                .containsExactly(known(first), APPENDED, APPENDED, APPENDED);
        assertThat(append(ofLate)).isEqualTo(new AppendResult.Known(ofLate.entry(), Optional.of(conversion(late))));
        Settlement again =
                Samples.credit(click).attempt(first.entry().attemptId()).slot(9).build();
        assertThat(append(again, Samples.credit(click).slot(10).build()))
                .as("a credit after one whose attempt has won another conversion")
                .containsExactly(known(first), STALE);
        assertThat(facts(click).count()).isEqualTo(4);
        assertThat(facts(other).count()).isEqualTo(2);
        keepsTheOrderOfChanges();
        keepsTheOrderInRaces();
    }

    private void keepsTheOrderOfChanges() {
        Click click = Samples.click();
        Settlement credit = Samples.credit(click).pending().build();
        Settlement approval = Samples.change(conversion(credit));
        Settlement reversal = Samples.change(conversion(approval));
        assertThat(append(credit, approval, Samples.duplicate(click, conversion(approval)), reversal))
                .as("a credit with its changes in one list")
                .containsOnly(APPENDED);
        assertReads(reversal);
        Settlement reinstated = Samples.change(conversion(reversal));
        List<AppendResult> results = append(approval, reinstated);
        assertThat(results.get(0)) // its conversion is read before or after the rest of the list is written
                .as("a known change")
                .isInstanceOfSatisfying(
                        AppendResult.Known.class,
                        known -> assertThat(known.entry()).isEqualTo(approval.entry()));
        assertThat(results.get(1)).as("a change after one that is known").isEqualTo(APPENDED);
        Settlement stale = Samples.change(conversion(approval));
        Settlement next = Samples.credit(click).slot(2).transaction("t").build();
        assertThat(append(stale, next, Samples.reservation(click, "r"), Samples.rejected(click, NOON), approval))
                .as("what follows a stale change of the same click")
                .containsExactly(
                        STALE,
                        STALE,
                        STALE,
                        STALE,
                        new AppendResult.Known(approval.entry(), Optional.of(conversion(reinstated))));
        append(next);
        assertThat(append(Samples.reservation(click, "t"), Samples.rejected(click, NOON)))
                .as("what follows a stale reservation")
                .containsExactly(STALE, STALE);
    }

    private void keepsTheOrderInRaces() throws InterruptedException {
        for (int round = 0; round < 10; round++) {
            Click click = Samples.click();
            List<List<Settlement>> lists = IntStream.range(0, AttributionStoreContract.THREADS)
                    .mapToObj(list -> IntStream.rangeClosed(1, 6)
                            .mapToObj(slot -> Samples.credit(click)
                                    .slot(slot)
                                    .transaction((list % 2 == 0 ? "t-" + slot : "t-" + (7 - slot)))
                                    .build())
                            .toList())
                    .toList();

            List<List<AppendResult>> results =
                    Race.run(lists.size(), list -> store().conversions().append(lists.get(list)));

            assertThat(results)
                    .as("the results of racing lists: of each, a part from the beginning is appended")
                    .allSatisfy(list -> assertThat(list.subList(list.indexOf(STALE) + 1, list.size()))
                            .containsOnly(list.contains(STALE) ? STALE : APPENDED));
            assertThat(results.stream().flatMap(List::stream).filter(APPENDED::equals))
                    .hasSize((int) facts(click).count());
        }
    }
}
