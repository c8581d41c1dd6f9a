/** The move of a running application from one store to another. */
@NullMarked
package dev.attribution.move;

import org.jspecify.annotations.NullMarked;
