package dev.attribution.testkit.contract;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import dev.attribution.click.Click;
import dev.attribution.conversion.Conversion;
import dev.attribution.conversion.ConversionStatus;
import dev.attribution.history.HistoryEntry;
import dev.attribution.history.HistoryEntry.Origin;
import dev.attribution.postback.PostbackOutcome.Kind;
import dev.attribution.postback.Reason;
import dev.attribution.report.CallerCounts;
import dev.attribution.report.Day;
import dev.attribution.report.Payouts;
import dev.attribution.report.SummaryRow;
import dev.attribution.spi.Settlement;
import java.math.BigDecimal;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.Currency;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** The counts of a summary. */
abstract class SummaryContract extends ContractTest {
    private static final LocalDate DATE = LocalDate.of(2026, 3, 29);
    private static final ZoneId BERLIN = ZoneId.of("Europe/Berlin"); // where this day has 23 hours
    private static final Day DAY = Day.of(DATE, BERLIN);
    private static final Day NEXT = Day.of(DATE.plusDays(1), BERLIN);
    private static final Instant AT = DAY.from().plusSeconds(3_600);

    SummaryContract(AttributionStoreContract contract) {
        super(contract);
    }

    @BeforeEach
    void needReports() {
        needs(Capability.REPORTS);
    }

    private List<SummaryRow> summarize(Day... days) {
        return store().reports().orElseThrow().summarize(List.of(days));
    }

    /** What a row counts by the time of receipt. */
    private record Counts(
            LocalDate day,
            Optional<String> offerId,
            long clicks,
            long conversions,
            long held,
            long adjusted,
            long duplicates,
            long rejected,
            long unattributed) {
        static Counts of(SummaryRow row) {
            return new Counts(
                    row.day(),
                    row.offerId(),
                    row.clicks(),
                    row.conversions(),
                    row.held(),
                    row.adjusted(),
                    row.duplicates(),
                    row.rejected(),
                    row.unattributed());
        }
    }

    private List<Counts> counts(Day... days) {
        return summarize(days).stream().map(Counts::of).toList();
    }

    private static Counts counts(
            LocalDate day,
            Optional<String> offerId,
            long clicks,
            long conversions,
            long duplicates,
            long rejected,
            long unattributed) {
        return new Counts(day, offerId, clicks, conversions, 0, 0, duplicates, rejected, unattributed);
    }

    private Click click(String offerId, Instant at) {
        Click click = Samples.click(offerId, Samples.MEMBER, at);
        store().clicks().insert(List.of(click));
        return click;
    }

    /**
     * summary 1: The method returns one row for each day and offer with a click or an entry, and no other row.
     */
    @Test
    @DisplayName(
            "summary 1: The method returns one row for each day and offer with a click or an entry, and no other row.")
    void hasARowForEachDayAndOfferWithSomethingToCount() {
        click("a", AT);
        append(Samples.rejected(Samples.click("b", Samples.MEMBER, AT), AT));
        append(Samples.credit(click("a", NEXT.from().minusSeconds(1)))
                .at(NEXT.from().plusSeconds(1))
                .build());
        click("c", NEXT.until());

        assertThat(summarize(DAY, NEXT))
                .extracting(row -> row.day() + " " + row.offerId().orElse("-"))
                .containsExactlyInAnyOrder(DATE + " a", DATE + " b", DATE.plusDays(1) + " a");
        assertThat(summarize()).isEmpty();
    }

    /**
     * summary 2: A row counts the clicks and the entries of its day and offer.
     */
    @Test
    @DisplayName("summary 2: A row counts the clicks and the entries of its day and offer.")
    void countsWhatADayAndAnOfferHad() {
        for (String offerId : List.of("a", "A")) {
            Click click = click(offerId, AT);
            click(offerId, AT);
            Settlement credit = Samples.credit(click).at(AT.plusSeconds(1)).build();
            append(credit);
            append(Samples.credit(click).slot(2).at(AT.plusSeconds(1)).build());
            append(Samples.rejected(click, AT));
        }
        Click click = click("a", AT);
        append(Samples.entryOnly(Samples.entry(click, AT)
                .outcome(Kind.DUPLICATE, Reason.ALREADY_CREDITED)
                .conversionId(UUID.randomUUID())
                .build()));

        assertThat(counts(DAY))
                .containsExactlyInAnyOrder(
                        counts(DATE, Optional.of("a"), 3, 2, 1, 1, 0), counts(DATE, Optional.of("A"), 2, 2, 0, 1, 0));
        countsHeldAndAdjusted();
        countsMany();
        countsByExactOffers();
    }

    private void countsHeldAndAdjusted() {
        Click click = click("held", AT);
        List<Settlement> pending = IntStream.rangeClosed(1, 3)
                .mapToObj(slot ->
                        Samples.credit(click).slot(slot).at(AT).pending().build())
                .toList();
        pending.forEach(this::append);
        for (Settlement one : pending.subList(0, 2)) {
            append(adjusted(conversion(one), Origin.RECEIVED));
        }

        assertThat(counts(DAY))
                .as("three held conversions, of which two are adjusted")
                .contains(new Counts(DATE, Optional.of("held"), 1, 0, 3, 2, 0, 0, 0));
    }

    private void countsByExactOffers() {
        Day day = Day.of(DATE.minusDays(9), BERLIN);
        for (int times = 1; times <= 2; times++) {
            for (String offerId : ExactIds.ALL) {
                append(Samples.rejected(click(offerId, day.from()), day.from()));
            }
            int counted = times;
            assertThat(counts(day))
                    .containsExactlyInAnyOrderElementsOf(ExactIds.ALL.stream()
                            .map(offerId -> counts(day.date(), Optional.of(offerId), counted, 0, 0, counted, 0))
                            .toList());
        }
    }

    private void countsMany() {
        List<Day> days = new ArrayList<>();
        List<Click> clicks = new ArrayList<>();
        List<Settlement> settlements = new ArrayList<>();
        for (int i = 0; i < 400; i++) {
            Day day = Day.of(DATE.plusDays(10 + i), BERLIN);
            days.add(day);
            clicks.add(Samples.click("many", Samples.MEMBER, day.from()));
            settlements.add(Samples.rejected(clicks.get(i), day.from()));
        }
        Day full = days.get(3);
        for (int i = 0; i < 600; i++) {
            clicks.add(Samples.click("many", Samples.MEMBER, full.from()));
            settlements.add(Samples.rejected(clicks.get(i), full.from()));
        }
        for (int i = 0; i < 300; i++) {
            clicks.add(Samples.click("offer-" + i, Samples.MEMBER, full.from()));
        }
        store().clicks().insert(clicks.subList(0, 1_000));
        store().clicks().insert(clicks.subList(1_000, clicks.size()));
        append(settlements.toArray(Settlement[]::new));

        List<SummaryRow> rows = summarize(days.toArray(Day[]::new));

        assertThat(rows).as("a row for each day and offer").hasSize(700);
        assertThat(rows)
                .extracting(Counts::of)
                .as("what a full day had")
                .contains(counts(full.date(), Optional.of("many"), 601, 0, 0, 601, 0));
    }

    /**
     * summary 3: A row without an offer counts the unattributed entries.
     */
    @Test
    @DisplayName("summary 3: A row without an offer counts the unattributed entries.")
    void countsTheUnattributedWithoutAnOffer() {
        append(Samples.unattributed("x", AT));
        append(Samples.unattributed("y", AT));
        append(Samples.rejected(Samples.click("a", Samples.MEMBER, AT), AT));

        assertThat(counts(DAY))
                .containsExactlyInAnyOrder(
                        counts(DATE, Optional.empty(), 0, 0, 0, 0, 2), counts(DATE, Optional.of("a"), 0, 0, 0, 1, 0));
    }

    /**
     * summary 4: A day includes its first instant and excludes the first instant of the next day.
     */
    @Test
    @DisplayName("summary 4: A day includes its first instant and excludes the first instant of the next day.")
    void includesTheFirstInstantOfADayAndNotOfTheNext() {
        for (Instant at : List.of(
                DAY.from().minusNanos(1_000),
                DAY.from(),
                DAY.until().minusNanos(1_000),
                DAY.until(),
                NEXT.until().minusNanos(1_000),
                NEXT.until())) {
            append(Samples.rejected(click("a", at), at));
        }

        assertThat(counts(DAY, NEXT))
                .containsExactlyInAnyOrder(
                        counts(DATE, Optional.of("a"), 2, 0, 0, 2, 0),
                        counts(DATE.plusDays(1), Optional.of("a"), 2, 0, 0, 2, 0));
    }

    /**
     * summary 5: A row counts the conversions of its day and offer by the status that they have now, and those without a
     * payout, and no reservation.
     */
    @Test
    @DisplayName(
            "summary 5: A row counts the conversions of its day and offer by the status that they have now, and those without a payout, and no reservation.")
    void countsConversionsByTheirStatusNow() {
        Click click = click("a", AT);
        Settlement approved = Samples.credit(click).slot(1).at(AT).build();
        Settlement reversed = Samples.credit(click).slot(2).at(AT).payout("0").build();
        Settlement pending = Samples.credit(click).slot(3).at(AT).pending().build();
        Settlement nextDay = Samples.credit(click).slot(4).at(DAY.until()).build();
        append(approved, reversed, pending, nextDay, Samples.reservation(click, AT, "reserved"));
        append(Samples.credit(click("b", AT)).at(AT).build());
        append(Samples.rejected(click("c", AT), AT));
        append(Samples.change(conversion(reversed)));

        assertThat(summarize(DAY, NEXT))
                .extracting(
                        SummaryRow::day,
                        row -> row.offerId().orElse("-"),
                        SummaryRow::statuses,
                        SummaryRow::withoutPayout)
                .containsExactlyInAnyOrder(
                        tuple(
                                DATE,
                                "a",
                                Map.of(
                                        ConversionStatus.APPROVED, 1L,
                                        ConversionStatus.PENDING, 1L,
                                        ConversionStatus.REVERSED, 1L),
                                2L),
                        tuple(DATE, "b", Map.of(ConversionStatus.APPROVED, 1L), 1L),
                        tuple(DATE, "c", Map.of(), 0L),
                        tuple(NEXT.date(), "a", Map.of(ConversionStatus.APPROVED, 1L), 1L));
    }

    /**
     * summary 6: A row sums the payouts of these conversions by currency and status, exactly, with the digits after the
     * point of the payout that has the most.
     */
    @Test
    @DisplayName(
            "summary 6: A row sums the payouts of these conversions by currency and status, exactly, with the digits after the point of the payout that has the most.")
    void sumsPayoutsExactly() {
        Click click = click("a", AT);
        append(
                paid(click, 1, "0.1", "EUR").build(),
                paid(click, 2, "0.20", "EUR").build(),
                paid(click, 3, "10000000000000000000", "EUR").build(),
                paid(click, 4, "99999999999999999999", "JPY").build(),
                paid(click, 5, "99999999999999999999", "JPY").build(),
                paid(click, 6, "0.000000000000000001", "USD").build(),
                paid(click, 7, "5", "USD").pending().build(),
                paid(click, 8, "-5", "USD").build(),
                paid(click, 9, "7.5", null).build(),
                paid(click, 12, "1E+3", "GBP").build(),
                Samples.credit(click).slot(10).at(AT).currency("CHF").build());
        Settlement reversed = paid(click, 11, "1.00", null).build();
        append(reversed, paid(click("b", AT), 1, "3", "EUR").build());
        append(Samples.change(conversion(reversed)));

        assertThat(summarize(DAY))
                .extracting(row -> row.offerId().orElse("-"), SummaryRow::payouts)
                .containsExactlyInAnyOrder(
                        tuple(
                                "a",
                                List.of(
                                        payouts(null, "7.5", "0", "1.00"),
                                        payouts("EUR", "10000000000000000000.30", "0", "0"),
                                        payouts("GBP", "1000", "0", "0"),
                                        payouts("JPY", "199999999999999999998", "0", "0"),
                                        payouts("USD", "-4.999999999999999999", "5", "0"))),
                        tuple("b", List.of(payouts("EUR", "3", "0", "0"))));
    }

    private static SampleCredit paid(Click click, long slot, String payout, @Nullable String currency) {
        return Samples.credit(click).slot(slot).at(AT).payout(payout).currency(currency);
    }

    private static Payouts payouts(@Nullable String currency, String approved, String pending, String reversed) {
        return new Payouts(
                Optional.ofNullable(currency).map(Currency::getInstance),
                new BigDecimal(approved),
                new BigDecimal(pending),
                new BigDecimal(reversed));
    }

    /**
     * summary 7: A row counts by caller the entries of its day and offer that were received, and none that an operator
     * replayed, imported or made.
     */
    @Test
    @DisplayName(
            "summary 7: A row counts by caller the entries of its day and offer that were received, and none that an operator replayed, imported or made.")
    void countsWhatWasReceivedByCaller() {
        Click click = click("a", AT);
        List<String> callers = List.of("standard", "offerwall", "Offerwall", "offerwall");
        callers.forEach(caller -> append(Samples.entryOnly(Samples.entry(click, AT)
                .outcome(Kind.REJECTED, Reason.TOO_EARLY)
                .caller(caller)
                .build())));
        Settlement credit = Samples.credit(click).at(AT).build();
        append(credit);
        append(adjusted(conversion(credit), Origin.OPERATOR));
        append(
                Samples.entryOnly(Samples.entry(click, AT)
                        .outcome(Kind.REJECTED, Reason.TOO_EARLY)
                        .caller("offerwall")
                        .origin(Origin.REPLAYED, Samples.attemptId())
                        .build()),
                Samples.entryOnly(Samples.entry(click, AT)
                        .outcome(Kind.DUPLICATE, Reason.ALREADY_CREDITED)
                        .conversionId(conversion(credit).conversionId())
                        .caller("imports")
                        .origin(Origin.IMPORTED, null)
                        .build()));
        append(Samples.unattributed("x", AT), Samples.rejected(click, DAY.until()));

        assertThat(summarize(DAY))
                .extracting(row -> row.offerId().orElse("-"), SummaryRow::callers)
                .containsExactlyInAnyOrder(
                        tuple(
                                "a",
                                Map.of(
                                        "standard", new CallerCounts(1, 1, 0),
                                        "offerwall", new CallerCounts(0, 2, 0),
                                        "Offerwall", new CallerCounts(0, 1, 0))),
                        tuple("-", Map.of("standard", new CallerCounts(0, 1, 0))));
    }

    /**
     * summary 8: Of these it counts apart what was accepted, what failed and what is not authentic, and no test call.
     */
    @Test
    @DisplayName(
            "summary 8: Of these it counts apart what was accepted, what failed and what is not authentic, and no test call.")
    void countsWhatFailedAndWhatIsNotAuthenticApart() {
        Click click = click("a", AT);
        Settlement credit = Samples.credit(click).at(AT).build();
        append(credit, Samples.credit(click).slot(2).pending().at(AT).build());
        append(adjusted(conversion(credit), Origin.RECEIVED));
        UUID conversionId = conversion(credit).conversionId();
        List.of(
                        Samples.entry(click, AT)
                                .outcome(Kind.DUPLICATE, Reason.ALREADY_CREDITED)
                                .conversionId(conversionId),
                        Samples.entry(click, AT).outcome(Kind.REJECTED, Reason.UNKNOWN_STATUS),
                        Samples.entry(click, AT).outcome(Kind.REJECTED, Reason.TEST_CALL),
                        unattributed(Reason.NOT_AUTHENTIC),
                        unattributed(Reason.NOT_AUTHENTIC),
                        unattributed(Reason.TEST_CALL),
                        unattributed(Reason.MISSING_CLICK_ID),
                        unattributed(Reason.TEST_CALL).caller("tests"))
                .forEach(entry -> append(Samples.entryOnly(entry.build())));

        assertThat(summarize(DAY))
                .extracting(row -> row.offerId().orElse("-"), SummaryRow::callers)
                .containsExactlyInAnyOrder(
                        tuple("a", Map.of("standard", new CallerCounts(4, 1, 0))),
                        tuple("-", Map.of("standard", new CallerCounts(0, 1, 2))));
    }

    private static Settlement adjusted(Conversion before, Origin origin) {
        Settlement change = Samples.change(before);
        return new Settlement(
                HistoryEntry.builder(Samples.attemptId())
                        .receivedAt(AT)
                        .outcome(Kind.ADJUSTED, null)
                        .clickId(null, before.clickId())
                        .click(before.offerId(), before.memberId())
                        .conversionId(before.conversionId())
                        .change(change.entry().change().orElseThrow())
                        .origin(origin, null)
                        .build(),
                change.effect());
    }

    private static HistoryEntry.Builder unattributed(Reason reason) {
        return HistoryEntry.builder(Samples.attemptId()).receivedAt(AT).outcome(Kind.UNATTRIBUTED, reason);
    }
}
