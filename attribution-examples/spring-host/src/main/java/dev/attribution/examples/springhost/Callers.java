package dev.attribution.examples.springhost;

import dev.attribution.console.ConsoleCaller;
import dev.attribution.postback.Caller;
import dev.attribution.postback.PostbackParameter;
import dev.attribution.postback.PostbackVerifier;
import dev.attribution.trackers.CallerPreset;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/** Who fires postbacks: three systems that a preset describes, and one of our own. The secrets belong into your configuration. */
@Configuration
class Callers {
    static final String PARTNER_SECRET = "a secret for partners";
    static final String TIME_WALL_SECRET = "the secret that TimeWall shows";
    static final String LOOTABLY_SECRET = "the secret that Lootably shows";
    static final String BITLABS_SECRET = "the secret that BitLabs shows";
    private static final String HOST = "https://host.example.com/postback/";

    private static final CallerPreset TIME_WALL = CallerPreset.timeWall().secrets(TIME_WALL_SECRET);
    private static final CallerPreset LOOTABLY = CallerPreset.lootably("1").secrets(LOOTABLY_SECRET);
    private static final CallerPreset BITLABS =
            CallerPreset.bitLabs("{UID}", "COMPLETE").secrets(BITLABS_SECRET);

    @Bean
    Caller timeWall() {
        return TIME_WALL.caller();
    }

    @Bean
    Caller lootably() {
        return LOOTABLY.caller();
    }

    @Bean
    Caller bitLabs() {
        return BITLABS.caller();
    }

    /** A partner whose calls we describe ourselves. */
    @Bean
    Caller partner() {
        return Caller.named("partner")
                .parameter(PostbackParameter.CLICK_ID, "click")
                .parameter(PostbackParameter.TRANSACTION_ID, "order")
                .parameter(PostbackParameter.STATUS, "state")
                .parameter(PostbackParameter.PAYOUT, "amount")
                .verifier(PostbackVerifier.sharedSecret("key", PARTNER_SECRET))
                .build();
    }

    /** With the URLs to paste, for the console. */
    @Bean
    ConsoleCaller pasteForTimeWall() {
        return ConsoleCaller.of(timeWall(), TIME_WALL, HOST + timeWall().name());
    }

    @Bean
    ConsoleCaller pasteForLootably() {
        return ConsoleCaller.of(lootably(), LOOTABLY, HOST + lootably().name());
    }

    @Bean
    ConsoleCaller pasteForBitLabs() {
        return ConsoleCaller.of(bitLabs(), BITLABS, HOST + bitLabs().name());
    }
}
