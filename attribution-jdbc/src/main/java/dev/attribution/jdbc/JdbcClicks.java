package dev.attribution.jdbc;

import dev.attribution.AttributionException;
import dev.attribution.StorageException;
import dev.attribution.click.Click;
import dev.attribution.click.ClickId;
import dev.attribution.offer.Offer;
import dev.attribution.spi.ClickRepository;
import java.sql.SQLException;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jdbi.v3.core.Handle;
import org.jspecify.annotations.Nullable;

/** Where clicks are kept. */
final class JdbcClicks implements ClickRepository {
    private final Transactions transactions;
    private final int listsAtOnce;
    private final String select;
    private final ClickWriter writer;
    private final @Nullable PostgresGuardedClickWriter unchanged;

    JdbcClicks(Transactions transactions, SqlFaults faults, TableNames tables, Dialect dialect) {
        this.transactions = transactions;
        this.listsAtOnce = transactions.isEachOnItsOwn() ? dialect.listsAtOnce() : 0;
        this.select = "select " + ClickTable.COLUMNS + " from " + tables.click() + " where click_id in ";
        this.writer = dialect.clicks(tables, faults);
        this.unchanged = dialect.clicksOfUnchangedOffers(tables);
    }

    @Override
    public void insert(List<Click> clicks) {
        SortedMap<ClickId, Click> byId = new TreeMap<>(); // in one order, so that racing lists do not deadlock
        for (Click click : clicks) {
            if (!isStored(click, byId.get(click.clickId()))) {
                byId.put(click.clickId(), click);
            }
        }
        if (!byId.isEmpty()) {
            Transactions.Work<SortedMap<ClickId, Click>> work = handle -> {
                insert(handle, byId);
                return byId;
            };
            if (byId.size() == 1 || writer.isAtOnce()) {
                transactions.writeAtOnce("store clicks", work);
            } else {
                transactions.write("store clicks", work);
            }
        }
    }

    /** Tells whether this database inserts clicks only while their offers are unchanged. */
    boolean areOffersCompared() {
        return unchanged != null;
    }

    /** Inserts clicks whose offers are unchanged, and returns those that are not. */
    Set<Offer> insertIfUnchanged(Map<Offer, List<Click>> clicks) {
        PostgresGuardedClickWriter unchanged = Objects.requireNonNull(this.unchanged);
        return transactions.writeAtOnce(
                "store clicks",
                handle -> unchanged.write(handle, clicks) ? Set.<Offer>of() : offersOfMissing(handle, clicks));
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
                if (!isStored(click, stored.get(click.clickId()))) {
                    offers.add(offer);
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

    /** Inserts clicks at once; only where some are stored already does it look which, and inserts the others. */
    private void insert(Handle handle, SortedMap<ClickId, Click> clicks) throws SQLException {
        Map<ClickId, Click> missing = new TreeMap<>(clicks);
        while (!missing.isEmpty() && !writer.write(handle, List.copyOf(missing.values()))) {
            Map<ClickId, Click> stored = find(handle, missing.keySet());
            if (stored.isEmpty()) {
                throw unseen();
            }
            missing.values().removeIf(click -> isStored(click, stored.get(click.clickId())));
        }
    }

    private static boolean isStored(Click click, @Nullable Click stored) {
        if (stored != null && !stored.equals(click)) {
            throw new AttributionException("The click id " + click.clickId()
                    + " belongs to another click already, which stays as it is: the id generator gave it twice."
                    + " Use one that never repeats an id, such as ClickIdGenerator.timeOrdered().");
        }
        return stored != null;
    }

    @Override
    public int maxConcurrentInserts() {
        return listsAtOnce;
    }

    @Override
    public Map<ClickId, Click> find(Collection<ClickId> clickIds) {
        return transactions.read("find clicks", handle -> find(handle, clickIds));
    }

    private Map<ClickId, Click> find(Handle handle, Collection<ClickId> clickIds) {
        Map<ClickId, Click> found = new HashMap<>();
        InList.chunks(
                clickIds.stream().map(ClickId::uuid).toList(),
                (list, ids) -> InList.bind(handle.createQuery(select + list), ids)
                        .map(ClickTable::read)
                        .forEach(click -> found.put(click.clickId(), click)));
        return found;
    }
}
