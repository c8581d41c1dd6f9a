package dev.attribution.reconcile;

import static dev.attribution.reconcile.TwoSides.NOON;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import dev.attribution.click.ClickId;
import dev.attribution.conversion.DuplicatePolicy;
import dev.attribution.postback.Reason;
import dev.attribution.reconcile.TrackerRow.Standing;
import java.math.BigDecimal;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** One test for each cause that a row can end in. */
class CausesTest {
    private final TwoSides sides = new TwoSides();

    private Cause cause() {
        sides.run();
        return sides.only().cause();
    }

    @Test
    void matchesARowWithTheConversionOfItsClick() {
        ClickId click = sides.click();
        sides.ours(click);
        sides.theirs(click);

        assertThat(cause()).isEqualTo(Cause.MATCHED);
        assertThat(sides.only().ours()).isPresent();
        assertThat(sides.only().theirs()).isPresent();
    }

    @Test
    void readsClickIdsInUpperCaseAndWithBlanksAroundThem() {
        ClickId click = sides.click();
        sides.ours(click);
        sides.theirs(" " + click.value().toUpperCase(Locale.ROOT) + "\t", NOON, row -> row);

        assertThat(cause()).isEqualTo(Cause.MATCHED);
    }

    @Test
    void seesAnotherEvent() {
        ClickId click = sides.click();
        sides.ours(click);
        sides.theirs(click, row -> row.transactionId(null).eventId("Buy"));

        assertThat(cause()).isEqualTo(Cause.EVENT_DIFFERS);
        assertThat(sides.only().evidence()).contains("'Buy'", "'buy'");
    }

    @Test
    void seesAnotherAmountBeyondTheTolerance() {
        ClickId click = sides.click();
        sides.ours(click, NOON, "event_id=buy&payout=1.50&currency=EUR");
        sides.theirs(click, row -> row.amount(new BigDecimal("1.52"), "EUR"));

        assertThat(cause()).isEqualTo(Cause.AMOUNT_DIFFERS);
        assertThat(sides.only().evidence()).contains("1.52 EUR against ours 1.50 EUR");
        sides.run(sides.reconciler().amountTolerance(new BigDecimal("0.02")));
        assertThat(sides.only().cause()).isEqualTo(Cause.MATCHED);
        sides.run(sides.reconciler().amountTolerance(new BigDecimal("0.019")));
        assertThat(sides.only().cause()).isEqualTo(Cause.AMOUNT_DIFFERS);
    }

    @Test
    void comparesAmountsAsNumbers() {
        ClickId click = sides.click();
        sides.ours(click, NOON, "event_id=buy&payout=1.5&currency=EUR");
        sides.theirs(click, row -> row.amount(new BigDecimal("1.500"), "eur"));

        assertThat(cause()).isEqualTo(Cause.MATCHED);
    }

    @Test
    void seesAnotherCurrency() {
        ClickId click = sides.click();
        sides.ours(click, NOON, "event_id=buy&payout=1.50&currency=EUR");
        sides.theirs(click, row -> row.amount(new BigDecimal("1.50"), "USD"));

        assertThat(cause()).isEqualTo(Cause.CURRENCY_DIFFERS);
    }

    @Test
    void takesACurrencyWithoutAnAmountForNothing() {
        ClickId click = sides.click();
        sides.ours(click, NOON, "event_id=buy&payout=1.50&currency=EUR");
        sides.theirs(click, row -> row.amount(null, "USD"));

        assertThat(cause()).isEqualTo(Cause.MATCHED);
    }

    @Test
    void seesAnotherTimeBeyondTheTolerance() {
        ClickId click = sides.click();
        sides.ours(click);
        sides.theirs(click.value(), NOON.minus(Duration.ofMinutes(10)), row -> row);
        ClickId late = sides.click();
        sides.ours(late);
        sides.theirs(late.value(), NOON.minus(Duration.ofMinutes(10)).minusNanos(1_000), row -> row);

        sides.run();

        assertThat(sides.causes()).containsExactlyInAnyOrder(Cause.MATCHED, Cause.TIME_DIFFERS);
        sides.run(sides.reconciler().timeTolerance(Duration.ofHours(1)));
        assertThat(sides.causes()).containsExactly(Cause.MATCHED, Cause.MATCHED);
    }

    @Test
    void seesAnotherTransactionWhereAllElseAgrees() {
        ClickId click = sides.click();
        sides.ours(click, NOON, "event_id=buy&transaction_id=ours");
        sides.theirs(click, row -> row.transactionId("theirs").eventId("buy"));

        assertThat(cause()).isEqualTo(Cause.TRANSACTION_DIFFERS);
    }

    @Test
    void neverPairsDifferentTransactionsThatDifferOtherwise() {
        ClickId click = sides.click();
        sides.ours(click, NOON, "event_id=buy&transaction_id=1");
        sides.theirs(
                click.value(),
                NOON.minus(Duration.ofHours(3)),
                row -> row.transactionId("2").eventId("buy"));

        sides.run();

        assertThat(sides.causes()).containsExactlyInAnyOrder(Cause.POSSIBLY_CREDITED, Cause.NOT_REPORTED);
    }

    @Test
    void namesARowThatCannotBeRead() {
        sides.rows.add(TrackerRow.unreadable(TwoSides.FILE, 17, "no time"));

        assertThat(cause()).isEqualTo(Cause.UNREADABLE_ROW);
        assertThat(sides.only().theirs())
                .hasValueSatisfying(row -> assertThat(row.line()).isEqualTo(17));
        assertThat(sides.only().evidence()).isEqualTo("no time");
        assertThat(sides.only().day()).isEmpty();
    }

    @Test
    void namesARowWithoutAClickId() {
        sides.theirs("  ", NOON, row -> row);

        assertThat(cause()).isEqualTo(Cause.MISSING_CLICK_ID);
    }

    @Test
    void namesAMacroThatNobodyExpanded() {
        for (String macro : Set.of("{gk_click_id}", "{aff_sub}", "(clickid)", "%7Bgk_click_id%7D", "gk_click_id")) {
            sides.rows.clear();
            sides.theirs(macro, NOON, row -> row);

            assertThat(cause()).as(macro).isEqualTo(Cause.UNEXPANDED_MACRO);
        }
    }

    @Test
    void namesAnIdThatIsMalformed() {
        for (String id : Set.of("efb2a7d2-c01a-4e3f-b8a1", "1-1-1-1-1", "{efb2a7d2-c01a-4e3f-b8a1-81b4568e9f32}")) {
            sides.rows.clear();
            sides.theirs(id, NOON, row -> row);

            assertThat(cause()).as(id).isEqualTo(Cause.MALFORMED_CLICK_ID);
        }
    }

    @Test
    void namesAnIdThatIsUnknownToUs() {
        sides.theirs("efb2a7d2-c01a-4e3f-b8a1-81b4568e9f32", NOON, row -> row);

        assertThat(cause()).isEqualTo(Cause.UNKNOWN_CLICK_ID);
    }

    @Test
    void namesAClickForWhichNoPostbackEverCame() {
        sides.theirs(sides.click());

        assertThat(cause()).isEqualTo(Cause.NO_POSTBACK);
    }

    @Test
    void namesOurReasonWhereThePostbackWasRefused() {
        ClickId click = sides.click();
        sides.ours(click, NOON, "event_id=open_app");
        sides.theirs(click, row -> row.transactionId(null).eventId("open_app"));

        assertThat(cause()).isEqualTo(Cause.POSTBACK_REFUSED);
        assertThat(sides.only().history())
                .hasValueSatisfying(entry -> assertThat(entry.reason()).contains(Reason.EVENT_NOT_ACCEPTED));
        assertThat(sides.only().evidence()).contains("EVENT_NOT_ACCEPTED", "accepted events");
    }

    @Test
    void givesEachRowARefusalOfItsOwn() {
        ClickId click = sides.click();
        sides.ours(click, NOON, "event_id=open_app");
        sides.theirs(
                click.value(),
                NOON.minusSeconds(1),
                row -> row.transactionId(null).eventId("open_app"));
        sides.theirs(
                click.value(),
                NOON.plusSeconds(60),
                row -> row.transactionId(null).eventId("open_app"));

        sides.run();

        assertThat(sides.causes()).containsExactly(Cause.POSTBACK_REFUSED, Cause.NO_POSTBACK);
    }

    @Test
    void prefersARefusalToAPairWithAnotherEvent() {
        ClickId click = sides.click();
        sides.ours(click, NOON, "event_id=install");
        sides.ours(click, NOON, "event_id=open_app");
        sides.theirs(click, row -> row.transactionId(null).eventId("open_app"));

        sides.run();

        assertThat(sides.causes()).containsExactlyInAnyOrder(Cause.POSTBACK_REFUSED, Cause.NOT_REPORTED);
    }

    @Test
    void namesASecondConversionThatThePolicyRefused() {
        TwoSides one = new TwoSides(DuplicatePolicy.onePerClickAndMember());
        ClickId click = one.click();
        one.ours(click, NOON, "event_id=install");
        one.ours(click, NOON.plusSeconds(100), "event_id=buy");
        one.theirs(click.value(), NOON, row -> row.transactionId(null).eventId("install"));
        one.theirs(click.value(), NOON.plusSeconds(99), row -> row);

        one.run();

        assertThat(one.causes()).containsExactlyInAnyOrder(Cause.MATCHED, Cause.POSTBACK_REFUSED);
    }

    @Test
    void namesAPostbackThatWasAnsweredWithAnError() {
        sides.theirs(sides.click(), row -> row.answer(503, "Service Unavailable"));

        assertThat(cause()).isEqualTo(Cause.ANSWERED_WITH_ERROR);
        assertThat(sides.only().evidence()).contains("503", "Service Unavailable");
    }

    @Test
    void prefersOurReasonToTheAnswerThatTheyReport() {
        ClickId click = sides.click();
        sides.ours(click, NOON, "event_id=open_app");
        sides.theirs(click, row -> row.transactionId(null).eventId("open_app").answer(422, null));

        assertThat(cause()).isEqualTo(Cause.POSTBACK_REFUSED);
    }

    @Test
    void takesThePairForMatchedThoughAnEarlierAttemptFailed() {
        ClickId click = sides.click();
        sides.ours(click);
        TrackerRow failed = sides.theirs(click, row -> row.answer(500, "oops"));
        TrackerRow retried = sides.theirs(click, row -> row.answer(200, null));

        sides.run();

        assertThat(sides.findings)
                .extracting(
                        Finding::cause,
                        finding -> finding.theirs().orElseThrow().line())
                .containsExactlyInAnyOrder(
                        tuple(Cause.MATCHED, retried.line()), tuple(Cause.DUPLICATE_ROW, failed.line()));
    }

    @Test
    void namesARowThatStandsInTheirFileTwice() {
        ClickId click = sides.click();
        sides.ours(click);
        TrackerRow original = sides.theirs(click);
        sides.theirs(click);
        sides.theirs(click);

        sides.run();

        assertThat(sides.causes()).containsExactlyInAnyOrder(Cause.MATCHED, Cause.DUPLICATE_ROW, Cause.DUPLICATE_ROW);
        assertThat(sides.findings)
                .filteredOn(finding -> finding.cause() == Cause.MATCHED)
                .allMatch(finding -> finding.theirs().orElseThrow().line() == original.line());
    }

    @Test
    void namesATransactionThatStandsInTheirFileTwiceThoughTheTimesDiffer() {
        ClickId click = sides.click();
        sides.theirs(click.value(), NOON, row -> row.transactionId("T").eventId("buy"));
        sides.theirs(
                click.value(),
                NOON.plusSeconds(90),
                row -> row.transactionId("T").eventId("buy"));

        sides.run();

        assertThat(sides.causes()).containsExactlyInAnyOrder(Cause.NO_POSTBACK, Cause.DUPLICATE_ROW);
    }

    @Test
    void takesRowsWithKeysOfTheirOwnForDifferentConversions() {
        ClickId click = sides.click();
        sides.theirs(click, row -> row.transactionId("T").eventId(null).rowId("1"));
        sides.theirs(click, row -> row.transactionId("T").eventId(null).rowId("2"));
        sides.theirs(click, row -> row.transactionId("T").eventId(null).rowId("2"));

        sides.run();

        assertThat(sides.causes()).containsExactlyInAnyOrder(Cause.NO_POSTBACK, Cause.NO_POSTBACK, Cause.DUPLICATE_ROW);
    }

    @Test
    void pairsOnlyThePrimaryAttribution() {
        ClickId click = sides.click();
        sides.ours(click);
        sides.theirs(click, row -> row.standing(Standing.NOT_PRIMARY, null));
        TrackerRow primary = sides.theirs(click);

        Reconciliation outcome = sides.run();

        assertThat(sides.causes()).containsExactlyInAnyOrder(Cause.NOT_PRIMARY, Cause.MATCHED);
        assertThat(sides.findings.get(1).theirs())
                .hasValueSatisfying(row -> assertThat(row.line()).isEqualTo(primary.line()));
        assertThat(outcome.totals().theirs()).isEqualTo(1);
        assertThat(outcome.topCauses()).isEmpty();
    }

    @Test
    void countsAConversionOnceThatTheirReportHasTwice() {
        ClickId click = sides.click();
        sides.ours(click);
        sides.theirs(click, row -> row.rowId("1"));
        sides.theirs(click, row -> row.rowId("1"));

        Reconciliation outcome = sides.run();

        assertThat(sides.causes()).containsExactlyInAnyOrder(Cause.MATCHED, Cause.DUPLICATE_ROW);
        assertThat(outcome.totals().theirs()).isEqualTo(1);
        assertThat(outcome.totals().gapPercent().orElseThrow()).isZero();
        assertThat(outcome.topCauses()).isEmpty();
    }

    @Test
    void namesWhatTheTrackerRejectedWhetherWeCreditedItOrNot() {
        ClickId click = sides.click();
        sides.ours(click);
        sides.theirs(click, row -> row.standing(Standing.REJECTED, "rejected: daily cap"));
        sides.theirs(sides.click(), row -> row.standing(Standing.REJECTED, "rejected: daily cap"));

        Reconciliation outcome = sides.run();

        assertThat(sides.causes()).containsExactly(Cause.REJECTED_BY_TRACKER, Cause.REJECTED_BY_TRACKER);
        assertThat(sides.findings)
                .filteredOn(finding -> finding.ours().isPresent())
                .hasSize(1);
        assertThat(sides.findings).allMatch(finding -> finding.evidence().contains("daily cap"));
        assertThat(outcome.totals().theirs()).isZero();
        assertThat(outcome.totals().ours()).isEqualTo(1);
    }

    @Test
    void namesAConversionOfOursThatTheyDoNotReport() {
        sides.ours(sides.click());

        assertThat(cause()).isEqualTo(Cause.NOT_REPORTED);
        assertThat(sides.only().theirs()).isEmpty();
    }

    @Test
    void missesOnlyConversionsOfTheOffersThatTheReportCovers() {
        sides.ours(sides.click());

        sides.run(sides.reconciler().offers("another"));

        assertThat(sides.findings).isEmpty();
    }

    @Test
    void findsAConversionThatLiesFarBeyondThePeriod() {
        ClickId click = sides.click();
        sides.ours(click, NOON.plus(Duration.ofDays(5)), "event_id=buy");
        sides.theirs(click);

        assertThat(cause()).isEqualTo(Cause.TIME_DIFFERS);
        assertThat(sides.only().history()).isPresent();
    }

    @Test
    void namesANegativeAmountNextToTheCreditThatItTakesBack() {
        ClickId click = sides.click();
        sides.ours(click, NOON, "event_id=buy&transaction_id=T1&payout=1.50&currency=EUR");
        sides.theirs(click, row -> row.transactionId("T1").amount(new BigDecimal("1.50"), "EUR"));
        sides.theirs(click, row -> row.transactionId("T1-R").amount(new BigDecimal("-1.50"), "EUR"));
        sides.theirs(click, row -> row.transactionId("T1").amount(new BigDecimal("-1.50"), "EUR"));

        Reconciliation outcome = sides.run();

        assertThat(sides.causes())
                .containsExactlyInAnyOrder(Cause.MATCHED, Cause.NEGATIVE_AMOUNT, Cause.NEGATIVE_AMOUNT);
        assertThat(outcome.totals().theirs()).isEqualTo(1);
        assertThat(outcome.totals().gapPercent().orElseThrow()).isZero();
    }

    @Test
    void namesANegativeAmountWhetherItsPostbackFailedOrNeverCame() {
        sides.theirs(sides.click(), row -> row.amount(new BigDecimal("-0.01"), "EUR"));
        sides.theirs(
                sides.click(), row -> row.amount(new BigDecimal("-2"), "EUR").answer(503, "down"));

        sides.run();

        assertThat(sides.causes()).containsExactly(Cause.NEGATIVE_AMOUNT, Cause.NEGATIVE_AMOUNT);
    }

    @Test
    void neverLetsANegativeAmountHideThatAConversionMayBeCredited() {
        ClickId click = sides.click();
        sides.ours(click, NOON, "event_id=buy&transaction_id=1-2&payout=1.50&currency=EUR");
        sides.theirs(click, row -> row.transactionId(null).amount(new BigDecimal("-1.50"), "EUR"));
        sides.theirs(
                click.value(),
                NOON.minus(Duration.ofHours(2)),
                row -> row.transactionId("02-Jan").amount(new BigDecimal("1.50"), "EUR"));

        sides.run();

        assertThat(sides.causes()).doesNotContain(Cause.NO_POSTBACK);
    }

    @Test
    void neverImportsARowInDoubt() {
        ClickId click = sides.click();
        sides.theirs(
                click,
                row -> row.amount(new BigDecimal("1234"), "EUR")
                        .note("the amount '1,234' is in doubt")
                        .inDoubt(true));

        assertThat(cause()).isEqualTo(Cause.ROW_IN_DOUBT);
        assertThat(sides.only().evidence()).contains("'1,234' is in doubt");
        sides.attribution.importMissing(sides.reconciler().build()).run(step -> {});
        sides.run();
        assertThat(sides.causes()).containsExactly(Cause.ROW_IN_DOUBT);
    }

    @Test
    void pairsARowInDoubtAsAnyOther() {
        ClickId click = sides.click();
        sides.ours(click);
        sides.theirs(click, row -> row.note("a doubt").inDoubt(true));

        assertThat(cause()).isEqualTo(Cause.MATCHED);
        assertThat(sides.only().evidence()).contains("a doubt");
    }

    @Test
    void saysFirstWhatIsInDoubtAboutASource() {
        sides.theirs(sides.click());
        sides.theirs("", NOON.minusSeconds(7), row -> row);
        sides.rows.add(1, TrackerRow.ofSource(TwoSides.FILE, "its dates \u001b prove nothing"));

        Reconciliation outcome = sides.run();

        assertThat(sides.causes()).containsExactly(Cause.SOURCE_IN_DOUBT, Cause.MISSING_CLICK_ID, Cause.NO_POSTBACK);
        assertThat(sides.findings.get(0).evidence()).isEqualTo("its dates \\u001B prove nothing");
        assertThat(outcome.totals().theirs()).isEqualTo(2);
        assertThat(outcome.topCauses())
                .extracting(Reconciliation.CauseCount::cause)
                .contains(Cause.SOURCE_IN_DOUBT);
    }

    @Test
    void saysFirstThatAllRowsOfASourceAreOutsideThePeriod() {
        ClickId click = sides.click();
        sides.ours(click);
        sides.theirs(click.value(), NOON.plus(Duration.ofDays(200_000)), row -> row);
        sides.theirs(click.value(), NOON.minus(Duration.ofDays(1)), row -> row.transactionId("T"));

        Reconciliation outcome = sides.run();

        assertThat(sides.causes().get(0)).isEqualTo(Cause.SOURCE_OUTSIDE_PERIOD);
        assertThat(sides.findings.get(0).theirs().orElseThrow().source()).isEqualTo(TwoSides.FILE);
        assertThat(sides.findings.get(0).evidence()).contains("all its 2 rows", "2573-10-08T12:00:00Z");
        assertThat(outcome.outside()).isEqualTo(1);
        sides.theirs(sides.click());
        sides.run();
        assertThat(sides.causes()).doesNotContain(Cause.SOURCE_OUTSIDE_PERIOD);
    }

    @Test
    void agreesWithEitherInstantOfATimeThatTheClocksShowTwice() {
        Instant first = NOON;
        Instant second = NOON.plus(Duration.ofHours(1));
        for (Instant ours : List.of(first, second)) {
            ClickId click = sides.click();
            sides.ours(click, ours.plusSeconds(3), "event_id=buy");
            sides.theirs(click.value(), first, row -> row.otherTime(second));
        }
        ClickId twice = sides.click();
        for (String id : List.of("A", "B")) {
            sides.ours(twice, id.equals("A") ? first : second, "event_id=buy&transaction_id=" + id);
            sides.theirs(twice.value(), first, row -> row.otherTime(second).transactionId(id));
        }
        ClickId otherId = sides.click();
        sides.ours(otherId, second, "event_id=buy&transaction_id=ours");
        sides.theirs(otherId.value(), first, row -> row.otherTime(second).transactionId("theirs"));
        ClickId neither = sides.click();
        sides.ours(neither, second.plus(Duration.ofHours(1)), "event_id=buy");
        sides.theirs(neither.value(), first, row -> row.otherTime(second));

        Reconciliation outcome = sides.run();

        assertThat(outcome.totals().causes())
                .containsExactlyInAnyOrderEntriesOf(
                        Map.of(Cause.MATCHED, 4L, Cause.TRANSACTION_DIFFERS, 1L, Cause.TIME_DIFFERS, 1L));
        assertThat(outcome.shifts()).isEmpty();
    }

    @Test
    void quotesTextFromOutsideOnOneLineAndCut() {
        ClickId click = sides.click();
        sides.ours(click, NOON, "event_id=buy&transaction_id=A");
        String hostile = "\u001b[2J\r\n" + "x".repeat(290);
        sides.theirs(click, row -> row.eventId(hostile).transactionId(hostile).amount(null, hostile));
        sides.theirs(hostile, NOON, row -> row);
        sides.theirs(sides.click(), row -> row.standing(Standing.REJECTED, hostile));
        sides.theirs(sides.click(), row -> row.answer(0, hostile));
        sides.theirs(sides.click(), row -> row.note(hostile));

        sides.run();

        assertThat(sides.findings)
                .hasSize(6)
                .allSatisfy(finding -> assertThat(finding.evidence()).matches("[^\\p{Cntrl}]*"));
    }
}
