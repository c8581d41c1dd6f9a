/** Tracking links: parsed, checked and filled. */
@NullMarked
package dev.attribution.link;

import org.jspecify.annotations.NullMarked;
