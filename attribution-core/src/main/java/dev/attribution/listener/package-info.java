/** What an application is told while it runs: clicks, outcomes and faults. */
@NullMarked
package dev.attribution.listener;

import org.jspecify.annotations.NullMarked;
