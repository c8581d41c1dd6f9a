/** People's data: what was forgotten, and what retention deletes. */
@NullMarked
package dev.attribution.privacy;

import org.jspecify.annotations.NullMarked;
