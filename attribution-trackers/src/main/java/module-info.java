/** Tracking systems: their links, their postbacks, their export files. */
module dev.attribution.trackers {
    requires transitive dev.attribution.core;
    requires de.siegmar.fastcsv;
    requires static org.jspecify;
    requires static tools.jackson.core;

    exports dev.attribution.trackers;
}
