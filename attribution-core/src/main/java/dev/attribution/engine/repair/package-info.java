/** The run of a repair: what is replayed or imported, and what was credited earlier. Not exported: no API. */
@NullMarked
package dev.attribution.engine.repair;

import org.jspecify.annotations.NullMarked;
