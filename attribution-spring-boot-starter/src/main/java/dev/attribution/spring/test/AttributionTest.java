package dev.attribution.spring.test;

import dev.attribution.spring.AttributionAutoConfiguration;
import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Inherited;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;
import org.junit.jupiter.api.extension.ExtendWith;
import org.springframework.boot.autoconfigure.ImportAutoConfiguration;
import org.springframework.boot.test.autoconfigure.OverrideAutoConfiguration;
import org.springframework.boot.test.context.SpringBootTestContextBootstrapper;
import org.springframework.boot.test.context.filter.annotation.TypeExcludeFilters;
import org.springframework.test.context.BootstrapWith;
import org.springframework.test.context.junit.jupiter.SpringExtension;

/**
 * A test of what the application does with attribution, and of nothing else: the façade is on a store in memory, with a clock and
 * click ids that the test sets. The store can be made to fail.
 *
 * <pre>{@code
 * @AttributionTest
 * @Import(Callers.class) // the application's configuration with its callers
 * class LateConversionTest {
 *     @Autowired Attribution attribution;
 *     @Autowired MovableClock clock;
 *     @Autowired ClickIds clickIds;
 *     @Autowired FaultSwitch store;
 * }
 * }</pre>
 *
 * <p>Components, configurations and auto-configurations of the application are left out; import what the test needs. Beans that the
 * class with {@code @SpringBootApplication} itself has are there: keep those that need a database in a configuration of their
 * own. Handlers on credit are neither made nor called, since there is no database. The tests of a class share the store, unless
 * {@code @DirtiesContext} says otherwise. Needs {@code attribution-testkit} and {@code spring-boot-starter-test}.
 */
@Target(ElementType.TYPE)
@Retention(RetentionPolicy.RUNTIME)
@Documented
@Inherited
@BootstrapWith(SpringBootTestContextBootstrapper.class)
@ExtendWith(SpringExtension.class)
@OverrideAutoConfiguration(enabled = false)
@TypeExcludeFilters(AttributionTypeExcludeFilter.class)
@ImportAutoConfiguration({AttributionTestAutoConfiguration.class, AttributionAutoConfiguration.class})
public @interface AttributionTest {}
