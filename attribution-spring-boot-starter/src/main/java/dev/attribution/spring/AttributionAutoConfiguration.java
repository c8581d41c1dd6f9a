package dev.attribution.spring;

import com.zaxxer.hikari.HikariDataSource;
import dev.attribution.Attribution;
import dev.attribution.Retention;
import dev.attribution.click.ClickIdGenerator;
import dev.attribution.click.ClickScreen;
import dev.attribution.click.StoredContext;
import dev.attribution.conversion.DuplicatePolicy;
import dev.attribution.jdbc.CreditHandler;
import dev.attribution.jdbc.JdbcAttributionStore;
import dev.attribution.jdbc.SchemaMode;
import dev.attribution.listener.AttributionListener;
import dev.attribution.postback.Caller;
import dev.attribution.postback.PostbackVerifier;
import dev.attribution.screening.CrawlerScreen;
import dev.attribution.spi.AttributionStore;
import dev.attribution.spi.CallerRepository;
import dev.attribution.spi.OfferRepository;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Executor;
import java.util.function.Supplier;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;
import org.springframework.beans.factory.ListableBeanFactory;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.beans.factory.annotation.Qualifier;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBooleanProperty;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnProperty;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.boot.context.properties.source.InvalidConfigurationPropertyValueException;
import org.springframework.boot.jdbc.DataSourceUnwrapper;
import org.springframework.boot.jdbc.autoconfigure.DataSourceAutoConfiguration;
import org.springframework.boot.sql.init.dependency.DependsOnDatabaseInitialization;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.ImportRuntimeHints;
import org.springframework.jdbc.datasource.TransactionAwareDataSourceProxy;
import org.springframework.util.ClassUtils;

/** Makes a store on the application's {@code DataSource}, and an {@link Attribution} that takes part in its transactions. */
@AutoConfiguration(
        after = DataSourceAutoConfiguration.class,
        afterName = {
            "org.springframework.boot.flyway.autoconfigure.FlywayAutoConfiguration",
            "org.springframework.boot.liquibase.autoconfigure.LiquibaseAutoConfiguration",
            "org.springframework.boot.autoconfigure.task.TaskExecutionAutoConfiguration"
        })
@ConditionalOnBooleanProperty(name = "attribution.enabled", matchIfMissing = true)
@EnableConfigurationProperties(AttributionProperties.class)
@ImportRuntimeHints(AttributionRuntimeHints.class)
public class AttributionAutoConfiguration {
    private static final List<String> MIGRATIONS =
            List.of("org.flywaydb.core.Flyway", "liquibase.integration.spring.SpringLiquibase");

    /** Lets a call in {@code afterCommit} be refused. */
    @Bean
    static CommittedTransactions.Registration attributionCommittedTransactions() {
        return new CommittedTransactions.Registration();
    }

    /**
     * The store on the application's data source, after its migrations. A façade of the application has a store already.
     *
     * @throws DataSourceChoiceException if there are several data sources, and not exactly one of them is chosen
     */
    @Bean
    @ConditionalOnMissingBean({AttributionStore.class, Attribution.class})
    @ConditionalOnBean(DataSource.class)
    @DependsOnDatabaseInitialization
    JdbcAttributionStore attributionStore(
            AttributionProperties properties,
            @AttributionDataSource ObjectProvider<DataSource> marked,
            ObjectProvider<DataSource> all,
            ObjectProvider<CreditHandler> handlers,
            @OnReversal ObjectProvider<CreditHandler> reversalHandlers,
            ObjectProvider<StoreCustomizer> customizers,
            ListableBeanFactory beans) {
        DataSource pool = target(chosen(marked, all, beans));
        SpringTransactions transactions = new SpringTransactions(pool);
        JdbcAttributionStore.Builder builder = JdbcAttributionStore.builder(pool)
                .schemaMode(schemaMode(properties, beans))
                .combining(properties.combining())
                .hostTransactions(transactions::isActive, new CurrentDataSource(pool))
                .hostCommits(transactions::afterCommit);
        String prefix = properties.schema().tablePrefix();
        valid("attribution.schema.table-prefix", prefix, () -> builder.tablePrefix(prefix));
        String schema = properties.schema().name();
        if (schema != null) {
            valid("attribution.schema.name", schema, () -> builder.schemaName(schema));
        }
        if (handsOutTransactions(pool)) {
            builder.switchAutoCommitOn();
        }
        if (properties.lazy()) {
            builder.lazily();
        }
        List<CreditHandler> onReversal = reversalHandlers.orderedStream().toList();
        handlers.orderedStream()
                .filter(handler -> onReversal.stream().noneMatch(other -> other == handler))
                .forEach(handler -> builder.onCredit(transactions.bound(handler)));
        onReversal.forEach(handler -> builder.onReversal(transactions.bound(handler)));
        customizers.orderedStream().forEach(customizer -> customizer.customize(builder));
        return builder.build();
    }

    private static DataSource chosen(
            ObjectProvider<DataSource> marked, ObjectProvider<DataSource> all, ListableBeanFactory beans) {
        DataSource one = marked.getIfUnique();
        boolean areMarked = one == null && marked.stream().findAny().isPresent();
        DataSource chosen = one != null || areMarked ? one : all.getIfUnique();
        if (chosen == null) {
            throw new DataSourceChoiceException(List.of(beans.getBeanNamesForType(DataSource.class)));
        }
        return chosen;
    }

    /** What hands out the connection of a transaction is no pool: the store begins transactions of its own. */
    private static DataSource target(DataSource dataSource) {
        DataSource target = dataSource;
        while (target instanceof TransactionAwareDataSourceProxy proxy && proxy.getTargetDataSource() != null) {
            target = proxy.getTargetDataSource();
        }
        return target;
    }

    /** Usual for applications with Hibernate: {@code spring.datasource.hikari.auto-commit=false}. */
    private static boolean handsOutTransactions(DataSource pool) {
        return ClassUtils.isPresent(
                        "com.zaxxer.hikari.HikariDataSource", AttributionAutoConfiguration.class.getClassLoader())
                && Hikari.handsOutTransactions(pool);
    }

    /** Loaded only if the application did not exclude HikariCP. */
    private static final class Hikari {
        private Hikari() {}

        static boolean handsOutTransactions(DataSource pool) {
            HikariDataSource hikari = DataSourceUnwrapper.unwrap(pool, HikariDataSource.class);
            return hikari != null && !hikari.isAutoCommit();
        }
    }

    private static SchemaMode schemaMode(AttributionProperties properties, ListableBeanFactory beans) {
        SchemaMode mode = properties.schema().mode();
        if (mode != null) {
            return mode;
        }
        return MIGRATIONS.stream().anyMatch(type -> hasBean(type, beans)) ? SchemaMode.VALIDATE : SchemaMode.CREATE;
    }

    private static boolean hasBean(String type, ListableBeanFactory beans) {
        ClassLoader loader = AttributionAutoConfiguration.class.getClassLoader();
        return ClassUtils.isPresent(type, loader)
                && beans.getBeanNamesForType(ClassUtils.resolveClassName(type, loader), true, false).length > 0;
    }

    /** The façade. In a transaction of the application it takes part in it, and outside of one it commits by itself. */
    @Bean
    @ConditionalOnMissingBean
    @ConditionalOnBean(AttributionStore.class)
    Attribution attribution(
            AttributionStore store,
            AttributionProperties properties,
            CallerRepository attributionCallers,
            ObjectProvider<AttributionListener> listeners,
            ObjectProvider<ClickScreen> screen,
            ObjectProvider<PostbackVerifier> verifier,
            ObjectProvider<InstantSource> clock,
            ObjectProvider<ClickIdGenerator> clickIds,
            ObjectProvider<StoredContext> storedContext,
            ObjectProvider<OfferRepository> offers,
            @Qualifier("applicationTaskExecutor") ObjectProvider<Executor> executor,
            ObjectProvider<AttributionCustomizer> customizers) {
        Attribution.Builder builder = Attribution.builder(store)
                .joiningTransactions()
                .callers(attributionCallers)
                .duplicatePolicy(valid(
                        "attribution.duplicate-policy",
                        properties.duplicatePolicy(),
                        () -> DuplicatePolicy.parse(properties.duplicatePolicy())))
                .listener(new ListenerList(listeners.orderedStream().toList()));
        valid("attribution.max-waiting", properties.maxWaiting(), () -> builder.maxWaiting(properties.maxWaiting()));
        valid("attribution.max-wait", properties.maxWait(), () -> builder.maxWait(properties.maxWait()));
        StoredContext own = storedContext.getIfUnique();
        builder.storedContext(
                own != null
                        ? own
                        : valid(
                                "attribution.stored-context",
                                properties.storedContext(),
                                () -> properties.storedContext().stored()));
        screen.ifUnique(builder::screen);
        verifier.ifUnique(builder::verifier);
        clock.ifUnique(builder::clock);
        clickIds.ifUnique(builder::clickIds);
        executor.ifUnique(builder::executor);
        String memberKey = properties.memberKey();
        if (memberKey != null) {
            valid(
                    "attribution.member-key",
                    "(secret)",
                    () -> builder.memberKey(Base64.getDecoder().decode(memberKey)));
        }
        OfferRepository hostOffers = offers.getIfUnique();
        Duration window = properties.attributionWindow();
        if (hostOffers != null) {
            builder.offers(hostOffers);
        } else if (window != null) {
            builder.offers(
                    valid("attribution.attribution-window", window, () -> new DefaultWindowOffers(store, window)));
        }
        if (properties.lazy()) {
            builder.lazily();
        }
        customizers.orderedStream().forEach(customizer -> customizer.customize(builder));
        return builder.build();
    }

    /** The maintained list of crawlers, if its module is there. */
    @Configuration(proxyBeanMethods = false)
    @ConditionalOnClass(CrawlerScreen.class)
    static class ScreeningConfiguration {
        @Bean
        @ConditionalOnMissingBean
        ClickScreen attributionClickScreen() {
            return ClickScreen.standard().then(CrawlerScreen.create());
        }
    }

    /** The deletion of old clicks, which the application runs. */
    @Bean
    @ConditionalOnMissingBean
    @ConditionalOnBean(Attribution.class)
    @ConditionalOnProperty("attribution.retention.older-than")
    Retention attributionRetention(Attribution attribution, AttributionProperties properties) {
        AttributionProperties.Retention rules = properties.retention();
        return valid("attribution.retention", rules, () -> {
            Retention.Builder builder =
                    attribution.retention().batchSize(rules.batchSize()).share(rules.share());
            Optional.ofNullable(rules.olderThan()).ifPresent(builder::olderThan);
            Optional.ofNullable(rules.validationTime()).ifPresent(builder::validationTime);
            Optional.ofNullable(rules.assumedWindow()).ifPresent(builder::assumedWindow);
            return builder.build();
        });
    }

    /** The callers of the application: the {@link Caller} beans by their names. */
    @Bean
    @ConditionalOnMissingBean
    CallerRepository attributionCallers(ObjectProvider<Caller> callers) {
        return CallerRepository.of(callers.orderedStream().toArray(Caller[]::new));
    }

    /** Says which property has a value that is not allowed. */
    private static <T extends @Nullable Object> T valid(String property, Object value, Supplier<T> use) {
        try {
            return use.get();
        } catch (IllegalArgumentException | IllegalStateException e) {
            throw new InvalidConfigurationPropertyValueException(property, value, String.valueOf(e.getMessage()));
        }
    }
}
