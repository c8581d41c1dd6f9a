/** A screen of clicks that knows a maintained list of crawlers and link previews. */
@NullMarked
package dev.attribution.screening;

import org.jspecify.annotations.NullMarked;
