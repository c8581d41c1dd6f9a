/** Not exported and no API: what several packages share. */
@NullMarked
package dev.attribution.internal;

import org.jspecify.annotations.NullMarked;
