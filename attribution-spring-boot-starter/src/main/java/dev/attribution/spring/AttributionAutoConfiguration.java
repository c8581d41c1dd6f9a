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
import dev.attribution.spring.internal.OneBean;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Executor;
import java.util.function.Consumer;
import java.util.function.Supplier;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.beans.factory.ListableBeanFactory;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.beans.factory.config.ConfigurableListableBeanFactory;
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
import org.springframework.core.task.AsyncTaskExecutor;
import org.springframework.jdbc.datasource.TransactionAwareDataSourceProxy;
import org.springframework.scheduling.TaskScheduler;
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

    /** What Spring Boot makes unless the application has an executor. */
    private static final String TASK_EXECUTOR = "applicationTaskExecutor";

    /** The bean by which a test without a database says that handlers are not called. */
    private static final String HANDLERS_ARE_NOT_MADE = "attributionHandlersAreNotMade";

    private static final Logger LOG = LoggerFactory.getLogger(AttributionAutoConfiguration.class);

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
            ObjectProvider<Map<String, CreditHandler>> handlers,
            @OnReversal ObjectProvider<Map<String, CreditHandler>> reversalHandlers,
            ObjectProvider<StoreCustomizer> customizers,
            ConfigurableListableBeanFactory beans) {
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
        RoutingKey routing = RoutingKey.of(pool);
        if (routing != null) {
            builder.combiningKey(routing); // a customizer may set another
        }
        if (properties.lazy()) {
            builder.lazily();
        }
        Map<String, CreditHandler> onReversal = reversalHandlers.getIfAvailable(Map::of);
        OrderedHandlers.of(handlers.getIfAvailable(Map::of), onReversal.keySet(), beans)
                .forEach(handler -> builder.onCredit(transactions.bound(handler)));
        OrderedHandlers.of(onReversal, Set.of(), beans)
                .forEach(handler -> builder.onReversal(transactions.bound(handler)));
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
            ObjectProvider<AttributionCustomizer> customizers,
            ListableBeanFactory beans) {
        warnOfWhatIsNotCalled(store, beans);
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
        StoredContext own = OneBean.of(beans, StoredContext.class);
        builder.storedContext(
                own != null
                        ? own
                        : valid(
                                "attribution.stored-context",
                                properties.storedContext(),
                                () -> properties.storedContext().stored()));
        ifThere(OneBean.of(beans, ClickScreen.class), builder::screen);
        ifThere(OneBean.of(beans, PostbackVerifier.class), builder::verifier);
        ifThere(OneBean.named(beans, OneBean.CLOCK, InstantSource.class), builder::clock);
        ifThere(OneBean.named(beans, OneBean.CLICK_IDS, ClickIdGenerator.class), builder::clickIds);
        ifThere(executor(beans), builder::executor);
        String memberKey = properties.memberKey();
        if (memberKey != null) {
            valid(
                    "attribution.member-key",
                    "(secret)",
                    () -> builder.memberKey(Base64.getDecoder().decode(memberKey)));
        }
        OfferRepository hostOffers = OneBean.of(beans, OfferRepository.class);
        Duration window = properties.attributionWindow();
        if (window != null) {
            builder.offers(valid(
                    "attribution.attribution-window",
                    window,
                    () -> hostOffers == null
                            ? DefaultWindowOffers.of(store, window)
                            : DefaultWindowOffers.of(hostOffers, window)));
        } else if (hostOffers != null) {
            builder.offers(hostOffers);
        }
        if (properties.lazy()) {
            builder.lazily();
        }
        customizers.orderedStream().forEach(customizer -> customizer.customize(builder));
        return builder.build();
    }

    private static <T> void ifThere(@Nullable T bean, Consumer<T> use) {
        if (bean != null) {
            use.accept(bean);
        }
    }

    /**
     * Returns what runs asynchronous calls: the executor of Spring Boot, or the application's own, since Spring Boot makes none
     * if the application has an executor. A scheduler is left to what is scheduled.
     */
    private static @Nullable Executor executor(ListableBeanFactory beans) {
        if (beans.containsBean(TASK_EXECUTOR) && beans.isTypeMatch(TASK_EXECUTOR, Executor.class)) {
            return beans.getBean(TASK_EXECUTOR, Executor.class);
        }
        List<String> names = Arrays.stream(beans.getBeanNamesForType(AsyncTaskExecutor.class))
                .filter(name -> !beans.isTypeMatch(name, TaskScheduler.class))
                .toList();
        return names.size() == 1
                ? beans.getBean(names.get(0), AsyncTaskExecutor.class)
                : beans.getBeanProvider(AsyncTaskExecutor.class).getIfUnique();
    }

    /** A store of the application knows the handlers and the transactions of Spring only if the application tells it. */
    private static void warnOfWhatIsNotCalled(AttributionStore store, ListableBeanFactory beans) {
        String[] handlers = beans.getBeanNamesForType(CreditHandler.class, true, false);
        boolean isCalling = store instanceof JdbcAttributionStore jdbc && jdbc.callsHandlers();
        if (handlers.length > 0 && !isCalling && !beans.containsBean(HANDLERS_ARE_NOT_MADE)) {
            LOG.warn(
                    "The CreditHandler beans are not called, since the store is a bean of the application that has no"
                            + " handlers: {}. Pass them to onCredit(…) and onReversal(…) of its builder, or leave the store to"
                            + " the starter and change it with a StoreCustomizer bean.",
                    String.join(", ", handlers));
        }
        if (store instanceof JdbcAttributionStore jdbc && !jdbc.joinsHostTransactions()) {
            LOG.warn(
                    "The store is a bean of the application, and takes part in no transaction of the application: a call in"
                            + " a method with @Transactional commits by itself. Build it with hostTransactions(…), or leave the store"
                            + " to the starter and change it with a StoreCustomizer bean.");
        }
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
