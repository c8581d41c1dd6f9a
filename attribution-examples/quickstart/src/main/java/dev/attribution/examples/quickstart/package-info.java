/** The whole way of a click, told to a person. */
@NullMarked
package dev.attribution.examples.quickstart;

import org.jspecify.annotations.NullMarked;
