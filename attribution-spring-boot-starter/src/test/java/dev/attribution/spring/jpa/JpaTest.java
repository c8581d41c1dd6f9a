package dev.attribution.spring.jpa;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.attribution.TransactionMisuseException;
import dev.attribution.postback.PostbackOutcome.Kind;
import dev.attribution.spring.Application;
import dev.attribution.spring.TestDatabase;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.springframework.transaction.support.TransactionSynchronization;
import org.springframework.transaction.support.TransactionSynchronizationManager;
import org.springframework.transaction.support.TransactionTemplate;

/** The transaction of Hibernate is that of the postback. */
class JpaTest {
    @ParameterizedTest
    @EnumSource(TestDatabase.class)
    void anEntityAndAPostbackAreCommittedTogether(TestDatabase database) {
        try (Application host = Application.start(
                database,
                JpaHost.class,
                "spring.autoconfigure.exclude=org.springframework.boot.jetty.autoconfigure.servlet.JettyServletWebServerAutoConfiguration",
                "spring.jpa.hibernate.ddl-auto=create",
                "spring.jpa.open-in-view=false")) {
            JpaHost.Shop shop = host.bean(JpaHost.Shop.class);
            String postback = host.clicked();
            JpaHost.TOLD.clear();

            assertThatThrownBy(() -> shop.buy("book", postback, true)).hasMessageContaining("changed its mind");
            assertThat(host.count("purchase")).isZero();
            assertThat(host.count("attribution_history")).isZero();
            assertThat(host.balance()).isZero();
            assertThat(JpaHost.TOLD).as("of what is rolled back").isEmpty();

            assertThat(shop.buy("book", postback, false).kind()).isEqualTo(Kind.ATTRIBUTED);
            assertThat(host.count("purchase")).isEqualTo(1);
            assertThat(host.balance()).isEqualTo(1);
            assertThat(JpaHost.TOLD).containsExactly(Kind.ATTRIBUTED);
            assertThat(host.attribution().postback(postback).kind()).isEqualTo(Kind.DUPLICATE);

            String other = host.clicked();
            assertThat(host.attribution().postback(other).kind()).isEqualTo(Kind.ATTRIBUTED);
            assertThat(host.balance()).as("without a transaction of the host").isEqualTo(2);
            String byService = host.clicked() + "&event_id=service";
            assertThatThrownBy(() -> host.attribution().postback(byService))
                    .isInstanceOf(TransactionMisuseException.class)
                    .hasMessageContaining("settle in a transaction of the application");
            assertThat(host.balance()).isEqualTo(2);
            assertThat(shop.buy("pen", byService, false).kind()).isEqualTo(Kind.ATTRIBUTED);
            assertThat(host.balance()).isEqualTo(3);

            TransactionTemplate transaction = host.bean(TransactionTemplate.class);
            transaction.executeWithoutResult(status ->
                    TransactionSynchronizationManager.registerSynchronization(new TransactionSynchronization() {
                        @Override
                        public void afterCommit() {
                            assertThatThrownBy(() -> host.attribution().postback(postback))
                                    .isInstanceOf(TransactionMisuseException.class)
                                    .hasMessageContaining("is committed already");
                        }
                    }));
        }
    }
}
