/** Whose click counts, by a maintained list of crawlers and link previews. */
module dev.attribution.screening {
    requires transitive dev.attribution.core;
    requires tools.jackson.core;
    requires static org.jspecify;

    exports dev.attribution.screening;
}
