package dev.attribution.reconcile;

import dev.attribution.Attribution;
import dev.attribution.click.ClickId;
import dev.attribution.click.ClickRequest;
import dev.attribution.conversion.DuplicatePolicy;
import dev.attribution.memory.InMemoryAttributionStore;
import dev.attribution.offer.Offer;
import dev.attribution.postback.PostbackOutcome;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.function.UnaryOperator;

/** Our side in a store, their side in a list. Noon of the day is when everything happens that does not say otherwise. */
final class TwoSides {
    static final LocalDate DAY = LocalDate.of(2026, 3, 10);
    static final ReconciliationPeriod PERIOD = new ReconciliationPeriod(DAY, DAY, ZoneOffset.UTC);
    static final Instant NOON = Instant.parse("2026-03-10T12:00:00Z");
    static final String FILE = "theirs.csv";

    final InMemoryAttributionStore store = new InMemoryAttributionStore();
    final List<TrackerRow> rows = new ArrayList<>();
    final List<Finding> findings = new ArrayList<>();
    private Instant now = NOON;
    final Attribution attribution = Attribution.builder(store).clock(() -> now).build();
    private long line = 1;

    TwoSides() {
        this(DuplicatePolicy.allowRepeatConversions());
    }

    TwoSides(DuplicatePolicy policy) {
        attribution
                .offers()
                .put(Offer.builder("sale")
                        .trackingLink("https://example.com?sub1={gk_click_id}")
                        .duplicatePolicy(policy)
                        .acceptedEvents("buy", "install", "register")
                        .build());
    }

    ClickId click() {
        now = Instant.parse("2026-03-01T00:00:00Z");
        return attribution.click(ClickRequest.of("sale", "member-7")).clickId();
    }

    PostbackOutcome ours(ClickId clickId, Instant time, String more) {
        now = time;
        return attribution.postback("gk_click_id=" + clickId + "&" + more);
    }

    PostbackOutcome ours(ClickId clickId) {
        return ours(clickId, NOON, "event_id=buy");
    }

    TrackerRow theirs(String clickId, Instant time, UnaryOperator<TrackerRow.Builder> more) {
        TrackerRow row = more.apply(TrackerRow.builder(FILE, ++line, time)
                        .clickId(clickId)
                        .transactionId(null)
                        .eventId("buy"))
                .build();
        rows.add(row);
        return row;
    }

    TrackerRow theirs(ClickId clickId, UnaryOperator<TrackerRow.Builder> more) {
        return theirs(clickId.value(), NOON.minusSeconds(5), more);
    }

    TrackerRow theirs(ClickId clickId) {
        return theirs(clickId, row -> row);
    }

    Reconciler.Builder reconciler() {
        return attribution.reconciliation(PERIOD).against(TrackerSource.of(FILE, rows::stream));
    }

    Reconciliation run() {
        return run(reconciler());
    }

    Reconciliation run(Reconciler.Builder builder) {
        findings.clear();
        return builder.build().run(findings::add);
    }

    void shuffle() {
        Collections.shuffle(rows, new Random(7));
    }

    List<Cause> causes() {
        return findings.stream().map(Finding::cause).toList();
    }

    Finding only() {
        if (findings.size() != 1) {
            throw new AssertionError("Not one finding: " + findings);
        }
        return findings.get(0);
    }
}
