/** Code that several packages share. Not exported: no API. */
@NullMarked
package dev.attribution.internal;

import org.jspecify.annotations.NullMarked;
