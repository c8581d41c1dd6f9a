package dev.attribution.examples.benchmarks.world;

import dev.attribution.Attribution;
import dev.attribution.Reports;
import dev.attribution.click.ClickContext;
import dev.attribution.click.ClickId;
import dev.attribution.click.ClickRequest;
import dev.attribution.conversion.ConversionStatus;
import dev.attribution.examples.benchmarks.world.LoadGenerator.Message;
import dev.attribution.offer.Offer;
import dev.attribution.postback.PostbackOutcome.Kind;
import dev.attribution.report.Cursor;
import dev.attribution.report.Page;
import dev.attribution.report.ReportFilter;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.UUID;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * Sends the load to a real store through the public API, by concurrent callers at the time of the load, and compares every outcome
 * with the model, then counts and checksums of the stored rows. Calls about one click keep their order. Used once; not thread-safe.
 */
public final class LoadDriver implements LoadGenerator.Sink {
    private static final Instant BEGIN = Instant.parse("2026-01-01T00:00:00Z");
    private static final int WAVE = 20_000;
    private static final UUID NO_CLICK = new UUID(0, 0);
    private static final ClickContext CONTEXT = ClickContext.builder()
            .ip("203.0.113.7")
            .userAgent("Mozilla/5.0 (X11; Linux x86_64)")
            .build();

    /** A call at its time: a postback if it has a query, else a click. */
    private record Call(
            long time,
            UUID clickId,
            String offerId,
            String memberId,
            String query,
            @Nullable Kind expected) {}

    private final Shape shape;
    private final Attribution attribution;
    private final Tally expected = new Tally();

    @SuppressWarnings("ThreadLocalUsage") // its threads end with the run
    private final ThreadLocal<Call> current = new ThreadLocal<>();

    private final List<List<Call>> wave;
    private final ExecutorService threads;
    private int waiting;

    private LoadDriver(Shape shape, Attribution.Builder builder, int callers) {
        this.shape = shape;
        this.attribution = builder.clock(this::now).clickIds(this::clickId).build();
        this.wave = IntStream.range(0, callers)
                .<List<Call>>mapToObj(any -> new ArrayList<>())
                .toList();
        this.threads = Executors.newFixedThreadPool(callers);
    }

    /**
     * Sends all clicks, and all messages that follow from them.
     *
     * @param clicks how many clicks
     * @param builder of a façade on an empty store; gets clock and click ids
     * @param callers how many threads
     * @return how many calls were answered
     * @throws IllegalStateException if an outcome is not the expected one
     */
    public static LoadDriver run(long clicks, Attribution.Builder builder, int callers) {
        LoadDriver driver = new LoadDriver(Shape.of(clicks), builder, callers);
        driver.run();
        return driver;
    }

    private void run() {
        try {
            for (int offer = 0; offer < shape.offers(); offer++) {
                attribution
                        .offers()
                        .put(Offer.builder(offerId(offer))
                                .trackingLink("https://app.example.com/track?clickid={gk_click_id}&sub2={member_id}")
                                .attributionWindow(Duration.ofDays(Shape.WINDOW_DAYS))
                                .build());
            }
            new LoadGenerator(shape, this).run();
            flush();
        } finally {
            threads.shutdownNow();
        }
    }

    /** {@return how many clicks and postbacks were sent} */
    public long calls() {
        return expected.clicks() + expected.calls();
    }

    /**
     * Reads every click, history entry and conversion, and compares their counts and checksums with the model: of ids, times, offers,
     * members, kinds of outcome and statuses.
     *
     * @return what was found, as a sentence
     * @throws IllegalStateException if anything is missing, there twice, or not as it should be
     */
    public String audit() {
        Tally stored = new Tally();
        Reports reports = attribution.reports();
        ReportFilter all = ReportFilter.all();
        forEach(
                after -> reports.clicks(all, Reports.MAX_LIMIT, after),
                click -> stored.click(
                        click.clickId().uuid(), micros(click.clickedAt()), click.offerId(), click.memberId()));
        forEach(
                after -> reports.history(all, Reports.MAX_LIMIT, after),
                entry -> stored.entry(
                        entry.receivedClickId().map(UUID::fromString).orElse(NO_CLICK),
                        micros(entry.receivedAt()),
                        entry.kind()));
        forEach(
                after -> reports.conversions(all, Reports.MAX_LIMIT, after),
                conversion -> stored.conversion(conversion.clickId().uuid(), conversion.status()));
        if (!stored.toString().equals(expected.toString())) {
            throw new IllegalStateException("Expected " + expected + ", but stored are " + stored);
        }
        return String.format(
                Locale.ROOT,
                "%,d clicks, %,d postbacks and as many history entries, %,d conversions approved, %,d pending, %,d reversed:"
                        + " as the model expects, none lost, none doubled.",
                stored.clicks(),
                stored.calls(),
                stored.count(ConversionStatus.APPROVED),
                stored.count(ConversionStatus.PENDING),
                stored.count(ConversionStatus.REVERSED));
    }

    /** {@return what the store should contain} */
    Tally expected() {
        return expected;
    }

    private static <T> void forEach(Function<@Nullable Cursor, Page<T>> pages, Consumer<T> row) {
        Cursor after = null;
        do {
            Page<T> page = pages.apply(after);
            page.rows().forEach(row);
            after = page.next().orElse(null);
        } while (after != null);
    }

    @Override
    public void clicked(long click, long time, int offer, int member) {
        UUID id = id(click, time);
        expected.click(id, time, offerId(offer), memberId(member));
        add(click, new Call(time, id, offerId(offer), memberId(member), "", null));
    }

    @Override
    public void called(ExpectedClick click, Message message, Kind kind) {
        UUID id = id(click.number(), click.clickedAt());
        expected.entry(id, message.time(), kind);
        if (kind.movesConversion()) {
            expected.move(id, click.changedFrom(), message.status());
        }
        String query = "gk_click_id=" + id + "&event_id=win_10_games&transaction_id=t" + click.number() + "-"
                + message.transaction() + "&payout=1.50&currency=EUR&status="
                + message.status().name().toLowerCase(Locale.ROOT);
        add(click.number(), new Call(message.time(), id, "", "", query, kind));
    }

    /** Nothing: the call would not have reached the store. */
    @Override
    public void unavailable(long time, boolean isClick) {}

    private void add(long click, Call call) {
        wave.get((int) (click % wave.size())).add(call);
        if (++waiting == WAVE) {
            flush();
        }
    }

    /** Has each thread make its calls, one after the other, and waits for all of them. */
    private void flush() {
        List<Callable<Boolean>> tasks = new ArrayList<>();
        for (List<Call> calls : wave) {
            tasks.add(() -> {
                calls.forEach(this::send);
                calls.clear();
                return true;
            });
        }
        try {
            for (Future<Boolean> task : threads.invokeAll(tasks)) {
                task.get();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("The load was interrupted", e);
        } catch (ExecutionException e) {
            throw new IllegalStateException("A call failed", e.getCause());
        }
        waiting = 0;
    }

    private void send(Call call) {
        current.set(call);
        if (call.expected() == null) {
            attribution.click(ClickRequest.of(call.offerId(), call.memberId()).with(CONTEXT));
            return;
        }
        Kind kind = attribution.postback(call.query()).kind();
        if (kind != call.expected()) {
            throw new IllegalStateException(call.expected() + " is expected of " + call + ", not " + kind);
        }
    }

    private Instant now() {
        Call call = current.get();
        return call == null ? BEGIN : BEGIN.plus(call.time(), ChronoUnit.MICROS);
    }

    private ClickId clickId() {
        return ClickId.of(current.get().clickId());
    }

    private static long micros(Instant time) {
        return ChronoUnit.MICROS.between(BEGIN, time);
    }

    private static String offerId(int offer) {
        return "offer-" + offer;
    }

    private static String memberId(int member) {
        return "member-" + member;
    }

    /** A version 7 id, different for each number. */
    private static UUID id(long click, long time) {
        long mixed = (click + 1) * 0x9e3779b97f4a7c15L;
        long high = (BEGIN.toEpochMilli() + time / 1_000) << 16 | 0x7000L | (mixed >>> 52);
        return new UUID(high, (mixed & 0x3fffffffffffffffL) | 0x8000000000000000L);
    }
}
