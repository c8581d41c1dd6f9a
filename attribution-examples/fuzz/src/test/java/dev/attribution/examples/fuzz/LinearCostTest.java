package dev.attribution.examples.fuzz;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.management.ThreadMXBean;
import dev.attribution.AttributionException;
import dev.attribution.click.ClickContext;
import dev.attribution.click.ClickRequest;
import dev.attribution.click.ClickScreen;
import dev.attribution.click.StoredContext;
import dev.attribution.link.LinkRules;
import dev.attribution.link.LinkTemplater;
import dev.attribution.postback.Caller;
import dev.attribution.postback.PostbackParser;
import dev.attribution.postback.PostbackRequest;
import dev.attribution.postback.PostbackVerifier;
import dev.attribution.screening.CrawlerScreen;
import dev.attribution.trackers.ExportReader;
import dev.attribution.trackers.JsonBodies;
import dev.attribution.trackers.Tracker;
import java.io.ByteArrayInputStream;
import java.lang.management.ManagementFactory;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Set;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * What an input of a thousand to a million characters costs. Allocated bytes are counted; the processor's time of the thread is
 * compared between two sizes, the larger again if it seems too much, so that other work on the machine does not matter.
 */
class LinearCostTest {
    private static final ThreadMXBean THREADS = (ThreadMXBean) ManagementFactory.getThreadMXBean();
    private static final int[] SIZES = {1_000, 32_000, 1_000_000};
    private static final int RUNS = 5;

    private static final int SLACK = 6;

    /** What is shorter is taken for this. */
    private static final long SHORT = 1_000_000;

    private static final List<String> UNITS = List.of(
            "a", "&", "a=b&", "%", "%7B", "{", "\"", "\",\"\n", ";,", "[", "{\"a\":", "?", "/", "\u00e9", "Spider ",
            "\r\n", "a@");
    private static final byte[] KEY = new byte[32];
    private static final PostbackVerifier VERIFIER = PostbackVerifier.allOf(
            PostbackVerifier.hmac("HmacSHA256", KEY).ofUrlBefore("hash").inParameter("hash"),
            PostbackVerifier.hmac("HmacSHA256", KEY).ofBody().inHeader("X-Signature"));
    private static final JsonBodies JSON = JsonBodies.object().field("a", "a").forNames(Set.of("a"));
    private static final ClickScreen SCREEN = ClickScreen.standard().then(CrawlerScreen.create());
    private static final StoredContext STORED = StoredContext.builder()
            .ipv4Bytes(2)
            .referrer(StoredContext.Referrer.WITHOUT_QUERY)
            .build();
    private static final Caller FORM = Caller.standard();

    /** The entries. */
    enum Entry {
        LINK(text -> LinkTemplater.standard().check("https://e.com/?s={gk_click_id}&x=" + text, LinkRules.common())),
        TRACKER_LINK(text -> Tracker.appsFlyer().check("https://e.com/?s={gk_click_id}&x=" + text)),
        QUERY(text -> PostbackParser.parse("gk_click_id=x&" + text)),
        URL(text -> PostbackParser.parse("https://h.com/" + text + "?gk_click_id=x")),
        FORM_BODY(text -> FORM.read(form(text))),
        JSON_BODY(text -> JSON.read(form("{\"a\":\"" + text + "\"}"))),
        HEADER(text -> PostbackRequest.get("https://h.com/")
                .header("X", text)
                .remoteAddress(text)
                .build()),
        VERIFIED(text -> VERIFIER.verify(
                PostbackRequest.post(
                                "https://h.com/?" + text + "&hash=00", "a/b", text.getBytes(StandardCharsets.UTF_8))
                        .header("X-Signature", text)
                        .build(),
                Instant.EPOCH)),
        USER_AGENT(text -> SCREEN.judge(ClickRequest.of("o", "m")
                .withHeader("User-Agent", text)
                .withHeader("Sec-Purpose", text)
                .withMethod(text))),
        CONTEXT(text -> STORED.of(ClickContext.builder()
                .ip(text)
                .userAgent(text)
                .referrer("https://" + text)
                .extra("x", text)
                .build())),
        CONSOLE_QUERY(text -> ConsoleCosts.get("/history?" + text)),
        CONSOLE_SEARCH(text -> ConsoleCosts.get("/search?q=" + text)),
        CONSOLE_FORM(text -> ConsoleCosts.post("/offer", text)),
        CONSOLE_TESTER(text -> ConsoleCosts.post(
                "/tester", "url=https%3A%2F%2Fh.com%2F%3F" + text + "&headers=" + text + "&body=" + text)),
        CONSOLE_PARTS(ConsoleCosts::parts),
        CONSOLE_UPLOAD(ConsoleCosts::upload),
        EXPORT(text -> export("Stat.datetime,Stat.affiliate_info1,Stat.payout\n2026-03-02 10:00:00,x,1\n" + text));

        @SuppressWarnings("ImmutableEnumChecker") // a function without state
        private final Consumer<String> call;

        Entry(Consumer<String> call) {
            this.call = call;
        }
    }

    private static PostbackRequest form(String text) {
        return PostbackRequest.post(
                        "https://h.com/", "application/x-www-form-urlencoded", text.getBytes(StandardCharsets.UTF_8))
                .build();
    }

    private static void export(String text) {
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        try (Stream<?> rows = ExportReader.of(Tracker.tune().exportFormat(), "x", () -> new ByteArrayInputStream(bytes))
                .zone(ZoneOffset.UTC)
                .rows()) {
            rows.forEach(row -> {});
        } catch (AttributionException e) {
            // an answer, too
        }
    }

    private record Cost(long bytes, long nanos) {}

    private static Cost cost(Entry entry, String text) {
        long bytesBefore = THREADS.getCurrentThreadAllocatedBytes();
        long before = THREADS.getCurrentThreadCpuTime();
        entry.call.accept(text);
        long nanos = THREADS.getCurrentThreadCpuTime() - before;
        return new Cost(THREADS.getCurrentThreadAllocatedBytes() - bytesBefore, nanos);
    }

    @ParameterizedTest
    @EnumSource(Entry.class)
    void growsAtMostLinearly(Entry entry) {
        for (String unit : UNITS) {
            for (int i = 1; i < SIZES.length; i++) {
                String small = unit.repeat(SIZES[i - 1] / unit.length());
                String large = unit.repeat(SIZES[i] / unit.length());
                double growth = (double) SLACK * SIZES[i] / SIZES[i - 1]; // a square would be a multiple of it
                String what = entry + " of " + unit.strip() + " at " + SIZES[i];

                Cost one = cost(entry, small);
                Cost many = cost(entry, large);
                for (int run = 1; run < RUNS && many.nanos() > growth * Math.max(one.nanos(), SHORT); run++) {
                    many = cost(entry, large);
                }
                assertThat(many.bytes()).as("bytes of " + what).isLessThan((long) (growth * one.bytes()) + 2_000_000);
                assertThat(many.nanos()).as("time of " + what).isLessThanOrEqualTo((long)
                        (growth * Math.max(one.nanos(), SHORT)));
            }
        }
    }
}
