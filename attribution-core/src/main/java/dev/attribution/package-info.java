/** The façade and the exceptions: start here. */
@NullMarked
package dev.attribution;

import org.jspecify.annotations.NullMarked;
