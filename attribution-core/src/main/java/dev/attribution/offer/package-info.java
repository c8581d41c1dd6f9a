/** Offers: a tracking link and the terms under which a conversion counts. */
@NullMarked
package dev.attribution.offer;

import org.jspecify.annotations.NullMarked;
