package dev.attribution.spring;

import static org.assertj.core.api.Assertions.assertThat;

import dev.attribution.Attribution;
import dev.attribution.Offers;
import dev.attribution.Retention;
import dev.attribution.click.Click;
import dev.attribution.click.ClickFlag;
import dev.attribution.click.ClickId;
import dev.attribution.click.ClickIdGenerator;
import dev.attribution.click.ClickRequest;
import dev.attribution.click.ClickScreen;
import dev.attribution.click.ScreenVerdict;
import dev.attribution.console.Console;
import dev.attribution.memory.InMemoryAttributionStore;
import dev.attribution.offer.Offer;
import dev.attribution.postback.Caller;
import dev.attribution.postback.PostbackOutcome.Kind;
import dev.attribution.postback.PostbackParameter;
import dev.attribution.postback.PostbackVerifier;
import dev.attribution.postback.Reason;
import dev.attribution.screening.CrawlerScreen;
import dev.attribution.spi.AttributionStore;
import dev.attribution.spi.CallerRepository;
import dev.attribution.spi.OfferRepository;
import dev.attribution.spring.watch.AttributionHealthIndicator;
import dev.attribution.spring.watch.AttributionInfoContributor;
import dev.attribution.spring.watch.AttributionWatchAutoConfiguration;
import dev.attribution.spring.web.AttributionConsoleAutoConfiguration;
import dev.attribution.spring.web.AttributionHandlers;
import dev.attribution.spring.web.AttributionWebAutoConfiguration;
import dev.attribution.testkit.ClickIds;
import dev.attribution.testkit.MovableClock;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.micrometer.observation.ObservationRegistry;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.springframework.aot.hint.RuntimeHints;
import org.springframework.aot.hint.predicate.RuntimeHintsPredicates;
import org.springframework.boot.actuate.info.Info;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.health.contributor.Status;
import org.springframework.boot.jdbc.autoconfigure.DataSourceAutoConfiguration;
import org.springframework.boot.test.context.FilteredClassLoader;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.boot.test.context.runner.WebApplicationContextRunner;
import org.springframework.context.ApplicationContext;

/** Each bean gives way to one of the application, and what the application has is picked up. */
class BackOffTest {
    private static final Instant NOW = Instant.parse("2026-03-02T12:00:00Z");

    private final ApplicationContextRunner runner = new ApplicationContextRunner()
            .withConfiguration(AutoConfigurations.of(
                    DataSourceAutoConfiguration.class,
                    AttributionAutoConfiguration.class,
                    AttributionWatchAutoConfiguration.class))
            .withPropertyValues("spring.datasource.url=jdbc:h2:mem:", "spring.datasource.generate-unique-name=true");
    private final WebApplicationContextRunner web = new WebApplicationContextRunner()
            .withConfiguration(AutoConfigurations.of(
                    AttributionAutoConfiguration.class,
                    AttributionWebAutoConfiguration.class,
                    AttributionConsoleAutoConfiguration.class))
            .withBean(AttributionStore.class, InMemoryAttributionStore::new);

    private static void putOffer(Attribution attribution) {
        attribution
                .offers()
                .put(Offer.builder("sale")
                        .trackingLink("https://example.com?c={gk_click_id}")
                        .build());
    }

    private static Caller caller(String name) {
        return Caller.named(name).parameter(PostbackParameter.CLICK_ID, "sub1").build();
    }

    @Test
    void withoutADataSourceThereIsNothing() {
        new ApplicationContextRunner()
                .withConfiguration(AutoConfigurations.of(
                        AttributionAutoConfiguration.class, AttributionWatchAutoConfiguration.class))
                .run(context -> assertThat(context).hasNotFailed().doesNotHaveBean(Attribution.class));
    }

    @Test
    void canBeSwitchedOff() {
        runner.withPropertyValues("attribution.enabled=false")
                .run(context -> assertThat(context)
                        .doesNotHaveBean(Attribution.class)
                        .doesNotHaveBean(AttributionStore.class)
                        .doesNotHaveBean(AttributionHealthIndicator.class));
    }

    @Test
    void everyWordForNoSwitchesOff() {
        runner.withPropertyValues("attribution.enabled=off")
                .run(context -> assertThat(context).doesNotHaveBean(Attribution.class));
        web.withPropertyValues("attribution.console.enabled=off")
                .run(context -> assertThat(context).doesNotHaveBean(Console.class));
        web.withPropertyValues("attribution.console.enabled=true")
                .run(context -> assertThat(context).hasSingleBean(Console.class));
        web.run(context -> assertThat(context).hasBean("attributionRelaxedQueries"));
        web.withPropertyValues("attribution.web.relaxed-query-characters=no")
                .run(context -> assertThat(context)
                        .hasSingleBean(AttributionHandlers.class)
                        .doesNotHaveBean("attributionRelaxedQueries"));
    }

    @Test
    void theStoreAndTheFacadeGiveWay() {
        runner.withBean(AttributionStore.class, InMemoryAttributionStore::new).run(context -> {
            assertThat(context).hasSingleBean(AttributionStore.class).hasSingleBean(Attribution.class);
            assertThat(context.getBean(AttributionStore.class)).isInstanceOf(InMemoryAttributionStore.class);
        });
        Attribution own = Attribution.builder(new InMemoryAttributionStore()).build();
        runner.withBean(Attribution.class, () -> own).run(context -> {
            assertThat(context)
                    .hasNotFailed()
                    .doesNotHaveBean(AttributionStore.class)
                    .hasSingleBean(AttributionInfoContributor.class);
            assertThat(context.getBean(Attribution.class)).isSameAs(own);
            assertThat(context.getBean(AttributionHealthIndicator.class)
                            .health()
                            .getStatus())
                    .isEqualTo(Status.UP);
            Info.Builder info = new Info.Builder();
            context.getBean(AttributionInfoContributor.class).contribute(info);
            assertThat(info.build().getDetails()).containsKey("attribution");
        });
    }

    @Test
    void whatIsSwitchedOffLeavesAFacadeOfTheApplicationAlone() {
        Attribution own = Attribution.builder(new InMemoryAttributionStore()).build();
        new WebApplicationContextRunner()
                .withConfiguration(AutoConfigurations.of(
                        AttributionAutoConfiguration.class,
                        AttributionWatchAutoConfiguration.class,
                        AttributionWebAutoConfiguration.class,
                        AttributionConsoleAutoConfiguration.class))
                .withBean(Attribution.class, () -> own)
                .withBean(MeterRegistry.class, SimpleMeterRegistry::new)
                .withPropertyValues("attribution.enabled=false", "attribution.console.enabled=true")
                .run(context -> assertThat(context)
                        .hasNotFailed()
                        .doesNotHaveBean(AttributionHealthIndicator.class)
                        .doesNotHaveBean(AttributionHandlers.class)
                        .doesNotHaveBean(Console.class));
    }

    @Test
    void whatWatchesGivesWay() {
        runner.withBean(MeterRegistry.class, SimpleMeterRegistry::new)
                .run(context -> assertThat(context)
                        .hasSingleBean(AttributionHealthIndicator.class)
                        .hasSingleBean(AttributionInfoContributor.class)
                        .hasBean("attributionMeters")
                        .hasBean("attributionGauges"));
        runner.run(context -> assertThat(context).doesNotHaveBean("attributionMeters"));
        runner.withBean("attributionHealthIndicator", String.class, () -> "own")
                .withBean("attributionInfoContributor", String.class, () -> "own")
                .run(context -> assertThat(context)
                        .doesNotHaveBean(AttributionHealthIndicator.class)
                        .doesNotHaveBean(AttributionInfoContributor.class));
        runner.withPropertyValues(
                        "management.health.attribution.enabled=false", "management.info.attribution.enabled=false")
                .run(context -> assertThat(context)
                        .doesNotHaveBean(AttributionHealthIndicator.class)
                        .doesNotHaveBean(AttributionInfoContributor.class));
        runner.withClassLoader(new FilteredClassLoader(
                        "org.springframework.boot.health", "org.springframework.boot.actuate", "io.micrometer"))
                .run(context -> assertThat(context).hasNotFailed().hasSingleBean(Attribution.class));
    }

    @Test
    void theHandlersAndTheConsoleGiveWay() {
        web.run(context -> assertThat(context)
                .hasSingleBean(AttributionHandlers.class)
                .doesNotHaveBean(Console.class)
                .doesNotHaveBean("attributionConsoleRoutes"));
        web.withPropertyValues("attribution.console.enabled=true")
                .run(context -> assertThat(context).hasSingleBean(Console.class).hasBean("attributionConsoleRoutes"));
        AttributionHandlers handlers = new AttributionHandlers(
                Attribution.builder(new InMemoryAttributionStore()).build(), "who", ObservationRegistry.NOOP);
        Console console = Console.builder(
                        Attribution.builder(new InMemoryAttributionStore()).build())
                .build();
        web.withPropertyValues("attribution.console.enabled=true")
                .withBean(AttributionHandlers.class, () -> handlers)
                .withBean(Console.class, () -> console)
                .run(context -> {
                    assertThat(context.getBean(AttributionHandlers.class)).isSameAs(handlers);
                    assertThat(context.getBean(Console.class)).isSameAs(console);
                });
        runner.run(
                context -> assertThat(context).as("without a web server").doesNotHaveBean(AttributionHandlers.class));
    }

    @Test
    void theConsoleTakesNoPathOfTheApplication() {
        for (String path : new String[] {"", "/", "console", "/console/"}) {
            web.withPropertyValues("attribution.console.enabled=true", "attribution.console.path=" + path)
                    .run(context -> assertThat(context)
                            .hasFailed()
                            .getFailure()
                            .rootCause()
                            .hasMessageContaining("attribution.console.path"));
        }
    }

    @Test
    void picksUpWhatTheApplicationHas() {
        MovableClock clock = MovableClock.at(NOW);
        ClickIds clickIds = ClickIds.counting();
        runner.withBean(InstantSource.class, () -> clock)
                .withBean(ClickIdGenerator.class, () -> clickIds)
                .withBean(ClickScreen.class, () -> request -> ScreenVerdict.flagged("mine"))
                .withBean(PostbackVerifier.class, () -> PostbackVerifier.sharedSecret("key", "a secret of sixteen"))
                .withBean("one", Caller.class, () -> caller("one"))
                .withBean("two", Caller.class, () -> caller("two"))
                .run(context -> {
                    Attribution attribution = context.getBean(Attribution.class);
                    putOffer(attribution);
                    ClickId clickId =
                            attribution.click(ClickRequest.of("sale", "m")).clickId();
                    Click click = attribution.trace(clickId).click().orElseThrow();
                    assertThat(clickId).isEqualTo(ClickIds.number(1));
                    assertThat(click.clickedAt()).isEqualTo(NOW);
                    assertThat(click.flag()).isPresent();
                    assertThat(attribution.from("one").caller().name()).isEqualTo("one");
                    assertThat(attribution.from("two").caller().name()).isEqualTo("two");
                    assertThat(attribution.postback("gk_click_id=" + clickId).reason())
                            .contains(Reason.NOT_AUTHENTIC);
                });
    }

    private static Optional<String> flagOfACrawlersClick(ApplicationContext context) {
        Attribution attribution = context.getBean(Attribution.class);
        putOffer(attribution);
        ClickId clickId = attribution
                .click(ClickRequest.of("sale", "m").withHeader("User-Agent", "WhatsApp/2.23.20.0"))
                .clickId();
        return attribution.trace(clickId).click().orElseThrow().flag().map(ClickFlag::rule);
    }

    @Test
    void clicksAreScreenedByTheListIfItsModuleIsThereAndTheApplicationHasNoScreen() {
        runner.run(context -> assertThat(flagOfACrawlersClick(context)).contains("crawler.whatsapp"));
        runner.withClassLoader(new FilteredClassLoader("dev.attribution.screening"))
                .run(context -> assertThat(context).doesNotHaveBean(ClickScreen.class));
        runner.withBean(ClickScreen.class, ClickScreen::none).run(context -> {
            assertThat(context).hasSingleBean(ClickScreen.class);
            assertThat(flagOfACrawlersClick(context)).isEmpty();
        });
    }

    @Test
    void aNativeImageHasTheListOfCrawlers() {
        RuntimeHints hints = new RuntimeHints();
        new AttributionRuntimeHints().registerHints(hints, getClass().getClassLoader());

        for (String file : List.of("crawler-user-agents.json", "VERSION")) {
            String path = "dev/attribution/screening/crawler-user-agents/" + file;
            assertThat(CrawlerScreen.class.getResource("/" + path)).isNotNull();
            assertThat(RuntimeHintsPredicates.resource().forResource(path)).accepts(hints);
        }
    }

    @Test
    void oldClicksAreDeletedAsThePropertiesSay() {
        MovableClock clock = MovableClock.at(NOW);
        runner.withBean(InstantSource.class, () -> clock)
                .withPropertyValues(
                        "attribution.member-key=MDEyMzQ1Njc4OWFiY2RlZjAxMjM0NTY3ODlhYmNkZWY=",
                        "attribution.retention.older-than=400d",
                        "attribution.retention.validation-time=60d",
                        "attribution.retention.assumed-window=30d")
                .run(context -> {
                    Attribution attribution = context.getBean(Attribution.class);
                    putOffer(attribution);
                    attribution.click(ClickRequest.of("sale", "m"));
                    clock.moveBy(Duration.ofDays(401));
                    attribution.click(ClickRequest.of("sale", "m"));
                    assertThat(context.getBean(Retention.class)
                                    .run(progress -> {})
                                    .clicks())
                            .isEqualTo(1);
                });
        runner.run(context -> assertThat(context).doesNotHaveBean(Retention.class));
        runner.withPropertyValues("attribution.retention.older-than=400d")
                .run(context -> assertThat(context)
                        .hasFailed()
                        .getFailure()
                        .rootCause()
                        .hasMessageContaining("validationTime"));
    }

    @Test
    void picksUpTheRepositoriesOfTheApplication() {
        Caller own = caller("own");
        Offer offer = Offer.builder("mine")
                .trackingLink("https://example.com?c={gk_click_id}")
                .build();
        runner.withBean(CallerRepository.class, () -> CallerRepository.of(own))
                .withBean(OfferRepository.class, () -> ids -> Map.of("mine", offer))
                .withBean(AttributionCustomizer.class, () -> builder -> builder.macro("region", click -> "eu"))
                .run(context -> {
                    Attribution attribution = context.getBean(Attribution.class);
                    assertThat(attribution.from("own").caller()).isSameAs(own);
                    assertThat(attribution.offers().find("mine")).contains(offer);
                    assertThat(context.getBeansOfType(CallerRepository.class)).hasSize(1);
                });
    }

    @Test
    void anOfferThatIsSavedUnchangedFollowsTheDefaultWindowAndOneWithAWindowKeepsIt() {
        InMemoryAttributionStore store = new InMemoryAttributionStore();
        Duration week = Duration.ofDays(7);
        ApplicationContextRunner same = new ApplicationContextRunner()
                .withConfiguration(AutoConfigurations.of(AttributionAutoConfiguration.class))
                .withBean(AttributionStore.class, () -> store);
        same.withPropertyValues("attribution.attribution-window=7d").run(context -> {
            Offers offers = context.getBean(Attribution.class).offers();
            for (String id : List.of("without", "slow", "changed", "own")) {
                Offer.Builder offer = Offer.builder(id).trackingLink("https://example.com?c={gk_click_id}");
                if (id.equals("own")) {
                    offer.attributionWindow(week);
                }
                if (id.equals("slow")) {
                    offer.minimumDelay(Duration.ofDays(9));
                }
                offers.put(offer.build());
                offers.put(offers.find(id).orElseThrow().toBuilder().build());
            }
            offers.put(offers.find("changed").orElseThrow().toBuilder()
                    .attributionWindow(Duration.ofDays(3))
                    .build());
        });

        same.withPropertyValues("attribution.attribution-window=14d").run(context -> {
            Offers offers = context.getBean(Attribution.class).offers();
            assertThat(offers.find("without").flatMap(Offer::attributionWindow)).contains(Duration.ofDays(14));
            assertThat(offers.find("slow").flatMap(Offer::attributionWindow)).contains(Duration.ofDays(14));
            assertThat(offers.find("changed").flatMap(Offer::attributionWindow)).contains(Duration.ofDays(3));
            assertThat(offers.find("own").flatMap(Offer::attributionWindow)).contains(week);
        });
    }

    @Test
    void thePropertiesHaveTheirEffect() {
        MovableClock clock = MovableClock.at(NOW);
        runner.withBean(InstantSource.class, () -> clock)
                .withPropertyValues(
                        "attribution.schema.table-prefix=my_",
                        "attribution.schema.name=PUBLIC",
                        "attribution.duplicate-policy=at-most-2",
                        "attribution.attribution-window=7d",
                        "attribution.max-waiting=5",
                        "attribution.max-wait=2s",
                        "attribution.combining=false",
                        "attribution.stored-context.ipv4-bytes=2",
                        "attribution.stored-context.user-agent=false",
                        "attribution.stored-context.referrer=without-path")
                .run(context -> {
                    Attribution attribution = context.getBean(Attribution.class);
                    putOffer(attribution);
                    assertThat(attribution.offers().find("sale").flatMap(Offer::attributionWindow))
                            .contains(Duration.ofDays(7));
                    ClickId clickId = attribution
                            .click(ClickRequest.of("sale", "m")
                                    .with(dev.attribution.click.ClickContext.builder()
                                            .ip("203.0.113.9")
                                            .userAgent("Some/1")
                                            .referrer("https://a.example/b?c")
                                            .build()))
                            .clickId();
                    Click click = attribution.trace(clickId).click().orElseThrow();
                    assertThat(click.context().ip()).contains("203.0.0.0");
                    assertThat(click.context().userAgent()).isEmpty();
                    assertThat(click.context().referrer()).contains("https://a.example");
                    assertThat(attribution
                                    .postback("gk_click_id=" + clickId + "&transaction_id=1")
                                    .kind())
                            .isEqualTo(Kind.ATTRIBUTED);
                    clock.moveTo(NOW.plus(Duration.ofDays(8)));
                    assertThat(attribution
                                    .postback("gk_click_id=" + clickId + "&transaction_id=2")
                                    .reason())
                            .contains(Reason.OUTSIDE_WINDOW);
                    assertThat(new org.springframework.jdbc.core.JdbcTemplate(
                                            context.getBean(javax.sql.DataSource.class))
                                    .queryForObject("select count(*) from my_click", Integer.class))
                            .isEqualTo(1);
                });
    }
}
