package dev.attribution.faultinjection;

import dev.attribution.Attribution;
import dev.attribution.click.Click;
import dev.attribution.click.ClickContext;
import dev.attribution.click.ClickId;
import dev.attribution.click.ClickIdGenerator;
import dev.attribution.conversion.DuplicatePolicy;
import dev.attribution.jdbc.JdbcAttributionStore;
import dev.attribution.offer.Offer;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.IntStream;
import javax.sql.DataSource;

/** A database with empty tables, and what a test puts into them before others fire at it. */
final class Stage {
    private final DataSource pool;
    private final JdbcAttributionStore store;
    private final Map<String, Set<DuplicatePolicy>> policies = new HashMap<>();
    private final Set<ClickId> clicks = new HashSet<>();

    Stage(DataSource pool) throws SQLException {
        this.pool = pool;
        this.store = JdbcAttributionStore.builder(pool).build();
        try (Connection connection = pool.getConnection();
                Statement statement = connection.createStatement()) {
            for (String table : List.of("offer", "click", "conversion", "exclusive_scope", "history")) {
                statement.execute("delete from attribution_" + table);
            }
            Wallet.create(connection);
        }
    }

    static Offer offer(String offerId, DuplicatePolicy policy) {
        return Offer.builder(offerId)
                .trackingLink("https://google.com?sub1={gk_click_id}")
                .duplicatePolicy(policy)
                .build();
    }

    static String query(ClickId clickId) {
        return "gk_click_id=" + clickId + "&event_id=win_10_games";
    }

    static String postback(ClickId clickId) {
        return Journal.POSTBACK + query(clickId);
    }

    static List<String> members(String name, int count) {
        return IntStream.range(0, count).mapToObj(i -> name + "-" + i).toList();
    }

    /** Puts an offer that begins with the first of these policies and may be switched to the others. */
    void putOffer(String offerId, DuplicatePolicy... used) {
        Attribution.builder(store).build().offers().put(offer(offerId, used[0]));
        policies.put(offerId, Set.of(used));
    }

    /** Returns the clicks that were stored here. */
    Set<ClickId> clicks() {
        return clicks;
    }

    /** Gives members an empty wallet. */
    void openWallets(List<String> memberIds) throws SQLException {
        try (Connection connection = pool.getConnection()) {
            Wallet.open(connection, memberIds);
        }
    }

    /** Stores a click of each member, as many as the member is listed. */
    List<ClickId> click(String offerId, List<String> memberIds) {
        ClickIdGenerator clickIds = ClickIdGenerator.timeOrdered();
        Instant now = Instant.now().truncatedTo(ChronoUnit.MICROS);
        List<Click> made = memberIds.stream()
                .map(memberId -> new Click(clickIds.next(), offerId, memberId, now, ClickContext.empty()))
                .toList();
        store.clicks().insert(made);
        List<ClickId> ids = made.stream().map(Click::clickId).toList();
        clicks.addAll(ids);
        return ids;
    }

    /** Compares what is stored with what was answered, and returns it. */
    Stored audited(Journal journal) throws SQLException {
        Stored stored = Stored.in(pool);
        new Audit(journal, stored, policies, clicks).check();
        return stored;
    }
}
