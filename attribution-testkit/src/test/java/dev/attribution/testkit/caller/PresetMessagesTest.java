package dev.attribution.testkit.caller;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.attribution.click.ClickId;
import dev.attribution.conversion.ConversionStatus;
import dev.attribution.postback.HttpAnswer;
import dev.attribution.postback.PostbackRequest;
import dev.attribution.testkit.MovableClock;
import dev.attribution.trackers.CallerPreset;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.Test;

class PresetMessagesTest {
    private static final String CLICK = "efb2a7d2-c01a-4e3f-b8a1-81b4568e9f32";
    private static final SimulatedMessage APPROVAL =
            SimulatedMessage.of(ClickId.parse(CLICK), "T \"1\"\\\n", ConversionStatus.APPROVED);

    @Test
    void expandsTheUrlThatWasPasted() {
        CallerPreset affise = CallerPreset.affise().secrets("a-token-0123456789");
        PresetMessages messages =
                PresetMessages.of(affise, affise.postbackUrl("https://api.example.com/pb?site=a%2Fb"));
        SimulatedMessage held =
                APPROVAL.withStatus(ConversionStatus.PENDING).withEvent("sale").withPayout(new BigDecimal("1E+2"));

        assertThat(messages.apply(held).url())
                .isEqualTo("https://api.example.com/pb?site=a%2Fb&secure=a-token-0123456789&gk_click_id=" + CLICK
                        + "&event_id=sale&transaction_id=T+%221%22%5C%0A&payout=100&status=2");
    }

    @Test
    void negatesThePayoutOfASystemThatReversesByIt() {
        PresetMessages timeWall =
                PresetMessages.of(CallerPreset.timeWall().secrets("secret"), "https://api.example.com/pb");
        SimulatedMessage reversal = APPROVAL.withStatus(ConversionStatus.REVERSED);

        assertThat(timeWall.unsigned(reversal.withPayout(new BigDecimal("1.50")))
                        .query())
                .contains("revenue=-1.50");
        assertThat(timeWall.unsigned(reversal.withAmount(BigDecimal.TEN)).query())
                .contains("revenue=-10");
        assertThat(timeWall.unsigned(reversal).query()).contains("revenue=-1&");
        assertThat(timeWall.unsigned(APPROVAL).query()).contains("revenue=1&");
    }

    @Test
    void writesPathsAsNestedObjects() {
        PresetMessages adGem = PresetMessages.of(
                        CallerPreset.adGemV3("data.user.id", "data.transaction").secrets("key"), "https://a.example/pb")
                .with("source", "wall")
                .header("X-Attempt", SimulatedMessage::transactionId)
                .from("203.0.113.9");

        PostbackRequest call = adGem.unsigned(SimulatedMessage.of(APPROVAL.clickId(), "T\"\\\n1", APPROVAL.status()));

        assertThat(new String(call.body(), StandardCharsets.UTF_8))
                .isEqualTo(
                        "{\"source\":\"wall\",\"data\":{\"transaction\":\"T\\u0022\\u005c\\u000a1\",\"user\":{\"id\":\""
                                + CLICK + "\"}}}");
        assertThat(call.contentType()).contains("application/json");
        assertThat(call.headers("X-Attempt")).containsExactly("T\"\\\n1");
        assertThat(call.remoteAddress()).contains("203.0.113.9");
    }

    @Test
    void whatTheHostGivesReplacesWhatThePresetSays() {
        PresetMessages pollfish = PresetMessages.of(
                CallerPreset.pollfish("done").secrets("secret"), "https://api.example.com/pb?debug=perhaps");

        assertThat(pollfish.unsigned(APPROVAL).query()).contains("debug=false").doesNotContain("perhaps");
        assertThat(pollfish.with("debug", "true").unsigned(APPROVAL).query())
                .contains("debug=true")
                .doesNotContain("debug=false");
    }

    @Test
    void aCallerHasTheTimesAndTheStopRuleOfItsSystem() {
        MovableClock clock = MovableClock.at(Instant.parse("2026-03-01T12:00:00Z"));
        CallerPreset preset = CallerPreset.affise().secrets("a-token-0123456789");
        SimulatedCaller affise = PresetMessages.of(preset, "https://api.example.com/pb")
                .caller(call -> new HttpAnswer(404, "no"), clock)
                .build();
        affise.send(APPROVAL);

        assertThat(affise.run().all().stream()
                        .map(call -> Duration.between(Instant.parse("2026-03-01T12:00:00Z"), call.at())
                                .toSeconds()))
                .containsExactly(0L, 2L, 6L, 12L, 20L, 30L);
        assertThat(affise.calls().abandoned()).containsExactly(APPROVAL);
    }

    @Test
    void refusesAStatusThatTheSystemDoesNotSay() {
        PresetMessages tapjoy =
                PresetMessages.of(CallerPreset.tapjoy().secrets("secret"), "https://api.example.com/pb");

        assertThat(tapjoy.canSay(ConversionStatus.REVERSED)).isFalse();
        assertThatThrownBy(() -> tapjoy.apply(APPROVAL.withStatus(ConversionStatus.REVERSED)))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("Tapjoy");
        assertThatThrownBy(() -> PresetMessages.of(CallerPreset.tapjoy(), "https://api.example.com/pb"))
                .isInstanceOf(IllegalStateException.class);
    }
}
