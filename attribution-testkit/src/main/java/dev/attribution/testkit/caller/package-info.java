/** Tests of a caller that an application describes, and a caller that a test simulates. */
@NullMarked
package dev.attribution.testkit.caller;

import org.jspecify.annotations.NullMarked;
