package dev.attribution.jdbc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.attribution.Attribution;
import dev.attribution.click.Click;
import dev.attribution.conversion.Conversion;
import dev.attribution.conversion.ConversionChange;
import dev.attribution.conversion.ConversionStatus;
import dev.attribution.conversion.DuplicatePolicy;
import dev.attribution.history.HistoryEntry;
import dev.attribution.offer.Offer;
import dev.attribution.postback.PostbackOutcome;
import dev.attribution.postback.PostbackOutcome.Kind;
import dev.attribution.postback.Reason;
import dev.attribution.report.ReportFilter;
import dev.attribution.spi.DeletedRows;
import dev.attribution.spi.Settlement;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** A deletion of old clicks meets credits and changes that are stored between its statements. */
class DeletionRaceTest extends DatabaseTest {
    private static final Instant NOW = Given.NOON.plus(Duration.ofDays(400));

    private final Recorder recorder = new Recorder();
    private JdbcAttributionStore deleting;

    @BeforeEach
    void openDeleting() {
        deleting =
                JdbcAttributionStore.builder(recorder.over(store.dataSource())).build();
    }

    private DeletedRows delete(int limit) {
        return deleting.retention()
                .orElseThrow()
                .deleteClicks(NOW.minus(Duration.ofDays(300)), NOW.minus(Duration.ofDays(1)), null, limit);
    }

    @Test
    void deletesNoEntryOfAConversionThatIsLeft() {
        AtomicInteger statements = new AtomicInteger();
        for (int nth = 1; statements.get() >= nth - 1; nth++) {
            Click click = Given.click();
            store.clicks().insert(List.of(click));
            store.conversions().append(List.of(Given.credit(click, 1)));
            Settlement late = Given.credit(click, 2, conversion -> conversion.convertedAt(NOW));
            int at = nth;
            statements.set(0);
            recorder.beforeEach = sql -> {
                if (statements.incrementAndGet() == at) {
                    store.conversions().append(List.of(late));
                }
            };

            delete(10);

            ReportFilter ofClick =
                    ReportFilter.builder().clickId(click.clickId()).build();
            boolean isStored = !store.clicks().find(List.of(click.clickId())).isEmpty();
            boolean isLateStored = statements.get() >= nth;
            List<Conversion> conversions = store.reports().orElseThrow().conversions(ofClick, null, 9);
            assertThat(store.reports().orElseThrow().history(ofClick, null, 9))
                    .as("stored before statement %s", nth)
                    .extracting(HistoryEntry::attemptId)
                    .containsExactlyInAnyOrderElementsOf(
                            conversions.stream().map(Conversion::attemptId).toList());
            assertThat(conversions)
                    .as("stored before statement %s", nth)
                    .hasSize((isStored ? 1 : 0) + (isLateStored ? 1 : 0));
        }
        assertThat(statements.get()).isGreaterThan(5);
    }

    @ParameterizedTest
    @CsvSource({"1, 10", "4, 1", "4, 2"})
    void keepsAClickWhoseConversionIsReinstatedMeanwhile(int conversions, int limit) {
        Click click = Given.click();
        store.clicks().insert(List.of(click));
        for (int slot = 2; slot <= conversions; slot++) {
            store.conversions().append(List.of(Given.withConversionId(new UUID(slot, 0), Given.credit(click, slot))));
        }
        Settlement credit = Given.withConversionId(new UUID(-1, 0), Given.credit(click, 1)); // read last
        Conversion approved = Given.conversionOf(credit);
        Instant at = Given.NOON.plusSeconds(70);
        Conversion reversed = approved.toBuilder()
                .status(ConversionStatus.REVERSED, 2)
                .changedAt(approved.approvedAt().orElseThrow(), at, null)
                .build();
        Conversion reinstated = approved.toBuilder()
                .status(ConversionStatus.APPROVED, 3)
                .changedAt(approved.approvedAt().orElseThrow(), at, NOW)
                .build();
        store.conversions().append(List.of(credit));
        store.conversions().append(List.of(change(click, approved, reversed, at)));
        AtomicInteger readings = new AtomicInteger();
        recorder.beforeEach = sql -> {
            if (sql.startsWith("select") && sql.contains("history") && readings.getAndIncrement() == 0) {
                store.conversions().append(List.of(change(click, reversed, reinstated, NOW)));
            }
        };

        DeletedRows deleted = delete(limit);

        assertThat(readings.get()).isPositive();
        assertThat(deleted.clicks() + deleted.conversions() + deleted.entries()).isZero();
        assertThat(deleted.pendingClicks()).isOne();
        assertThat(store.clicks().find(List.of(click.clickId()))).containsOnlyKeys(click.clickId());
        assertThat(store.conversions().findConversions(List.of(reversed.conversionId())))
                .containsValue(reinstated);
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void creditsNoClickThatIsDeletedBetweenTheStatementsOfItsLookUp(boolean isPerMember) {
        assumeTrue(database != TestDatabase.POSTGRESQL, "one statement looks up everything there");
        Click click = Given.click();
        store.offers()
                .put(Offer.builder(click.offerId())
                        .trackingLink("https://example.com?c={gk_click_id}")
                        .duplicatePolicy(
                                isPerMember
                                        ? DuplicatePolicy.onePerMemberAndOffer()
                                        : DuplicatePolicy.onePerClickAndMember())
                        .build());
        store.clicks().insert(List.of(click));
        store.conversions().append(List.of(Given.credit(click, 1))); // takes no scope of the member
        AtomicInteger readings = new AtomicInteger();
        Recorder looking = new Recorder();
        Attribution attribution = Attribution.builder(JdbcAttributionStore.builder(looking.over(store.dataSource()))
                        .build())
                .build();
        looking.told.clear();
        looking.beforeEach = sql -> {
            boolean isLookUp = sql.startsWith("select k.");
            if (!isLookUp && sql.contains("_conversion ") && readings.getAndIncrement() == 0) {
                assertThat(looking.told).first().asString().startsWith("select k.");
                assertThat(delete(10).clicks()).isOne();
            }
        };

        PostbackOutcome outcome = attribution.postback("gk_click_id=" + click.clickId());

        assertThat(readings.get()).isPositive();
        assertThat(outcome.reason()).contains(Reason.UNKNOWN_CLICK_ID);
        assertThat(store.reports().orElseThrow().conversions(ReportFilter.all(), null, 9))
                .isEmpty();
    }

    private static Settlement change(Click click, Conversion before, Conversion after, Instant at) {
        return new Settlement(
                Given.entry(UUID.randomUUID(), click, at)
                        .outcome(Kind.ADJUSTED, null)
                        .conversionId(before.conversionId())
                        .change(new ConversionChange(before.state(), after.state()))
                        .build(),
                Optional.of(Settlement.Change.of(before, after)));
    }
}
