/** Postbacks: read from any text, and what became of them. */
@NullMarked
package dev.attribution.postback;

import org.jspecify.annotations.NullMarked;
