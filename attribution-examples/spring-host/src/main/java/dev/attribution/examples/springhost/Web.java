package dev.attribution.examples.springhost;

import dev.attribution.Attribution;
import dev.attribution.offer.Offer;
import dev.attribution.spring.web.AttributionHandlers;
import org.springframework.boot.ApplicationRunner;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.http.HttpMethod;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.security.config.Customizer;
import org.springframework.security.config.annotation.web.builders.HttpSecurity;
import org.springframework.security.core.userdetails.User;
import org.springframework.security.core.userdetails.UserDetailsService;
import org.springframework.security.provisioning.InMemoryUserDetailsManager;
import org.springframework.security.web.SecurityFilterChain;
import org.springframework.web.servlet.function.RequestPredicates;
import org.springframework.web.servlet.function.RouterFunction;
import org.springframework.web.servlet.function.RouterFunctions;
import org.springframework.web.servlet.function.ServerResponse;

/** The URLs, and who may see the console. */
@Configuration
class Web {
    /** A real application knows the member by the login, and passes that to {@code handlers.click(…)}. */
    @Bean
    RouterFunction<ServerResponse> routes(AttributionHandlers handlers, JdbcClient jdbc) {
        return RouterFunctions.route()
                .route(RequestPredicates.path("/click/{offer}"), handlers.click())
                .route(RequestPredicates.path("/postback/{caller}"), handlers.postback())
                .GET(
                        "/wallet/{member}",
                        request -> ServerResponse.ok()
                                .body(Integer.toString(Wallet.coinsOf(jdbc, request.pathVariable("member")))))
                .build();
    }

    @Bean
    ApplicationRunner offers(Attribution attribution) {
        return arguments -> {
            if (attribution.offers().find("spring-sale").isEmpty()) {
                attribution
                        .offers()
                        .put(Offer.builder("spring-sale")
                                .trackingLink("https://advertiser.example.com/landing?sub1={gk_click_id}")
                                .acceptedCallers("partner", "timewall", "lootably", "bitlabs")
                                .build());
            }
        };
    }

    @Bean
    SecurityFilterChain security(HttpSecurity http) {
        return http.authorizeHttpRequests(requests -> requests.requestMatchers("/console/**")
                        .hasRole("OPERATOR")
                        .requestMatchers("/actuator/health")
                        .permitAll()
                        .requestMatchers("/actuator/**")
                        .authenticated()
                        .requestMatchers(HttpMethod.TRACE)
                        .denyAll()
                        .anyRequest()
                        .permitAll())
                // The console has tokens of its own in its forms, and systems that fire postbacks have none
                .csrf(csrf -> csrf.ignoringRequestMatchers("/console/**", "/postback/**"))
                .httpBasic(Customizer.withDefaults())
                .build();
    }

    /** Use the login of your application; this person exists so that the sample runs from a clone. */
    @Bean
    UserDetailsService operators() {
        return new InMemoryUserDetailsManager(User.withUsername("operator")
                .password("{noop}operator")
                .roles("OPERATOR")
                .build());
    }
}
