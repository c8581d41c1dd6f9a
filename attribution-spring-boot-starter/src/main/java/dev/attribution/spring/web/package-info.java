/** Handlers of clicks and postbacks for the application to map, the console, and the settings of the web server. */
@NullMarked
package dev.attribution.spring.web;

import org.jspecify.annotations.NullMarked;
