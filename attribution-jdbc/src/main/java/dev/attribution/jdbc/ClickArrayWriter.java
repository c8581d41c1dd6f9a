package dev.attribution.jdbc;

import dev.attribution.click.Click;
import java.util.List;
import org.jdbi.v3.core.Handle;

/** Writes a list of clicks by one PostgreSQL statement. */
final class ClickArrayWriter implements ClickWriter {
    private final String insert;

    ClickArrayWriter(Tables tables) {
        this.insert = "insert into " + tables.click() + " (" + ClickTable.COLUMNS
                + ") select click_id, offer_id, member_id, clicked_at, cast(context as json)"
                + " from unnest(:clickIds, :offerIds, :memberIds, :clickedAts, :contexts) as clicks ("
                + ClickTable.COLUMNS + ") on conflict do nothing";
    }

    @Override
    public boolean write(Handle handle, List<Click> clicks) {
        return new PostgresArrays<>(handle, handle.createUpdate(insert), clicks)
                        .ids("clickIds", click -> click.clickId().uuid())
                        .texts("offerIds", Click::offerId)
                        .texts("memberIds", Click::memberId)
                        .instants("clickedAts", Click::clickedAt)
                        .texts("contexts", click -> Json.of(click.context()))
                        .statement()
                        .execute()
                == clicks.size();
    }

    @Override
    public boolean isOneStatement() {
        return true;
    }
}
