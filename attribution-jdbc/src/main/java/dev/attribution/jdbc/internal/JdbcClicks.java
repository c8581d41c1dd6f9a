package dev.attribution.jdbc.internal;

import dev.attribution.AttributionException;
import dev.attribution.StorageException;
import dev.attribution.click.Click;
import dev.attribution.click.ClickId;
import dev.attribution.jdbc.internal.dialect.Dialect;
import dev.attribution.jdbc.internal.row.ClickTable;
import dev.attribution.jdbc.internal.row.TableNames;
import dev.attribution.jdbc.internal.statement.ClickWriter;
import dev.attribution.jdbc.internal.statement.PostgresClickCopy;
import dev.attribution.jdbc.internal.statement.PostgresGuardedClickWriter;
import dev.attribution.jdbc.internal.statement.RowsById;
import dev.attribution.jdbc.internal.statement.Statements;
import dev.attribution.jdbc.internal.statement.UnchangedOffers;
import dev.attribution.jdbc.internal.transaction.Transactions;
import dev.attribution.offer.Offer;
import dev.attribution.spi.ClickRepository;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.time.Instant;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jdbi.v3.core.Handle;
import org.jspecify.annotations.Nullable;

/** Stores clicks. */
public final class JdbcClicks implements ClickRepository {
    private final Transactions transactions;
    private final int maxConcurrentLists;
    private final RowsById<UUID, Click> byId;
    private final ClickWriter writer;
    private final Dialect dialect;
    private final String clearFlag;
    private final @Nullable PostgresGuardedClickWriter guarded;
    private final @Nullable PostgresClickCopy copy;
    private final boolean needsTimeInIds;
    private final UnchangedOffers unchangedOffers;

    public JdbcClicks(
            Transactions transactions,
            TableNames tables,
            Dialect dialect,
            Statements statements,
            boolean combining,
            boolean needsTimeInIds) {
        this.transactions = transactions;
        this.maxConcurrentLists = combining && transactions.isEachOnItsOwn() ? dialect.maxConcurrentLists() : 0;
        this.byId = new RowsById<>(
                dialect, tables.click(), ClickTable.COLUMNS, ClickTable.WRITTEN.get(0), ClickTable::read);
        this.dialect = dialect;
        this.clearFlag = "update " + tables.click()
                + " set flag_cleared_at = ? where click_id = ? and flag is not null and flag_cleared_at is null";
        this.writer = statements.clicks();
        this.guarded = statements.guardedClicks();
        this.copy = transactions.isEachOnItsOwn() ? statements.clickCopy() : null; // one that fails ends a transaction
        this.needsTimeInIds = needsTimeInIds;
        this.unchangedOffers = new UnchangedOffers(tables, dialect);
    }

    @Override
    public void insert(List<Click> clicks) {
        if (needsTimeInIds) {
            TimeInIds.requireInClicks(clicks);
        }
        SortedMap<ClickId, Click> byId = byId(clicks);
        if (!byId.isEmpty()) {
            write(byId.size(), handle -> insert(handle, byId));
        }
    }

    private static SortedMap<ClickId, Click> byId(List<Click> clicks) {
        SortedMap<ClickId, Click> byId = new TreeMap<>(); // one order for all lists, since racing lists would deadlock
        for (Click click : clicks) {
            Click same = byId.putIfAbsent(click.clickId(), click);
            if (same != null) {
                verifySame(click, same);
            }
        }
        return byId;
    }

    private boolean write(int clicks, Transactions.Work<Boolean> work) {
        return (clicks == 1 || writer.needsNoTransaction())
                ? transactions.writeInOneStatement("store clicks", work)
                : transactions.write("store clicks", work);
    }

    /**
     * Inserts the clicks if all offers are stored as the same texts. Each repetition compares the offers again.
     *
     * @return whether the clicks are stored; if not, some offers may be the same nevertheless
     */
    public Trial tryInsertWhileSame(Map<Offer, List<Click>> clicks) {
        List<Click> all = clicks.values().stream().flatMap(List::stream).toList();
        if (needsTimeInIds) {
            TimeInIds.requireInClicks(all);
        }
        SortedMap<ClickId, Click> byId = byId(all);
        if (byId.isEmpty()) {
            return Trial.STORED;
        }
        AtomicBoolean isTried = new AtomicBoolean();
        boolean isStored = write(byId.size(), handle -> {
            if (!unchangedOffers.areSame(handle.getConnection(), clicks.keySet())) {
                return false;
            }
            isTried.set(true);
            return insert(handle, byId);
        });
        return isStored ? Trial.STORED : isTried.get() ? Trial.UNKNOWN : Trial.NOT_STORED;
    }

    /** The result of inserting clicks while their offers are the same. */
    public enum Trial {
        /** All clicks are stored. */
        STORED,
        /** No click was inserted. */
        NOT_STORED,
        /** An offer has changed after an insert whose answer was lost: the clicks may be stored. */
        UNKNOWN
    }

    /** Returns the offers of clicks that are not stored. */
    public Set<Offer> offersOfMissing(Map<Offer, List<Click>> clicks) {
        return transactions.read("find clicks", handle -> offersOfMissing(handle, clicks));
    }

    @Override
    public void clearFlags(Collection<ClickId> clickIds, Instant clearedAt) {
        List<ClickId> ordered = clickIds.stream().distinct().sorted().toList(); // racing lists would deadlock
        if (ordered.isEmpty()) {
            return;
        }
        Transactions.Work<Boolean> work = handle -> {
            try (PreparedStatement update = handle.getConnection().prepareStatement(clearFlag)) {
                for (ClickId clickId : ordered) {
                    update.setObject(1, dialect.value(clearedAt));
                    update.setObject(2, dialect.value(clickId.uuid()));
                    update.addBatch();
                }
                update.executeBatch();
                return true;
            }
        };
        transactions.write("clear flags of clicks", work);
    }

    /** Returns whether this database inserts clicks only while their offers are unchanged. */
    public boolean guardsOffers() {
        return guarded != null;
    }

    /** Inserts the clicks of unchanged offers, and returns the offers that have changed. */
    public Set<Offer> insertIfUnchanged(Map<Offer, List<Click>> clicks) {
        if (needsTimeInIds) {
            clicks.values().forEach(TimeInIds::requireInClicks);
        }
        PostgresGuardedClickWriter writer = Objects.requireNonNull(guarded);
        return transactions.writeInOneStatement(
                "store clicks",
                handle -> copyIfUnchanged(handle.getConnection(), writer, clicks) || writer.write(handle, clicks)
                        ? Set.<Offer>of()
                        : offersOfMissing(handle, clicks));
    }

    /**
     * Copies a long list if no offer has changed. The check is a query of its own, and as good as a condition of an insert: at READ
     * COMMITTED a statement, too, sees the offers as they were when it began.
     */
    private boolean copyIfUnchanged(
            Connection connection, PostgresGuardedClickWriter writer, Map<Offer, List<Click>> clicks)
            throws SQLException {
        int size = 0;
        for (List<Click> some : clicks.values()) {
            size += some.size();
        }
        return copy != null
                && copy.suits(connection, size)
                && writer.areUnchanged(connection, clicks.keySet())
                && copy.tryCopy(
                        connection,
                        clicks.values().stream()
                                .flatMap(List::stream)
                                .sorted(Comparator.comparing(Click::clickId)) // racing lists would deadlock
                                .toList());
    }

    private Set<Offer> offersOfMissing(Handle handle, Map<Offer, List<Click>> clicks) {
        Map<ClickId, Click> stored = find(
                handle,
                clicks.values().stream()
                        .flatMap(List::stream)
                        .map(Click::clickId)
                        .toList());
        Set<Offer> offers = new HashSet<>();
        clicks.forEach((offer, some) -> {
            for (Click click : some) {
                Click same = stored.get(click.clickId());
                if (same == null) {
                    offers.add(offer);
                } else {
                    verifySame(click, same);
                }
            }
        });
        return offers;
    }

    private static StorageException unseen() {
        return new StorageException(
                "Could not store a click: it was stored by a transaction that this one cannot see."
                        + " Roll the transaction back and repeat everything in it.",
                true,
                null);
    }

    /** Inserts clicks together. If some are stored already, finds out which and inserts the others. */
    private boolean insert(Handle handle, SortedMap<ClickId, Click> clicks) throws SQLException {
        Connection connection = handle.getConnection();
        if (copy != null
                && copy.suits(connection, clicks.size())
                && copy.tryCopy(connection, List.copyOf(clicks.values()))) {
            return true;
        }
        Map<ClickId, Click> missing = new TreeMap<>(clicks);
        while (!missing.isEmpty() && !writer.write(handle, List.copyOf(missing.values()))) {
            Map<ClickId, Click> stored = find(handle, missing.keySet());
            if (stored.isEmpty()) {
                throw unseen();
            }
            stored.forEach((clickId, same) -> verifySame(Objects.requireNonNull(missing.remove(clickId)), same));
        }
        return true;
    }

    private static void verifySame(Click click, Click stored) {
        if (!click.isStoredAs(stored)) {
            throw new AttributionException("The click id " + click.clickId()
                    + " belongs to another click already, which stays as it is: the id generator returned it twice."
                    + " Use one that never repeats an id, such as ClickIdGenerator.timeOrdered().");
        }
    }

    @Override
    public int maxConcurrentInserts() {
        return maxConcurrentLists;
    }

    @Override
    public Map<ClickId, Click> find(Collection<ClickId> clickIds) {
        return transactions.read("find clicks", handle -> find(handle, clickIds));
    }

    private Map<ClickId, Click> find(Handle handle, Collection<ClickId> clickIds) {
        Map<ClickId, Click> found = new HashMap<>();
        byId.read(handle, clickIds.stream().map(ClickId::uuid).distinct().toList())
                .forEach(click -> found.put(click.clickId(), click));
        return found;
    }
}
