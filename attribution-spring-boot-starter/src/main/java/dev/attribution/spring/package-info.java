/** Attribution in a Spring Boot application: beans, properties, and handlers of clicks and postbacks. */
@NullMarked
package dev.attribution.spring;

import org.jspecify.annotations.NullMarked;
