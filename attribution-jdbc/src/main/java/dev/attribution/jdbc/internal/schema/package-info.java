/** The creation and validation of the tables. Not API. */
@NullMarked
package dev.attribution.jdbc.internal.schema;

import org.jspecify.annotations.NullMarked;
