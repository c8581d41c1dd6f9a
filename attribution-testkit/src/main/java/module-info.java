/** Support for tests of an application that embeds attribution, and for tests of a store. */
module dev.attribution.testkit {
    requires transitive dev.attribution.core;
    requires transitive org.assertj.core;
    requires transitive org.junit.jupiter.api;
    requires static org.jspecify;

    exports dev.attribution.testkit;
    exports dev.attribution.testkit.contract;

    opens dev.attribution.testkit.contract;
}
