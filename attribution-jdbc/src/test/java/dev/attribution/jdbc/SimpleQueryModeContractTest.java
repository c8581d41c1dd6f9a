package dev.attribution.jdbc;

/** The contract over the simple query protocol of PostgreSQL, which people choose for poolers: it has no parameters. */
class SimpleQueryModeContractTest extends PostgresContract {
    SimpleQueryModeContractTest() {
        super("simple_query_mode", "preferQueryMode=simple");
    }
}
