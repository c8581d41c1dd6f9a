/** The tables, their columns and their values. Not API. */
@NullMarked
package dev.attribution.jdbc.internal.row;

import org.jspecify.annotations.NullMarked;
