package dev.attribution.examples.springhost;

import org.springframework.boot.SpringApplication;
import org.springframework.boot.autoconfigure.SpringBootApplication;
import org.springframework.context.ConfigurableApplicationContext;

/** The application. With {@code --host.demo=true} it shows one click and its postbacks over HTTP, and ends. */
@SpringBootApplication
public class SpringHost {
    /**
     * Starts the application.
     *
     * @param args properties, such as {@code --server.port=8080}
     */
    public static void main(String[] args) throws Exception {
        ConfigurableApplicationContext host = SpringApplication.run(SpringHost.class, args);
        int port = Integer.parseInt(host.getEnvironment().getRequiredProperty("local.server.port"));
        if (host.getEnvironment().getProperty("host.demo", Boolean.class, false)) {
            try (host) {
                new Demo("http://localhost:" + port, System.out).run();
            }
        } else {
            System.out.println("Serving http://localhost:" + port);
        }
    }
}
