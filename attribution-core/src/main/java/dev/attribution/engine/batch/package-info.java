/** One bulk write for many concurrent callers. Not exported: no API. */
@NullMarked
package dev.attribution.engine.batch;

import org.jspecify.annotations.NullMarked;
