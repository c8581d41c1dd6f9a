package dev.attribution.examples.springhost;

import dev.attribution.conversion.Conversion;
import dev.attribution.jdbc.CreditHandler;
import dev.attribution.spring.OnReversal;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.jdbc.core.simple.JdbcClient;

/** The coins of the members: credited and taken back in the transaction of the conversion. */
@Configuration
class Wallet {
    private static final int COINS = 10;

    @Bean
    CreditHandler credits(JdbcClient jdbc) {
        return (conversion, connection) -> book(jdbc, conversion, COINS);
    }

    @Bean
    @OnReversal
    CreditHandler debits(JdbcClient jdbc) {
        return (conversion, connection) -> book(jdbc, conversion, -COINS);
    }

    private static void book(JdbcClient jdbc, Conversion conversion, int coins) {
        jdbc.sql("insert into wallet (conversion_id, revision, member_id, coins) values (?, ?, ?, ?)")
                .params(conversion.conversionId(), conversion.revision(), conversion.memberId(), coins)
                .update();
    }

    static int coinsOf(JdbcClient jdbc, String memberId) {
        return jdbc.sql("select coalesce(sum(coins), 0) from wallet where member_id = ?")
                .param(memberId)
                .query(Integer.class)
                .single();
    }
}
