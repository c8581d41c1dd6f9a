package dev.attribution.jdbc;

import dev.attribution.testkit.contract.Capability;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.YearMonth;
import java.time.ZoneOffset;
import java.util.EnumSet;
import java.util.Set;

/**
 * The contract over tables that are partitioned by month. At the same time over the simple query protocol, which people choose for
 * poolers and which has no parameters, and at SERIALIZABLE, which refuses all that REPEATABLE READ refuses.
 */
class PartitionedContractTest extends PostgresContract {
    PartitionedContractTest() {
        super("partitioned_contract", "preferQueryMode=simple");
    }

    @Override
    String session() {
        return super.session() + "; set session characteristics as transaction isolation level serializable";
    }

    @Override
    void createTables() throws SQLException {
        YearMonth now = YearMonth.now(ZoneOffset.UTC);
        try (Connection connection = pool.getConnection();
                Statement statement = connection.createStatement()) {
            statement.execute(JdbcSchema.partitionedScript("attribution_"));
            statement.execute(JdbcSchema.partitions("attribution_", now.minusMonths(1), now.plusMonths(1)));
        }
    }

    @Override
    protected Set<Capability> capabilities() {
        return EnumSet.complementOf(EnumSet.of(Capability.IDS_WITHOUT_TIME));
    }
}
