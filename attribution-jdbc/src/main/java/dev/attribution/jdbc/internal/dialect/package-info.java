/** The differences between the databases. Not API. */
@NullMarked
package dev.attribution.jdbc.internal.dialect;

import org.jspecify.annotations.NullMarked;
