/** Clicks: their ids, what is asked for, what is stored, where the member is sent. */
@NullMarked
package dev.attribution.click;

import org.jspecify.annotations.NullMarked;
