/** For tests of an application: a façade in memory, a clock and click ids to set, assertions, postbacks, faults. */
@NullMarked
package dev.attribution.testkit;

import org.jspecify.annotations.NullMarked;
