package dev.attribution.spring.jpa;

import dev.attribution.Attribution;
import dev.attribution.jdbc.CreditHandler;
import dev.attribution.postback.PostbackOutcome;
import org.springframework.boot.autoconfigure.SpringBootApplication;
import org.springframework.context.annotation.Bean;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Service;
import org.springframework.transaction.annotation.Transactional;

/** An application with JPA. */
@SpringBootApplication
public class JpaHost {
    @Bean
    CreditHandler pays(JdbcClient jdbc) {
        return (conversion, connection) -> jdbc.sql(
                        "insert into wallet (member_id, conversion_id, revision, amount) values (?, ?, ?, 1)")
                .params(conversion.memberId(), conversion.conversionId(), conversion.revision())
                .update();
    }

    /** Saves an entity and settles a postback together. */
    @Service
    public static class Shop {
        private final Purchases purchases;
        private final Attribution attribution;

        Shop(Purchases purchases, Attribution attribution) {
            this.purchases = purchases;
            this.attribution = attribution;
        }

        @Transactional
        public PostbackOutcome buy(String item, String postback, boolean fails) {
            purchases.save(new Purchase(item));
            PostbackOutcome outcome = attribution.postback(postback);
            if (fails) {
                throw new IllegalStateException("the application changed its mind");
            }
            return outcome;
        }
    }
}
