package dev.attribution.spring.host;

import static org.assertj.core.api.Assertions.assertThat;

import dev.attribution.Attribution;
import dev.attribution.click.ClickId;
import dev.attribution.click.ClickRequest;
import dev.attribution.jdbc.CreditHandler;
import dev.attribution.offer.Offer;
import dev.attribution.postback.PostbackOutcome.Kind;
import dev.attribution.postback.PostbackRequest;
import dev.attribution.spring.test.AttributionTest;
import javax.sql.DataSource;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.context.ApplicationContext;
import org.springframework.context.ApplicationContextInitializer;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.test.context.ContextConfiguration;

/** The slice in a package of an application, whose class has callers and handlers, and which has components and configurations. */
@AttributionTest
@ContextConfiguration(initializers = HostSliceTest.Registering.class)
class HostSliceTest {
    /** Registers an object, as a test does that replaces a handler. */
    static class Registering implements ApplicationContextInitializer<ConfigurableApplicationContext> {
        @Override
        public void initialize(ConfigurableApplicationContext context) {
            CreditHandler handler = (conversion, connection) -> {};
            context.getBeanFactory().registerSingleton("registered", handler);
        }
    }

    @Autowired
    Attribution attribution;

    @Autowired
    ApplicationContext context;

    @Test
    void hasTheBeansOfTheApplicationsClassAndNoComponents() {
        attribution
                .offers()
                .put(Offer.builder("sale")
                        .trackingLink("https://example.com?c={gk_click_id}")
                        .build());
        ClickId clickId = attribution.click(ClickRequest.of("sale", "m")).clickId();

        assertThat(attribution
                        .from("partner")
                        .postback(PostbackRequest.get("/pb?sub1=" + clickId).build())
                        .kind())
                .isEqualTo(Kind.ATTRIBUTED);

        assertThat(context.getBeanNamesForType(Host.class)).hasSize(1);
        assertThat(context.getBeanNamesForType(Rewards.class)).isEmpty();
        assertThat(context.getBeanNamesForType(WebHost.class)).isEmpty();
        assertThat(context.getBeanNamesForType(DataSource.class)).isEmpty();
        assertThat(context.getBeanNamesForType(CreditHandler.class, true, false))
                .as("handlers, which need a database, and are not made")
                .isNotEmpty();
    }
}
