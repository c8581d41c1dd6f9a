/** Support for tests of an application that embeds attribution, for tests of a caller and for tests of a store. */
module dev.attribution.testkit {
    requires transitive dev.attribution.core;
    requires transitive org.assertj.core;
    requires transitive org.junit.jupiter.api;
    requires java.net.http;
    requires static dev.attribution.trackers;
    requires static org.jspecify;

    exports dev.attribution.testkit;
    exports dev.attribution.testkit.caller;
    exports dev.attribution.testkit.contract;

    opens dev.attribution.testkit.caller;
    opens dev.attribution.testkit.contract;
}
