package dev.attribution.spring.web;

/** The console is switched on, and its module is not a dependency. */
final class ConsoleAbsentException extends RuntimeException {
    ConsoleAbsentException() {
        super("attribution.console.enabled is true, but attribution-console is not a dependency");
    }
}
