/** Tests of an application: a façade in memory, a clock and click ids to set, assertions, postbacks, faults, races. */
@NullMarked
package dev.attribution.testkit;

import org.jspecify.annotations.NullMarked;
