package dev.attribution.spring;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.zaxxer.hikari.HikariDataSource;
import dev.attribution.Attribution;
import dev.attribution.StorageException;
import dev.attribution.jdbc.JdbcAttributionStore;
import dev.attribution.postback.PostbackOutcome.Kind;
import dev.attribution.spring.host.Host;
import dev.attribution.spring.web.AttributionConsoleAutoConfiguration;
import java.io.File;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import javax.sql.DataSource;
import org.h2.jdbcx.JdbcDataSource;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.beans.factory.annotation.Value;
import org.springframework.boot.WebApplicationType;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.jdbc.DataSourceBuilder;
import org.springframework.boot.test.context.FilteredClassLoader;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.boot.test.context.runner.WebApplicationContextRunner;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Primary;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.jdbc.support.JdbcTransactionManager;
import org.springframework.transaction.support.TransactionTemplate;

/** Who creates the tables, on which data source, and what the application says if it cannot start. */
@ExtendWith(OutputCaptureExtension.class)
class StartTest {
    /** Two data sources, the second of which is chosen. */
    static class Chosen {
        @Bean
        @Primary
        DataSource first() {
            return DataSourceBuilder.create().url(TestDatabase.H2.url()).build();
        }

        @Bean
        @AttributionDataSource
        HikariDataSource second(@Value("${second.auto-commit}") boolean autoCommit) {
            HikariDataSource second = DataSourceBuilder.create()
                    .type(HikariDataSource.class)
                    .url(TestDatabase.H2.url())
                    .build();
            second.setAutoCommit(autoCommit);
            return second;
        }
    }

    /** Two data sources are marked, and another is the primary one. */
    static class MarkedTwice {
        @Bean
        @Primary
        DataSource first() {
            return new JdbcDataSource();
        }

        @Bean
        @AttributionDataSource
        DataSource second() {
            return new JdbcDataSource();
        }

        @Bean
        @AttributionDataSource
        DataSource third() {
            return new JdbcDataSource();
        }
    }

    /** Two data sources, and neither is chosen. */
    static class Unchosen {
        @Bean
        DataSource first() {
            return DataSourceBuilder.create().url(TestDatabase.H2.url()).build();
        }

        @Bean
        DataSource second() {
            return DataSourceBuilder.create().url(TestDatabase.H2.url()).build();
        }
    }

    @Test
    void theTablesOfFlywayAreValidatedAfterItRan() {
        try (Application host = Application.start(
                TestDatabase.H2,
                Host.class,
                "spring.flyway.enabled=true",
                "spring.flyway.locations=classpath:dev/attribution/jdbc/schema/{vendor}")) {
            assertThat(host.attribution().postback(host.clicked()).kind()).isEqualTo(Kind.ATTRIBUTED);
            assertThat(host.count("\"flyway_schema_history\"")).isPositive();
        }
    }

    @ParameterizedTest
    @EnumSource(TestDatabase.class)
    void theTablesOfLiquibaseAreValidatedAfterItRan(TestDatabase database) {
        try (Application host = Application.start(
                database,
                Host.class,
                "spring.sql.init.mode=never",
                "spring.liquibase.enabled=true",
                "spring.liquibase.change-log=classpath:changelog.yaml")) {
            assertThat(host.attribution().postback(host.clicked()).kind()).isEqualTo(Kind.ATTRIBUTED);
            assertThat(host.count("databasechangelog")).isEqualTo(2);
        }
    }

    @Test
    void aMigrationWithoutTheTablesIsExplained(CapturedOutput output) {
        assertThatThrownBy(() -> Application.start(
                        TestDatabase.H2,
                        Host.class,
                        "spring.flyway.enabled=true",
                        "spring.flyway.locations=classpath:none",
                        "spring.flyway.fail-on-missing-locations=false"))
                .hasRootCauseInstanceOf(StorageException.class);

        assertThat(output)
                .contains("APPLICATION FAILED TO START")
                .contains("The database lacks")
                .contains("V1__attribution.sql")
                .contains("attribution.schema.mode=create");
    }

    @Test
    void tablesThatCannotBeCreatedAreExplained(CapturedOutput output) {
        assertThatThrownBy(() -> Application.start(TestDatabase.H2, Host.class, "attribution.schema.name=absent"))
                .isNotNull();

        assertThat(output)
                .contains("APPLICATION FAILED TO START")
                .contains("could not be created")
                .contains("The cause is: ")
                .contains("Schema \"ABSENT\" not found")
                .contains("the right to create tables")
                .doesNotContain("attribution.schema.mode=create");
    }

    @Test
    void aDatabaseThatIsAwayIsExplainedAndNeedNotBeThere(CapturedOutput output) {
        String nobody = "jdbc:postgresql://localhost:1/none?connectTimeout=1";
        String[] fast = {
            "spring.datasource.hikari.connection-timeout=250",
            "spring.datasource.hikari.initialization-fail-timeout=-1",
            "spring.sql.init.mode=never"
        };
        assertThatThrownBy(() -> Application.start(nobody, WebApplicationType.NONE, List.of(Host.class), fast))
                .hasMessageContaining("attributionStore");
        assertThat(output).contains("APPLICATION FAILED TO START").contains("attribution.lazy=true");

        try (Application host = Application.start(
                nobody,
                WebApplicationType.NONE,
                List.of(Host.class),
                fast[0],
                fast[1],
                fast[2],
                "attribution.lazy=true",
                "spring.datasource.driver-class-name=org.postgresql.Driver")) {
            assertThatThrownBy(() -> host.attribution().postback("gk_click_id=x"))
                    .isInstanceOfSatisfying(
                            StorageException.class,
                            fault -> assertThat(fault.isTransient()).isTrue());
        }
    }

    @Test
    void aPropertyWithAWrongValueIsExplained(CapturedOutput output) {
        assertThatThrownBy(() -> Application.start(TestDatabase.H2, Host.class, "attribution.duplicate-policy=twice"))
                .isNotNull();

        assertThat(output)
                .contains("attribution.duplicate-policy")
                .contains("one-per-click-and-member, allow-repeat-conversions");
    }

    @ParameterizedTest
    @ValueSource(strings = {"attribution.schema.table-prefix=my-", "attribution.schema.name=my.schema"})
    void aNameOfTablesThatIsNotAllowedIsExplained(String property, CapturedOutput output) {
        assertThatThrownBy(() -> Application.start(TestDatabase.H2, Host.class, property))
                .isNotNull();

        assertThat(output)
                .contains("APPLICATION FAILED TO START")
                .contains(property.substring(0, property.indexOf('=')))
                .contains("'" + property.substring(property.indexOf('=') + 1) + "'")
                .contains("Invalid value")
                .contains("does not begin with a digit");
    }

    @Test
    void severalDataSourcesAreExplained(CapturedOutput output) {
        assertThatThrownBy(() -> Application.start(
                        TestDatabase.H2.url(),
                        WebApplicationType.NONE,
                        List.of(Host.class, Unchosen.class),
                        "spring.sql.init.mode=never"))
                .isNotNull();

        assertThat(output)
                .contains("APPLICATION FAILED TO START")
                .contains("first, second")
                .contains("@AttributionDataSource");
    }

    @Test
    void dataSourcesThatAreBothMarkedAreNoChoice() {
        new ApplicationContextRunner()
                .withConfiguration(AutoConfigurations.of(AttributionAutoConfiguration.class))
                .withUserConfiguration(MarkedTwice.class)
                .run(context -> assertThat(context)
                        .hasFailed()
                        .getFailure()
                        .rootCause()
                        .isInstanceOf(DataSourceChoiceException.class)
                        .hasMessageContaining("second, third"));
    }

    @Test
    void aConsoleWithoutItsModuleIsExplained() {
        new WebApplicationContextRunner()
                .withConfiguration(AutoConfigurations.of(
                        AttributionAutoConfiguration.class, AttributionConsoleAutoConfiguration.class))
                .withBean(
                        dev.attribution.spi.AttributionStore.class,
                        dev.attribution.memory.InMemoryAttributionStore::new)
                .withClassLoader(new FilteredClassLoader("dev.attribution.console"))
                .withPropertyValues("attribution.console.enabled=true")
                .run(context -> assertThat(context)
                        .hasFailed()
                        .getFailure()
                        .rootCause()
                        .hasMessageContaining("attribution-console is not a dependency"));
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void ofTwoDataSourcesTheChosenOneIsJoined(boolean autoCommit) {
        try (Application host = Application.start(
                TestDatabase.H2.url(),
                WebApplicationType.NONE,
                List.of(Chosen.class, Plain.class),
                "spring.sql.init.mode=never",
                "second.auto-commit=" + autoCommit)) {
            DataSource first = host.context().getBean("first", DataSource.class);
            DataSource second = host.context().getBean("second", DataSource.class);
            Attribution attribution = host.attribution();
            assertThat(host.bean(JdbcAttributionStore.class).dataSource()).isSameAs(second);
            String one = host.clicked();
            String two = host.clicked();
            String three = host.clicked();

            new TransactionTemplate(new JdbcTransactionManager(second)).executeWithoutResult(status -> {
                attribution.postback(one);
                status.setRollbackOnly();
            });
            new TransactionTemplate(new JdbcTransactionManager(first)).executeWithoutResult(status -> {
                attribution.postback(two);
                // binds a connection of the second to the thread, which no manager commits
                new JdbcTemplate(second).queryForObject("select count(*) from attribution_click", Integer.class);
                attribution.postback(three);
                status.setRollbackOnly();
            });

            assertThat(attribution.postback(one).kind()).isEqualTo(Kind.ATTRIBUTED);
            assertThat(attribution.postback(two).kind()).isEqualTo(Kind.DUPLICATE);
            assertThat(attribution.postback(three).kind()).isEqualTo(Kind.DUPLICATE);
        }
    }

    /** Has a data source that is not one of HikariCP's. */
    static class OwnDataSource {
        @Bean
        DataSource dataSource() {
            JdbcDataSource source = new JdbcDataSource();
            source.setURL(TestDatabase.H2.url());
            return source;
        }
    }

    /** What runs where HikariCP is not on the class path. */
    public static final class WithoutHikari implements Runnable {
        @Override
        public void run() {
            assertThatThrownBy(() -> Class.forName("com.zaxxer.hikari.HikariDataSource"))
                    .isInstanceOf(ClassNotFoundException.class);
            try (Application host = Application.start(
                    "none",
                    WebApplicationType.NONE,
                    List.of(OwnDataSource.class, Plain.class),
                    "spring.sql.init.mode=never")) {
                assertThat(host.attribution().postback(host.clicked()).kind()).isEqualTo(Kind.ATTRIBUTED);
            }
        }
    }

    @Test
    void startsWithoutHikari() throws Exception {
        List<URL> classPath = new ArrayList<>();
        for (String entry : System.getProperty("java.class.path").split(File.pathSeparator, -1)) {
            if (!Path.of(entry).getFileName().toString().startsWith("HikariCP")) {
                classPath.add(Path.of(entry).toUri().toURL());
            }
        }
        Thread thread = Thread.currentThread();
        ClassLoader before = thread.getContextClassLoader();
        try (URLClassLoader loader =
                new URLClassLoader(classPath.toArray(URL[]::new), ClassLoader.getPlatformClassLoader())) {
            thread.setContextClassLoader(loader);
            Runnable application = (Runnable) loader.loadClass(WithoutHikari.class.getName())
                    .getConstructor()
                    .newInstance();
            application.run();
        } finally {
            thread.setContextClassLoader(before);
        }
    }

    /** An application without anything of its own. */
    @org.springframework.boot.autoconfigure.EnableAutoConfiguration
    @org.springframework.context.annotation.Configuration
    static class Plain {}
}
