package dev.attribution.reconcile;

import static dev.attribution.reconcile.TwoSides.NOON;
import static org.assertj.core.api.Assertions.assertThat;

import dev.attribution.click.ClickId;
import dev.attribution.conversion.Conversion;
import dev.attribution.conversion.ConversionStatus;
import dev.attribution.reconcile.TrackerRow.Standing;
import dev.attribution.report.ReportFilter;
import java.math.BigDecimal;
import java.time.Duration;
import java.util.List;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What a tracker says of a conversion against the status that ours has. */
class StatusCausesTest {
    private final TwoSides sides = new TwoSides();

    private void ours(ClickId click, String transactionId, ConversionStatus status) {
        String message = "event_id=buy&payout=1.50&currency=EUR&transaction_id=" + transactionId;
        sides.ours(click, NOON, message + (status == ConversionStatus.PENDING ? "&status=pending" : ""));
        if (status == ConversionStatus.REVERSED) {
            sides.ours(click, NOON.plus(Duration.ofDays(40)), message + "&status=reversed");
        }
    }

    private void theirs(ClickId click, Standing standing, UnaryOperator<TrackerRow.Builder> more) {
        sides.theirs(
                click,
                row -> more.apply(row.transactionId("t")
                        .standing(standing, standing == Standing.COUNTED ? null : "they say " + standing)));
    }

    @ParameterizedTest
    @CsvSource({
        "COUNTED, PENDING, MATCHED, 1, 1",
        "COUNTED, APPROVED, MATCHED, 1, 1",
        "COUNTED, REVERSED, MATCHED, 1, 0",
        "APPROVED, PENDING, PENDING_HERE, 1, 1",
        "APPROVED, APPROVED, MATCHED, 1, 1",
        "APPROVED, REVERSED, REVERSED_HERE, 1, 0",
        "PENDING, PENDING, MATCHED, 1, 1",
        "PENDING, APPROVED, PENDING_THERE, 1, 1",
        "PENDING, REVERSED, PENDING_THERE, 1, 0",
        "REVERSED, PENDING, REVERSED_THERE, 0, 1",
        "REVERSED, APPROVED, REVERSED_THERE, 0, 1",
        "REVERSED, REVERSED, MATCHED, 0, 0",
        "REJECTED, PENDING, REJECTED_BY_TRACKER, 0, 1",
        "REJECTED, APPROVED, REJECTED_BY_TRACKER, 0, 1",
        "REJECTED, REVERSED, MATCHED, 0, 0",
    })
    void comparesTheStatusOfBothSides(Standing standing, ConversionStatus status, Cause cause, long theirs, long ours) {
        ClickId click = sides.click();
        ours(click, "t", status);
        theirs(click, standing, row -> row);

        Reconciliation outcome = sides.run();

        assertThat(sides.causes()).containsExactly(cause);
        assertThat(sides.only().ours().orElseThrow().status()).isEqualTo(status);
        assertThat(outcome.totals().theirs()).isEqualTo(theirs);
        assertThat(outcome.totals().ours()).isEqualTo(ours);
        if (cause != Cause.MATCHED) {
            assertThat(sides.only().evidence()).contains("they say " + standing);
        }
    }

    @Test
    void keepsTheStatusAndItsTimesWhileARowIsPutAside() {
        ClickId click = sides.click();
        ours(click, "t", ConversionStatus.REVERSED);
        Conversion reversed = sides.attribution
                .reports()
                .conversions(ReportFilter.all(), 1)
                .rows()
                .get(0);
        sides.attribution.reinstate(reversed.conversionId());
        theirs(click, Standing.REVERSED, row -> row);

        sides.run();

        assertThat(sides.only().ours())
                .contains(sides.attribution
                        .reports()
                        .conversions(ReportFilter.all(), 1)
                        .rows()
                        .get(0));
        assertThat(sides.only().cause()).isEqualTo(Cause.REVERSED_THERE);
        assertThat(sides.only().evidence()).contains("an operator reinstated it");
    }

    @Test
    void outweighsOtherDifferencesByTheStatusUnlessTheyPairAnotherConversion() {
        for (ConversionStatus status : List.of(ConversionStatus.APPROVED, ConversionStatus.PENDING)) {
            ClickId click = sides.click();
            ours(click, "t", status);
            theirs(
                    click,
                    Standing.REVERSED,
                    row -> row.amount(new BigDecimal("-1.50"), "USD").eventId("install"));
        }
        ClickId other = sides.click();
        ours(other, "another", ConversionStatus.APPROVED);
        theirs(other, Standing.REVERSED, row -> row);

        sides.run();

        assertThat(sides.causes())
                .containsExactlyInAnyOrder(Cause.REVERSED_THERE, Cause.REVERSED_THERE, Cause.TRANSACTION_DIFFERS);
    }

    @Test
    void agreesOnWhatANegativeAmountTakesBack() {
        for (ConversionStatus status : List.of(ConversionStatus.APPROVED, ConversionStatus.REVERSED)) {
            ClickId click = sides.click();
            ours(click, "t", status);
            theirs(click, Standing.COUNTED, row -> row.amount(new BigDecimal("-1.50"), "EUR"));
        }

        sides.run();

        assertThat(sides.causes()).containsExactlyInAnyOrder(Cause.NEGATIVE_AMOUNT, Cause.MATCHED);
    }

    @Test
    void needsNothingWhereAReversedConversionIsNotReported() {
        ours(sides.click(), "t", ConversionStatus.REVERSED);
        ours(sides.click(), "t", ConversionStatus.PENDING);

        Reconciliation outcome = sides.run();

        assertThat(sides.causes()).containsExactlyInAnyOrder(Cause.REVERSED_AND_NOT_REPORTED, Cause.NOT_REPORTED);
        assertThat(outcome.topCauses()).containsExactly(new Reconciliation.CauseCount(Cause.NOT_REPORTED, 1));
    }

    @Test
    void tellsOfRowsWithoutAConversionWhatTheTrackerSays() {
        theirs(sides.click(), Standing.PENDING, row -> row);
        theirs(sides.click(), Standing.REVERSED, row -> row);
        theirs(sides.click(), Standing.APPROVED, row -> row);

        sides.run();

        assertThat(sides.causes())
                .containsExactlyInAnyOrder(Cause.PENDING_THERE, Cause.REJECTED_BY_TRACKER, Cause.NO_POSTBACK);
    }

    /** The approved row is the conversion; which of the two rows is right is not for us to decide. */
    @Test
    void neverPairsAReversedRowWhereAnotherRowOfTheTransactionCounts() {
        ClickId click = sides.click();
        ours(click, "t", ConversionStatus.APPROVED);
        theirs(click, Standing.REVERSED, row -> row);
        theirs(click, Standing.APPROVED, row -> row);

        sides.run();

        assertThat(sides.causes()).containsExactlyInAnyOrder(Cause.REJECTED_BY_TRACKER, Cause.MATCHED);
    }

    @Test
    void comparesEachOfTwoConversionsOfAClickWithItsOwnRow() {
        ClickId click = sides.click();
        ours(click, "t", ConversionStatus.APPROVED);
        sides.ours(click, NOON, "event_id=buy&transaction_id=u");
        theirs(click, Standing.REVERSED, row -> row);
        theirs(click, Standing.APPROVED, row -> row.transactionId("u"));

        sides.run();

        assertThat(sides.causes()).containsExactlyInAnyOrder(Cause.REVERSED_THERE, Cause.MATCHED);
        assertThat(sides.findings)
                .filteredOn(finding -> finding.cause() == Cause.REVERSED_THERE)
                .singleElement()
                .satisfies(finding ->
                        assertThat(finding.ours().orElseThrow().transactionId()).contains("t"));
    }

    /** Entries of pending conversions and of changes have no reason that would explain a row. */
    @Test
    void explainsARowByAPendingConversionOutsideThePeriodAndNotByAChange() {
        ClickId click = sides.click();
        sides.ours(click, NOON.plus(Duration.ofDays(40)), "event_id=buy&transaction_id=t&status=pending");
        sides.ours(click, NOON.plus(Duration.ofDays(41)), "event_id=buy&transaction_id=t&status=approved");
        theirs(click, Standing.APPROVED, row -> row);
        ClickId another = sides.click();
        ours(another, "u", ConversionStatus.REVERSED);
        theirs(another, Standing.COUNTED, row -> row.transactionId("u"));
        theirs(another, Standing.APPROVED, row -> row.transactionId("v"));

        sides.run();

        assertThat(sides.causes()).containsExactlyInAnyOrder(Cause.TIME_DIFFERS, Cause.MATCHED, Cause.NO_POSTBACK);
    }
}
