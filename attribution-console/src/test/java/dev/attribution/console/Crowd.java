package dev.attribution.console;

import dev.attribution.Attribution;
import dev.attribution.click.ClickId;
import dev.attribution.click.ClickRequest;
import dev.attribution.conversion.ConversionStatus;
import dev.attribution.conversion.DuplicatePolicy;
import dev.attribution.memory.InMemoryAttributionStore;
import dev.attribution.offer.Offer;
import dev.attribution.postback.Caller;
import dev.attribution.postback.PostbackParameter;
import dev.attribution.spi.CallerRepository;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.IntStream;

/** A store with as many offers and callers as a test wants, and its console. */
final class Crowd {
    static final String SUMMARY = "/summary?from=2026-02-07&to=2026-03-20";

    /** Days before now, one in each of the five weeks that are compared with the last week. */
    static final List<Integer> DAYS = List.of(10, 17, 24, 31, 38);

    private static final int LARGEST = 77;

    private final AtomicReference<Instant> now = new AtomicReference<>(Scene.NOW);
    final Attribution attribution;
    final Console console;

    private Crowd(List<Caller> callers) {
        attribution = Attribution.builder(new InMemoryAttributionStore())
                .clock(now::get)
                .callers(CallerRepository.of(callers.toArray(Caller[]::new)))
                .build();
        console = Console.builder(attribution)
                .basePath("/console")
                .clock(now::get)
                .callers(() -> callers.stream()
                        .map(caller -> ConsoleCaller.of(caller, "https://api.example.com/" + caller.name()))
                        .toList())
                .build();
    }

    static Crowd of(Caller... callers) {
        return new Crowd(List.of(callers));
    }

    /** Each offer has a click in each of five weeks, and none in the last. */
    static Crowd ofOffers(int count) {
        Crowd crowd = of();
        IntStream.range(0, count).forEach(i -> crowd.put(Offer.builder(offer(i))));
        for (int day : DAYS) {
            crowd.now.set(Scene.NOW.minus(Duration.ofDays(day)));
            IntStream.range(0, count).forEach(i -> crowd.click(offer(i)));
            crowd.click(offer(LARGEST));
        }
        crowd.now.set(Scene.NOW);
        return crowd;
    }

    /** Each caller has sent one word that nothing maps. */
    static Crowd ofCallers(int count) {
        Crowd crowd =
                new Crowd(IntStream.range(0, count).mapToObj(Crowd::caller).toList());
        ClickId click = crowd.click();
        IntStream.range(0, count)
                .forEach(i -> crowd.send(caller(i).name(), click, "&tx=1&state=word-%05d".formatted(i)));
        return crowd;
    }

    static String offer(int i) {
        return "offer-%05d".formatted(i);
    }

    static Caller caller(int i) {
        return Caller.named("caller-%05d".formatted(i))
                .parameter(PostbackParameter.CLICK_ID, "sub")
                .parameter(PostbackParameter.TRANSACTION_ID, "tx")
                .parameter(PostbackParameter.STATUS, "state")
                .parameter(PostbackParameter.PAYOUT, "sum")
                .parameter(PostbackParameter.CURRENCY, "currency")
                .status("1", ConversionStatus.APPROVED)
                .build();
    }

    private void put(Offer.Builder offer) {
        attribution
                .offers()
                .put(offer.trackingLink("https://advertiser.example/{gk_click_id}")
                        .build());
    }

    private ClickId click(String offer) {
        return attribution.click(ClickRequest.of(offer, "member")).clickId();
    }

    /** {@return a click that may have many conversions} */
    ClickId click() {
        put(Offer.builder("repeating").duplicatePolicy(DuplicatePolicy.allowRepeatConversions()));
        return click("repeating");
    }

    /** Sends a message, a second after the one before. */
    void send(String caller, ClickId click, String rest) {
        now.set(now.get().plusSeconds(1));
        attribution.from(caller).postback("https://api.example.com/?sub=" + click + rest);
    }
}
