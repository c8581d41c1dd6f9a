/** The façade and the exceptions: all that a newcomer must learn first. */
@NullMarked
package dev.attribution;

import org.jspecify.annotations.NullMarked;
