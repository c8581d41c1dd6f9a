/** Health, information, and meters of an application's attribution. */
@NullMarked
package dev.attribution.spring.watch;

import org.jspecify.annotations.NullMarked;
