/** Tests of an application's use of attribution, without a database. */
@NullMarked
package dev.attribution.spring.test;

import org.jspecify.annotations.NullMarked;
