package dev.attribution.jdbc;

import static dev.attribution.jdbc.Given.conversionOf;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.attribution.StorageException;
import dev.attribution.click.Click;
import dev.attribution.conversion.Conversion;
import dev.attribution.conversion.ConversionStatus;
import dev.attribution.history.HistoryEntry;
import dev.attribution.history.HistoryEntry.Origin;
import dev.attribution.postback.PostbackOutcome.Kind;
import dev.attribution.postback.Reason;
import dev.attribution.report.ReportFilter;
import dev.attribution.spi.AppendResult;
import dev.attribution.spi.AppendResult.Appended;
import dev.attribution.spi.AppendResult.Known;
import dev.attribution.spi.AppendResult.Stale;
import dev.attribution.spi.ReportRepository;
import dev.attribution.spi.Settlement;
import dev.attribution.spi.Settlement.Credit;
import dev.attribution.testkit.Race;
import dev.attribution.testkit.contract.ExactIds;
import java.math.BigDecimal;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Currency;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.IntFunction;
import java.util.function.Supplier;
import java.util.function.UnaryOperator;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class AppendTest extends DatabaseTest {
    @Test
    void storesACreditTogetherWithItsEntry() {
        Settlement settlement = Given.credit(
                Given.click(),
                1,
                conversion -> conversion
                        .eventId("win_10_games ")
                        .transactionId("T-1 😀")
                        .payout(new BigDecimal("1.50"))
                        .currency(Currency.getInstance("EUR")));
        assertThat(append(settlement)).isInstanceOf(Appended.class);
        assertThat(conversions()).containsExactly(conversionOf(settlement));
        assertThat(history()).containsExactly(settlement.entry());
    }

    @Test
    void returnsEveryPartOfAnEntry() {
        Click click = Given.click();
        Settlement full = Given.entryOnly(Given.entry(UUID.randomUUID(), click, Given.NOON)
                .outcome(Kind.REJECTED, Reason.OUTSIDE_WINDOW)
                .eventId("event ")
                .transactionId("Transaction")
                .origin(Origin.REPLAYED, UUID.randomUUID())
                .query("gk_click_id=%41&x=😀\n'\"", true)
                .notes(List.of("first \"note\"", "second \\ note 😀"))
                .build());
        Settlement least = Given.entryOnly(HistoryEntry.builder(UUID.randomUUID())
                .receivedAt(Given.NOON.minusSeconds(1))
                .outcome(Kind.UNATTRIBUTED, Reason.MISSING_CLICK_ID)
                .build());
        Settlement longest = Given.entryOnly(HistoryEntry.builder(UUID.randomUUID())
                .receivedAt(Given.NOON.minusSeconds(2))
                .outcome(Kind.UNATTRIBUTED, Reason.MALFORMED_CLICK_ID)
                .clickId("😀".repeat(200), null)
                .query("x".repeat(9000), false)
                .origin(Origin.IMPORTED, null)
                .build());
        store.conversions().append(List.of(full, least, longest));
        assertThat(history()).containsExactly(full.entry(), least.entry(), longest.entry());
    }

    @Test
    void returnsAmountsWithTheirScale() {
        List<BigDecimal> amounts = Stream.of(
                        "1.50", "1.5", "0", "0.000", "-0.10", "12345678901234567890.123456789012345678", "1E+3")
                .map(BigDecimal::new)
                .toList();
        for (BigDecimal amount : amounts) {
            append(Given.credit(Given.click(), 1, conversion -> conversion.payout(amount)));
        }
        assertThat(conversions())
                .extracting(conversion -> conversion.payout().orElseThrow())
                .containsExactlyInAnyOrderElementsOf(amounts);
    }

    @Test
    void refusesAnAmountThatItWouldRound() {
        Settlement fine = Given.credit(
                Given.click(), 1, conversion -> conversion.payout(new BigDecimal("0.0000000000000000001")));
        Settlement large = Given.credit(
                Given.click(), 1, conversion -> conversion.payout(new BigDecimal("100000000000000000000")));
        for (Settlement settlement : List.of(fine, large)) {
            assertThatThrownBy(() -> append(settlement))
                    .isInstanceOfSatisfying(
                            StorageException.class,
                            refused -> assertThat(refused.isTransient()).isFalse());
        }
        assertThat(history()).isEmpty();
    }

    @Test
    void anAttemptThatIsStoredIsKnownByWhatIsStored() {
        Click click = Given.click();
        Settlement first = Given.credit(click, 1);
        Settlement duplicate = Given.duplicate(click, conversionOf(first));
        Settlement unattributed = Given.unattributed("nonsense", Given.NOON);
        store.conversions().append(List.of(first, duplicate, unattributed));
        Optional<Conversion> original = Optional.of(conversionOf(first));
        assertThat(store.conversions().append(List.of(first, duplicate, unattributed)))
                .containsExactly(
                        new Known(first.entry(), original),
                        new Known(duplicate.entry(), original),
                        new Known(unattributed.entry(), Optional.empty()));
        assertThat(conversions()).hasSize(1);
        assertThat(history()).hasSize(3);
    }

    @Test
    void anAttemptThatStandsInAListTwiceIsKnownTheSecondTime() {
        Settlement credit = Given.credit(Given.click(), 1);
        Settlement entry = Given.unattributed("nonsense", Given.NOON);
        assertThat(store.conversions().append(List.of(credit, entry, credit, entry)))
                .containsExactly(
                        new Appended(),
                        new Appended(),
                        new Known(credit.entry(), Optional.of(conversionOf(credit))),
                        new Known(entry.entry(), Optional.empty()));
        assertThat(conversions()).hasSize(1);
        assertThat(history()).hasSize(2);
    }

    @Test
    void aKnownAttemptWritesNothingEvenWhereItsPlacesAreFree() {
        Click click = Given.click();
        Settlement rejected = Given.rejected(click, Reason.TOO_EARLY, Given.NOON);
        append(rejected);
        Settlement credit = sameAttempt(rejected, Given.credit(click, 1, "t"));
        assertThat(append(credit)).isEqualTo(new Known(rejected.entry(), Optional.empty()));
        assertThat(conversions()).isEmpty();
        assertThat(append(Given.credit(click, 1, "t"))).isInstanceOf(Appended.class);
    }

    @Test
    void aKnownAttemptIsKnownEvenWhereItsPlacesAreTaken() {
        Click click = Given.click();
        Settlement rejected = Given.rejected(click, Reason.TOO_EARLY, Given.NOON);
        store.conversions().append(List.of(rejected, Given.credit(click, 1)));
        assertThat(append(sameAttempt(rejected, Given.credit(click, 1))))
                .isEqualTo(new Known(rejected.entry(), Optional.empty()));
    }

    @Test
    void isStaleWhereTheSlotIsTaken() {
        Click click = Given.click();
        append(Given.credit(click, 1, "a"));
        assertStale(Given.credit(click, 1, "b"));
        assertThat(append(Given.credit(click, 2, "b"))).isInstanceOf(Appended.class);
        assertThat(append(Given.credit(click, Long.MIN_VALUE))).isInstanceOf(Appended.class);
        assertStale(Given.credit(click, Long.MIN_VALUE));
    }

    @Test
    void isStaleWhereTheTransactionIsCounted() {
        Click click = Given.click();
        append(Given.credit(click, 1, "t"));
        assertStale(Given.credit(click, 2, "t"));
        for (String other : List.of("T", "t ", "ţ")) {
            assertThat(append(Given.credit(click, 2 + other.hashCode(), other))).isInstanceOf(Appended.class);
        }
        assertThat(append(Given.credit(Given.click(), 1, "t"))).isInstanceOf(Appended.class);
    }

    @Test
    void isStaleWhereTheMemberHasTheSoleCredit() {
        append(Given.soleCredit(Given.click("offer", "member", Given.NOON)));
        assertStale(Given.soleCredit(Given.click("offer", "member", Given.NOON)));
        assertThat(append(Given.soleCredit(Given.click("offer", "Member", Given.NOON))))
                .isInstanceOf(Appended.class);
        assertThat(append(Given.soleCredit(Given.click("offer2", "member", Given.NOON))))
                .isInstanceOf(Appended.class);
        assertThat(append(Given.credit(Given.click("offer", "member", Given.NOON), 1)))
                .isInstanceOf(Appended.class);
    }

    @Test
    void withoutACreditIsNeverStale() {
        Click click = Given.click();
        Settlement credit = Given.credit(click, 1);
        append(credit);
        for (int i = 0; i < 5; i++) {
            assertThat(append(Given.duplicate(click, conversionOf(credit)))).isInstanceOf(Appended.class);
        }
        assertThat(history()).hasSize(6);
    }

    /** What no settlement of a list says need not be sent, and what a conversion shares with its entry need not be sent twice. */
    @Test
    void returnsEveryPartOfAListWhicheverPartsItsSettlementsLack() {
        List<Supplier<Settlement>> kinds = List.of(
                () -> Given.credit(
                        Given.click(), 1, some -> some.eventId("e,}\"\\NULL"), entry -> entry.notes(List.of())),
                () -> Given.credit(
                        Given.click(),
                        1,
                        some -> some.transactionId("NULL")
                                .callKey("t:NULL")
                                .payout(new BigDecimal("1.50"))
                                .currency(Currency.getInstance("EUR"))
                                .convertedAt(Instant.parse("0001-01-01T00:00:00.000001Z")),
                        entry -> entry.notes(List.of())),
                () -> Given.credit(
                        Given.click(),
                        2,
                        UnaryOperator.identity(),
                        entry -> entry.query("NULL", true)
                                .body("{\"a\": null}", "application/json")
                                .origin(Origin.REPLAYED, UUID.randomUUID())
                                .caller("offerwall")),
                () -> Given.credit(
                        Given.click(),
                        3,
                        some -> some.eventId("another"),
                        entry -> entry.eventId("not that of its conversion").receivedAt(Given.NOON)),
                AppendTest::reservation,
                () -> Given.unattributed("", Given.NOON));
        for (int which = 1; which < 1 << kinds.size(); which++) {
            List<Settlement> list = new ArrayList<>();
            for (int i = 0; i < kinds.size(); i++) {
                if ((which & 1 << i) != 0) {
                    list.add(kinds.get(i).get());
                    list.add(kinds.get(i).get());
                }
            }
            assertReturnsAll(list);
        }
    }

    private void assertReturnsAll(List<Settlement> list) {
        assertThat(store.conversions().append(list)).hasSameSizeAs(list).allMatch(Appended.class::isInstance);
        assertThat(store.conversions().append(list))
                .containsExactlyElementsOf(list.stream()
                        .map(settlement -> (AppendResult) new Known(
                                settlement.entry(), settlement.effect().map(Settlement.Effect::conversion)))
                        .toList());
    }

    /** The time of an approval mostly follows from the entry and need not be sent, but must be if it does not. */
    @Test
    void returnsAListWhoseConversionsWereApprovedAtAnotherTime() {
        List<Supplier<Settlement>> kinds = List.of(
                () -> Given.credit(
                        Given.click(),
                        1,
                        some -> some.status(ConversionStatus.PENDING, 1),
                        entry -> entry.outcome(Kind.HELD, null)),
                () -> Given.credit(Given.click(), 1, some -> some.changedAt(Given.NOON, null, null)));
        for (Supplier<Settlement> kind : kinds) {
            assertReturnsAll(List.of(kind.get(), kind.get()));
            assertReturnsAll(List.of(kind.get(), Given.credit(Given.click(), 1)));
        }
    }

    private static Settlement reservation() {
        Click click = Given.click();
        Conversion reservation = Conversion.builder(UUID.randomUUID())
                .attemptId(UUID.randomUUID())
                .credits(click.clickId(), click.offerId(), click.memberId())
                .transactionId("T")
                .callKey("t:T")
                .convertedAt(Given.NOON)
                .reservation(true)
                .status(ConversionStatus.REVERSED, 1)
                .changedAt(null, Given.NOON, null)
                .build();
        return new Settlement(
                Given.entry(reservation.attemptId(), click, Given.NOON)
                        .outcome(Kind.REJECTED, Reason.NOTHING_TO_REVERSE)
                        .transactionId("T")
                        .conversionId(reservation.conversionId())
                        .build(),
                Optional.of(new Settlement.Reservation(reservation)));
    }

    @Test
    void answersEachElementOfAListInItsOrder() {
        Click taken = Given.click();
        Settlement known = Given.credit(taken, 1, "a");
        append(known);
        List<Settlement> list = List.of(
                Given.unattributed("x", Given.NOON),
                Given.credit(taken, 1, "b"),
                Given.credit(Given.click(), 1),
                known,
                Given.soleCredit(Given.click()),
                Given.credit(taken, 2, "a"),
                Given.credit(taken, 3, "c"), // decided as if the one before it were stored
                Given.credit(Given.click(), 3, "c"));
        assertThat(store.conversions().append(list))
                .extracting(result -> result.getClass().getSimpleName())
                .containsExactly("Appended", "Stale", "Appended", "Known", "Appended", "Stale", "Stale", "Appended");
        assertThat(conversions()).hasSize(4);
        assertThat(history()).hasSize(5);
        assertThat(store.conversions().append(List.of())).isEmpty();
    }

    @Test
    void anElementThatIsStaleUndoesNoOther() {
        Click taken = Given.click();
        append(Given.credit(taken, 1));
        List<Settlement> list = new ArrayList<>();
        IntStream.range(0, 20).forEach(i -> {
            list.add(Given.credit(Given.click(), 1));
            list.add(Given.credit(taken, 1));
        });
        List<AppendResult> results = store.conversions().append(list);
        assertThat(results).filteredOn(Appended.class::isInstance).hasSize(20);
        assertThat(results).filteredOn(Stale.class::isInstance).hasSize(20);
        assertThat(conversions()).hasSize(21);
        assertThat(history()).hasSize(21);
    }

    @Test
    void oneOfManyRacingForASlotWins() throws Exception {
        Click click = Given.click();
        assertOneWinner(i -> Given.credit(click, 1, "t" + i));
    }

    @Test
    void oneOfManyRacingForATransactionWins() throws Exception {
        Click click = Given.click();
        assertOneWinner(i -> Given.credit(click, i + 1, "t"));
    }

    @Test
    void oneOfManyRacingForAMembersSoleCreditWins() throws Exception {
        assertOneWinner(i -> Given.soleCredit(Given.click("offer", "member", Given.NOON)));
    }

    private void assertOneWinner(IntFunction<Settlement> settlement) throws Exception {
        List<AppendResult> results = Race.run(16, i -> append(settlement.apply(i)));
        assertThat(results).filteredOn(Appended.class::isInstance).hasSize(1);
        assertThat(results).filteredOn(Stale.class::isInstance).hasSize(15);
        assertThat(conversions()).hasSize(1);
        assertThat(history()).hasSize(1);
    }

    @Test
    void oneOfManyRacingWithTheSameAttemptWritesIt() throws Exception {
        Settlement settlement = Given.credit(Given.click(), 1, "t");
        List<AppendResult> results = Race.run(16, i -> append(settlement));
        assertThat(results).filteredOn(Appended.class::isInstance).hasSize(1);
        assertThat(results)
                .filteredOn(Known.class::isInstance)
                .hasSize(15)
                .containsOnly(new Known(settlement.entry(), Optional.of(conversionOf(settlement))));
    }

    /** As after lost answers: an attempt may be in a list that is still being written, and in others. */
    @Test
    void oneOfManyRacingListsWithTheSameAttemptsWritesEach() throws Exception {
        List<Settlement> attempts = new ArrayList<>();
        for (int i = 0; i < 12; i++) {
            attempts.add(
                    i % 3 == 0 ? Given.unattributed("nonsense " + i, Given.NOON) : Given.credit(Given.click(), 1, "t"));
        }
        List<List<AppendResult>> results =
                Race.run(16, i -> store.conversions().append(attempts.subList(i % 4, attempts.size() - i % 3)));
        assertThat(results.stream().flatMap(List::stream))
                .allMatch(result -> result instanceof Appended || result instanceof Known)
                .filteredOn(Appended.class::isInstance)
                .hasSize(attempts.size());
        assertThat(conversions()).hasSize(8);
        assertThat(history())
                .containsExactlyInAnyOrderElementsOf(
                        attempts.stream().map(Settlement::entry).toList());
    }

    @Test
    void aKnownAttemptInAListKeepsItsEntryAndStopsNoOther() {
        Settlement known = Given.unattributed("nonsense", Given.NOON);
        append(known);
        Settlement credit = Given.credit(Given.click(), 1);
        Click free = Given.click();
        List<Settlement> list = List.of(
                Given.credit(free, 1, some -> some.attemptId(known.entry().attemptId())),
                credit,
                Given.unattributed("other", Given.NOON));
        assertThat(store.conversions().append(list))
                .extracting(result -> result.getClass().getSimpleName())
                .containsExactly("Known", "Appended", "Appended");
        assertThat(conversions()).containsExactly(conversionOf(credit));
        assertThat(history()).hasSize(3);
    }

    @Test
    void racingListsOverTheSamePlacesAllFinishWithOneWinnerEach() throws Exception {
        List<Click> clicks = IntStream.range(0, 20)
                .mapToObj(i -> Given.click("offer", "member-" + i, Given.NOON))
                .toList();
        List<List<AppendResult>> results = Race.run(16, i -> {
            List<Settlement> list = new ArrayList<>();
            clicks.forEach(click -> list.add(i % 2 == 0 ? Given.soleCredit(click) : Given.credit(click, 1, "t")));
            Collections.shuffle(list);
            return store.conversions().append(list);
        });
        assertThat(results.stream().flatMap(List::stream))
                .filteredOn(Appended.class::isInstance)
                .hasSize(20);
        assertThat(conversions()).hasSize(20).extracting(Conversion::clickId).doesNotHaveDuplicates();
        assertThat(history()).hasSize(20);
    }

    @Test
    void noReaderSeesAConversionWithoutItsEntry() throws Exception {
        int lists = 120;
        AtomicBoolean written = new AtomicBoolean();
        Race.run(3, thread -> {
            for (int i = 1; thread == 0 && i <= lists; i++) {
                Instant at = Given.NOON.plusSeconds(i);
                store.conversions()
                        .append(Stream.generate(() -> Given.credit(Given.click(), 1, won -> won.convertedAt(at)))
                                .limit(8)
                                .toList());
            }
            written.compareAndSet(false, thread == 0);
            while (!written.get()) {
                List<Conversion> newest = reports().conversions(ReportFilter.all(), null, 1);
                List<HistoryEntry> history = reports().history(ReportFilter.all(), null, 40);
                newest.forEach(conversion ->
                        assertThat(hasEntryOf(conversion, history)).isTrue());
            }
            return thread;
        });
        assertThat(conversions()).hasSize(8 * lists);
    }

    /** Tells whether a page of history has a conversion's entry, or lies behind it by now. */
    private static boolean hasEntryOf(Conversion conversion, List<HistoryEntry> page) {
        return page.stream().anyMatch(entry -> entry.attemptId().equals(conversion.attemptId()))
                || page.stream().allMatch(entry -> entry.receivedAt().isAfter(conversion.convertedAt()));
    }

    private ReportRepository reports() {
        return store.reports().orElseThrow();
    }

    @Test
    void comparesIdsExactly() {
        Locale before = Locale.getDefault();
        Locale.setDefault(Locale.forLanguageTag("tr-TR"));
        try {
            Click click = Given.click();
            List<Settlement> settlements = IntStream.range(0, ExactIds.ALL.size())
                    .mapToObj(i -> Given.credit(
                            click,
                            i + 1,
                            conversion ->
                                    conversion.eventId(ExactIds.ALL.get(i)).transactionId(ExactIds.ALL.get(i))))
                    .toList();
            assertThat(store.conversions().append(settlements)).allMatch(Appended.class::isInstance);
            for (String id : ExactIds.ALL) {
                assertThat(store.reports()
                                .orElseThrow()
                                .conversions(ReportFilter.builder().eventId(id).build(), null, 100))
                        .singleElement()
                        .satisfies(conversion ->
                                assertThat(conversion.transactionId()).contains(id));
            }
        } finally {
            Locale.setDefault(before);
        }
    }

    private void assertStale(Settlement settlement) {
        List<Conversion> conversions = conversions();
        List<HistoryEntry> history = history();
        assertThat(append(settlement)).isInstanceOf(Stale.class);
        assertThat(conversions()).isEqualTo(conversions);
        assertThat(history()).isEqualTo(history);
    }

    private static Settlement sameAttempt(Settlement stored, Settlement next) {
        Credit credit = next.credit().orElseThrow();
        Conversion conversion = Conversion.builder(credit.conversion().conversionId())
                .attemptId(stored.entry().attemptId())
                .credits(
                        credit.conversion().clickId(),
                        credit.conversion().offerId(),
                        credit.conversion().memberId())
                .transactionId(credit.conversion().transactionId().orElse(null))
                .convertedAt(credit.conversion().convertedAt())
                .build();
        HistoryEntry entry = HistoryEntry.builder(stored.entry().attemptId())
                .receivedAt(next.entry().receivedAt())
                .outcome(Kind.ATTRIBUTED, null)
                .conversionId(conversion.conversionId())
                .build();
        return new Settlement(entry, Optional.of(new Credit(conversion, credit.slot(), credit.exclusiveScope())));
    }

    private AppendResult append(Settlement settlement) {
        return store.conversions().append(List.of(settlement)).get(0);
    }

    private List<Conversion> conversions() {
        return store.reports().orElseThrow().conversions(ReportFilter.all(), null, 1000);
    }

    private List<HistoryEntry> history() {
        return store.reports().orElseThrow().history(ReportFilter.all(), null, 1000);
    }
}
