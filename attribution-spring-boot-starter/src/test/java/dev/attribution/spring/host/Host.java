package dev.attribution.spring.host;

import dev.attribution.conversion.Conversion;
import dev.attribution.conversion.ConversionStatus;
import dev.attribution.jdbc.CreditHandler;
import dev.attribution.postback.Caller;
import dev.attribution.postback.PostbackParameter;
import dev.attribution.spring.OnReversal;
import org.springframework.boot.autoconfigure.SpringBootApplication;
import org.springframework.context.annotation.Bean;
import org.springframework.jdbc.core.simple.JdbcClient;

/** An application with a wallet, two handlers of the starter, and a login for the console. */
@SpringBootApplication
public class Host {
    @Bean
    CreditHandler pays(JdbcClient jdbc) {
        return (conversion, connection) -> book(jdbc, conversion.memberId(), conversion, 1);
    }

    @Bean
    @OnReversal
    CreditHandler takesBack(JdbcClient jdbc) {
        return (conversion, connection) -> book(jdbc, conversion.memberId(), conversion, -1);
    }

    private static void book(JdbcClient jdbc, String member, Conversion conversion, int amount) {
        jdbc.sql("insert into wallet (member_id, conversion_id, revision, amount) values (?, ?, ?, ?)")
                .params(member, conversion.conversionId(), conversion.revision(), amount)
                .update();
    }

    @Bean
    Caller partner() {
        return Caller.named("partner")
                .parameter(PostbackParameter.CLICK_ID, "sub1")
                .parameter(PostbackParameter.TRANSACTION_ID, "tx")
                .parameter(PostbackParameter.STATUS, "state")
                .parameter(PostbackParameter.PAYOUT, "payout")
                .status("2", ConversionStatus.REVERSED)
                .build();
    }
}
