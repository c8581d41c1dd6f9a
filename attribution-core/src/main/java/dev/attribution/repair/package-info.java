/** Repairs: postbacks judged again, and rows of a tracker taken over, once the cause is mended. */
@NullMarked
package dev.attribution.repair;

import org.jspecify.annotations.NullMarked;
