/** Click attribution for Java applications: clicks, tracking links, postbacks, one credit per click and member. */
module dev.attribution.core {
    requires org.slf4j;
    requires static org.jspecify;

    exports dev.attribution;
    exports dev.attribution.click;
    exports dev.attribution.conversion;
    exports dev.attribution.history;
    exports dev.attribution.link;
    exports dev.attribution.listener;
    exports dev.attribution.memory;
    exports dev.attribution.move;
    exports dev.attribution.offer;
    exports dev.attribution.postback;
    exports dev.attribution.privacy;
    exports dev.attribution.reconcile;
    exports dev.attribution.repair;
    exports dev.attribution.report;
    exports dev.attribution.spi;
    exports dev.attribution.spi.support;
}
