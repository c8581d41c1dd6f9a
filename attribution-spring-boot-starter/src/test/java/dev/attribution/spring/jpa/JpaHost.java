package dev.attribution.spring.jpa;

import dev.attribution.Attribution;
import dev.attribution.conversion.Conversion;
import dev.attribution.jdbc.CreditHandler;
import dev.attribution.listener.AttributionListener;
import dev.attribution.listener.SettledPostback;
import dev.attribution.postback.PostbackOutcome;
import dev.attribution.postback.PostbackOutcome.Kind;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import org.springframework.boot.autoconfigure.SpringBootApplication;
import org.springframework.context.annotation.Bean;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Service;
import org.springframework.transaction.annotation.Transactional;

/** An application with JPA. */
@SpringBootApplication
public class JpaHost {
    /** An event of the name "service" is booked by a method with {@code @Transactional}. */
    @Bean
    CreditHandler pays(Wallet wallet) {
        return (conversion, connection) -> {
            if (conversion.eventId().equals(Optional.of("service"))) {
                wallet.bookInATransaction(conversion);
            } else {
                wallet.book(conversion);
            }
        };
    }

    /** The kinds of outcomes that a listener was told. */
    static final List<Kind> TOLD = new CopyOnWriteArrayList<>();

    @Bean
    AttributionListener remembers() {
        return new AttributionListener() {
            @Override
            public void settled(SettledPostback settled) {
                TOLD.add(settled.outcome().kind());
            }
        };
    }

    /** What members own. */
    @Service
    public static class Wallet {
        private final JdbcClient jdbc;

        Wallet(JdbcClient jdbc) {
            this.jdbc = jdbc;
        }

        @Transactional
        public void bookInATransaction(Conversion conversion) {
            book(conversion);
        }

        public void book(Conversion conversion) {
            jdbc.sql("insert into wallet (member_id, conversion_id, revision, amount) values (?, ?, ?, 1)")
                    .params(conversion.memberId(), conversion.conversionId(), conversion.revision())
                    .update();
        }
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
