/** Postbacks: how they are read, and their outcomes. */
@NullMarked
package dev.attribution.postback;

import org.jspecify.annotations.NullMarked;
