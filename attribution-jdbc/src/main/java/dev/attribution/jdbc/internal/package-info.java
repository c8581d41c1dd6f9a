/** The repositories of the store. Not API: the types in this package and below may change at any time. */
@NullMarked
package dev.attribution.jdbc.internal;

import org.jspecify.annotations.NullMarked;
