package dev.attribution.jdbc;

/**
 * The contract over the simple query protocol of PostgreSQL, which people choose for poolers: it has no parameters. At the same
 * time at SERIALIZABLE, which refuses all that REPEATABLE READ refuses.
 */
class SimpleQueryModeContractTest extends PostgresContract {
    SimpleQueryModeContractTest() {
        super("simple_query_mode", "preferQueryMode=simple");
    }

    @Override
    String session() {
        return super.session() + "; set session characteristics as transaction isolation level serializable";
    }
}
