package dev.attribution.jdbc.internal.statement;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.attribution.behaviour.Servers;
import dev.attribution.jdbc.internal.row.Column;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.Statement;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class PostgresCopyStreamTest {
    private static final List<String> ROWS =
            IntStream.range(0, 1_000).mapToObj(Integer::toString).toList();
    private static final String COPY = "copy copied (text) from stdin (format binary)";

    /** A connection in the middle of a copy would keep its next user waiting for ever. */
    @Test
    void leavesTheConnectionUsableIfARowCannotBeWritten() throws Exception {
        try (Connection connection = Servers.POSTGRESQL.pool().getConnection();
                Statement statement = connection.createStatement()) {
            statement.execute("create temporary table copied (text text)");
            assertThatThrownBy(() -> PostgresCopyStream.open(connection, COPY, 1)
                            .write(List.of(new Column<String>("text", "text", PostgresCopyStreamTest::failing)), ROWS))
                    .hasMessage("row 990");
            assertThatThrownBy(() -> PostgresCopyStream.open(connection, COPY, 1)
                            .write(List.of(new Column<String>("text", "text", row -> 'a')), ROWS))
                    .hasMessageContaining("Character");
            PostgresCopyStream.open(connection, COPY, 1)
                    .write(List.of(new Column<String>("text", "text", row -> row)), ROWS);
            try (ResultSet count = statement.executeQuery("select count(*), sum(cast(text as int)) from copied")) {
                count.next();
                assertThat(count.getInt(1)).isEqualTo(1_000);
                assertThat(count.getInt(2)).isEqualTo(999 * 500);
            }
            statement.execute("drop table copied");
        }
    }

    private static String failing(String row) {
        if (row.equals("990")) {
            throw new IllegalStateException("row 990");
        }
        return row;
    }
}
