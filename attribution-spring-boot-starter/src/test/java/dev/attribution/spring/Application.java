package dev.attribution.spring;

import dev.attribution.Attribution;
import dev.attribution.click.ClickRequest;
import dev.attribution.offer.Offer;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.springframework.boot.SpringApplication;
import org.springframework.boot.WebApplicationType;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.jdbc.core.simple.JdbcClient;

/** A running application of a test. */
public final class Application implements AutoCloseable {
    private final ConfigurableApplicationContext context;

    private Application(ConfigurableApplicationContext context) {
        this.context = context;
    }

    /** Starts an application without a web server on a database. */
    public static Application start(TestDatabase database, Class<?> source, String... properties) {
        return start(database.url(), WebApplicationType.NONE, List.of(source), properties);
    }

    /** Starts an application with a web server on a database. */
    public static Application startWeb(TestDatabase database, List<Class<?>> sources, String... properties) {
        return start(database.url(), WebApplicationType.SERVLET, sources, properties);
    }

    /** Starts an application. */
    public static Application start(String url, WebApplicationType type, List<Class<?>> sources, String... properties) {
        Map<String, String> arguments = new LinkedHashMap<>();
        arguments.put("logging.register-shutdown-hook", "false");
        arguments.put("spring.datasource.url", url);
        arguments.put("spring.sql.init.mode", "always");
        arguments.put("spring.sql.init.schema-locations", "classpath:wallet.sql");
        for (String property : properties) {
            String[] parts = property.split("=", 2);
            arguments.put(parts[0], parts[1]);
        }
        SpringApplication application = new SpringApplicationBuilder(sources.toArray(Class<?>[]::new))
                .web(type)
                .build();
        application.setRegisterShutdownHook(false);
        return new Application(application.run(arguments.entrySet().stream()
                .map(argument -> "--" + argument.getKey() + "=" + argument.getValue())
                .toArray(String[]::new)));
    }

    public <T> T bean(Class<T> type) {
        return context.getBean(type);
    }

    public ConfigurableApplicationContext context() {
        return context;
    }

    public Attribution attribution() {
        return bean(Attribution.class);
    }

    public int port() {
        return Integer.parseInt(context.getEnvironment().getRequiredProperty("local.server.port"));
    }

    /** Puts an offer and clicks it, and returns the query of a postback for the click. */
    public String clicked() {
        Attribution attribution = attribution();
        attribution
                .offers()
                .put(Offer.builder("sale")
                        .trackingLink("https://example.com?c={gk_click_id}")
                        .build());
        return "gk_click_id="
                + attribution.click(ClickRequest.of("sale", "member-7")).clickId();
    }

    public int count(String table) {
        return bean(JdbcClient.class)
                .sql("select count(*) from " + table)
                .query(Integer.class)
                .single();
    }

    public int balance() {
        return bean(JdbcClient.class)
                .sql("select coalesce(sum(amount), 0) from wallet")
                .query(Integer.class)
                .single();
    }

    @Override
    public void close() {
        context.close();
    }
}
