/** A store for clicks, conversions and their history in a relational database, over JDBC. */
@SuppressWarnings({"requires-automatic", "requires-transitive-automatic"}) // JDBI has no descriptor
module dev.attribution.jdbc {
    requires transitive dev.attribution.core;
    requires transitive java.sql;
    requires transitive org.jdbi.v3.core;
    requires com.zaxxer.hikari;
    requires io.leangen.geantyref; // JDBI needs it
    requires org.slf4j;
    requires tools.jackson.core;
    requires static org.jspecify;
    requires static org.postgresql.jdbc; // the driver, if the host has it

    exports dev.attribution.jdbc;
}
