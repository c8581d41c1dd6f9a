/** The flow of a click, of a postback and of their stores. Not exported: no API. */
@NullMarked
package dev.attribution.engine;

import org.jspecify.annotations.NullMarked;
