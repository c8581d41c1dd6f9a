package dev.attribution.console;

import static org.assertj.core.api.Assertions.assertThat;

import dev.attribution.Attribution;
import dev.attribution.click.ClickId;
import dev.attribution.click.ClickRequest;
import dev.attribution.conversion.ConversionStatus;
import dev.attribution.offer.Offer;
import dev.attribution.postback.Caller;
import dev.attribution.postback.PostbackOutcome;
import dev.attribution.postback.PostbackParameter;
import dev.attribution.postback.Reason;
import dev.attribution.report.ReportFilter;
import dev.attribution.spi.AttributionStore;
import java.time.Instant;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** The list of unmapped status words, and how it gets shorter. */
class TodoTest {
    private final AtomicReference<Instant> now = new AtomicReference<>(Scene.NOW);
    private final AtomicReference<Caller> wall =
            new AtomicReference<>(description().build());
    private AttributionStore store;
    private Attribution attribution;
    private Visitor jane;

    private static Caller.Builder description() {
        return Caller.named("wall")
                .parameter(PostbackParameter.CLICK_ID, "sub")
                .parameter(PostbackParameter.STATUS, "state")
                .parameter(PostbackParameter.PAYOUT, "amt")
                .reversedWhenNegative("coins")
                .status("1", ConversionStatus.APPROVED);
    }

    private void open(Stores kind) {
        store = kind.open();
        attribution = Attribution.builder(store)
                .clock(now::get)
                .callers(name ->
                        Optional.of(wall.get()).filter(caller -> caller.name().equals(name)))
                .build();
        attribution
                .offers()
                .put(Offer.builder("offer")
                        .trackingLink("https://advertiser.example/{gk_click_id}")
                        .build());
        jane = new Visitor(Console.builder(attribution)
                .basePath("/console")
                .clock(now::get)
                .build());
    }

    @AfterEach
    void closeStore() {
        Stores.close(store);
    }

    private ClickId click(String member) {
        return attribution.click(ClickRequest.of("offer", member)).clickId();
    }

    private PostbackOutcome send(ClickId click, String rest) {
        now.set(now.get().plusSeconds(60));
        return attribution.from(wall.get()).postback("https://api.example.com/?sub=" + click + rest);
    }

    private String page() {
        String page = jane.get("/callers").text();
        return page.substring(page.indexOf("Status words to map"), page.indexOf("URLs to paste"));
    }

    @ParameterizedTest
    @EnumSource(Stores.class)
    void isEmptyAfterTheWordIsMappedAndReplayed(Stores kind) {
        open(kind);
        ClickId once = click("once");
        ClickId repeated = click("repeated");
        ClickId retried = click("retried");
        send(once, "&state=done");
        send(once, "&state=done&sent=twice");
        send(repeated, "&state=done");
        send(repeated, "&state=done");
        send(retried, "&state=done");
        assertThat(page()).contains(">done<", ">5<", "Map each word");

        wall.set(description().status("done", ConversionStatus.APPROVED).build());
        assertThat(page())
                .as("a replay would credit each click once")
                .contains("(mapped by now: replay)", "<td class=\"number\">3</td>");
        send(retried, "&state=done"); // the caller repeats what was refused, and is credited
        assertThat(page()).contains("<td class=\"number\">2</td>");
        attribution
                .replay(ReportFilter.builder().reason(Reason.UNKNOWN_STATUS).build())
                .run(step -> {});

        assertThat(attribution.trace(once).conversions()).hasSize(1);
        assertThat(attribution.trace(repeated).conversions()).hasSize(1);
        assertThat(page()).contains("None in the last 30 days").doesNotContain("mapped by now");
    }

    @ParameterizedTest
    @EnumSource(Stores.class)
    void leavesOutWhatAForgottenMemberSent(Stores kind) {
        open(kind);
        send(click("forgotten"), "&state=done");

        attribution.forget("forgotten");

        assertThat(page()).contains("None in the last 30 days").doesNotContain("mapped by now", ">done<");
    }

    @ParameterizedTest
    @EnumSource(Stores.class)
    void listsAmountsThatCannotBeReadApartFromWords(Stores kind) {
        open(kind);
        ClickId credited = click("credited");
        PostbackOutcome credit = send(credited, "&state=1&amt=1.50");
        send(credited, "&state=1&amt=-1,50");
        send(click("other"), "&state=1&coins=(3)");
        send(click("word"), "&state=what&amt=-1,50");

        String page = page();
        int amounts = page.indexOf("an amount looks negative");
        assertThat(page.substring(0, amounts)).contains(">what<").doesNotContain("-1,50", "(3)");
        assertThat(page.substring(amounts))
                .contains("Let the caller send amounts such as -1.50", ">-1,50<", ">(3)<")
                .doesNotContain(">what<", "Map each word", "/repair");

        now.set(now.get().plusSeconds(60));
        attribution.reverse(credit.conversionId().orElseThrow());
        assertThat(page())
                .as("after an operator reversed what was meant")
                .contains(">(3)<")
                .doesNotContain(">-1,50<");
    }
}
