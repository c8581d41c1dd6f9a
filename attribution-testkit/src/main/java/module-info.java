/** For those who test an application that embeds attribution, and for those who plug in a store. */
module dev.attribution.testkit {
    requires transitive dev.attribution.core;
    requires transitive org.assertj.core;
    requires transitive org.junit.jupiter.api;
    requires static org.jspecify;

    exports dev.attribution.testkit;
    exports dev.attribution.testkit.contract;

    opens dev.attribution.testkit.contract;
}
