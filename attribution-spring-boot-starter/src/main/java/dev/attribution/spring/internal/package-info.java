/** What the parts of the starter share; no API. */
@NullMarked
package dev.attribution.spring.internal;

import org.jspecify.annotations.NullMarked;
