package dev.attribution.spring.host;

import dev.attribution.spring.web.AttributionHandlers;
import jakarta.servlet.Filter;
import jakarta.servlet.http.HttpServletRequest;
import org.springframework.boot.autoconfigure.condition.ConditionalOnWebApplication;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
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

/** The routes of the host, and its login. */
@Configuration
@ConditionalOnWebApplication
class WebHost {
    @Bean
    RouterFunction<ServerResponse> routes(AttributionHandlers handlers) {
        return RouterFunctions.route()
                .route(RequestPredicates.path("/click/{offer}"), handlers.click())
                .route(RequestPredicates.path("/postback/{caller}"), handlers.postback())
                .route(RequestPredicates.path("/mine"), handlers.postback("partner"))
                .build();
    }

    /** Reads the form before the handler is called, as some filters do. */
    @Bean
    Filter readsTheForm() {
        return (request, response, chain) -> {
            if (((HttpServletRequest) request).getHeader("X-Read-First") != null) {
                request.getParameter("token");
            }
            chain.doFilter(request, response);
        };
    }

    @Bean
    SecurityFilterChain security(HttpSecurity http) {
        return http.authorizeHttpRequests(requests -> requests.requestMatchers("/attribution/**")
                        .hasRole("OPERATOR")
                        .anyRequest()
                        .permitAll())
                .csrf(csrf -> csrf.ignoringRequestMatchers("/attribution/**", "/postback/**", "/mine"))
                .httpBasic(Customizer.withDefaults())
                .build();
    }

    @Bean
    UserDetailsService operators() {
        return new InMemoryUserDetailsManager(
                User.withUsername("olga")
                        .password("{noop}secret")
                        .roles("OPERATOR")
                        .build(),
                User.withUsername("paul")
                        .password("{noop}secret")
                        .roles("OPERATOR", "PAYMENTS")
                        .build(),
                User.withUsername("mia").password("{noop}secret").build());
    }
}
