package dev.attribution.testkit.contract;

import static org.assertj.core.api.Assertions.assertThat;

import dev.attribution.click.Click;
import dev.attribution.history.HistoryEntry;
import dev.attribution.postback.PostbackOutcome.Kind;
import dev.attribution.postback.Reason;
import dev.attribution.report.Day;
import dev.attribution.report.SummaryRow;
import dev.attribution.spi.Settlement;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.stream.IntStream;
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

        assertThat(summarize(DAY))
                .containsExactlyInAnyOrder(
                        new SummaryRow(DATE, Optional.of("a"), 3, 2, 1, 1, 0),
                        new SummaryRow(DATE, Optional.of("A"), 2, 2, 0, 1, 0));
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
            Settlement change = Samples.change(conversion(one));
            append(new Settlement(
                    HistoryEntry.builder(Samples.attemptId())
                            .receivedAt(AT)
                            .outcome(Kind.ADJUSTED, null)
                            .clickId(click.clickId().value(), click.clickId())
                            .click(click.offerId(), click.memberId())
                            .conversionId(conversion(one).conversionId())
                            .change(change.entry().change().orElseThrow())
                            .build(),
                    change.effect()));
        }

        assertThat(summarize(DAY))
                .as("three held conversions, of which two are adjusted")
                .contains(new SummaryRow(DATE, Optional.of("held"), 1, 0, 3, 2, 0, 0, 0));
    }

    private void countsByExactOffers() {
        Day day = Day.of(DATE.minusDays(9), BERLIN);
        for (int times = 1; times <= 2; times++) {
            for (String offerId : ExactIds.ALL) {
                append(Samples.rejected(click(offerId, day.from()), day.from()));
            }
            int counted = times;
            assertThat(summarize(day))
                    .containsExactlyInAnyOrderElementsOf(ExactIds.ALL.stream()
                            .map(offerId -> new SummaryRow(day.date(), Optional.of(offerId), counted, 0, 0, counted, 0))
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
                .as("what a full day had")
                .contains(new SummaryRow(full.date(), Optional.of("many"), 601, 0, 0, 601, 0));
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

        assertThat(summarize(DAY))
                .containsExactlyInAnyOrder(
                        new SummaryRow(DATE, Optional.empty(), 0, 0, 0, 0, 2),
                        new SummaryRow(DATE, Optional.of("a"), 0, 0, 0, 1, 0));
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

        assertThat(summarize(DAY, NEXT))
                .containsExactlyInAnyOrder(
                        new SummaryRow(DATE, Optional.of("a"), 2, 0, 0, 2, 0),
                        new SummaryRow(DATE.plusDays(1), Optional.of("a"), 2, 0, 0, 2, 0));
    }
}
