package dev.attribution.cassandra;

import com.datastax.oss.driver.api.core.ConsistencyLevel;
import com.datastax.oss.driver.api.core.CqlSession;
import com.datastax.oss.driver.api.core.CqlSessionBuilder;
import com.datastax.oss.driver.api.core.DefaultConsistencyLevel;
import com.datastax.oss.driver.api.core.DefaultProtocolVersion;
import com.datastax.oss.driver.api.core.DriverException;
import com.datastax.oss.driver.api.core.config.DefaultDriverOption;
import com.datastax.oss.driver.api.core.config.DriverConfigLoader;
import com.datastax.oss.driver.api.core.cql.Row;
import dev.attribution.AttributionException;
import dev.attribution.StorageException;
import dev.attribution.click.Click;
import dev.attribution.conversion.DuplicatePolicy;
import dev.attribution.conversion.Facts;
import dev.attribution.offer.Offer;
import dev.attribution.spi.AttributionStore;
import dev.attribution.spi.ClickRepository;
import dev.attribution.spi.ConversionRepository;
import dev.attribution.spi.ErasureRepository;
import dev.attribution.spi.FactsQuery;
import dev.attribution.spi.LookUpQuery;
import dev.attribution.spi.LookUpResult;
import dev.attribution.spi.OfferRepository;
import dev.attribution.spi.ReportRepository;
import dev.attribution.spi.RetentionRepository;
import dev.attribution.spi.support.TextFields;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.stream.Collectors;

/**
 * A store in Apache Cassandra 5, for hosts that outgrow one machine.
 *
 * <p>Thread-safe. Everything about a click is one partition, and what a postback writes is one conditional batch on it. A call
 * whose fate is unknown is repeated; the attempt id that is stored decides what became of it. A call throws {@link
 * StorageException} if it still fails ten seconds after its start. What is under way then comes on top: up to about eight
 * requests one after the other, each with the request time-out of the session, and as many for each further postback about one
 * click in a list. An interrupt is deferred until a call is done.
 *
 * <p><b>Limits.</b> The store works on up to 256 clicks or postbacks at a time, and on 32 parts of reports, deletions and
 * erasures. Further ones wait in the order of their arrival, until ten seconds after the start of their call: it raises a
 * transient {@link StorageException} then. Postbacks about one click wait for each other, so a click with many of them does not
 * keep the others waiting. The store does not combine calls, so {@code maxWaiting} and {@code maxWait} of {@link
 * dev.attribution.Attribution.Builder} do not apply: no call is refused because others wait, so limit the threads that call.
 *
 * <p><b>Durability.</b> Every write is acknowledged by a quorum of the replicas. Set {@code commitlog_sync} to {@code batch} or
 * {@code group} on every node: with the default, {@code periodic}, a node acknowledges what a power cut may take from it.
 *
 * <p><b>Members.</b> The policy {@link DuplicatePolicy#onePerMemberAndOffer()} claims the scope of the member, which is another
 * partition, before the batch. A claim whose writer has failed is void half a second after another credit finds it.
 */
public final class CassandraAttributionStore implements AttributionStore {
    private final OfferRepository offers;
    private final ClickRepository clicks;
    private final CassandraConversions conversions;
    private final ReportRepository reports;
    private final ReportRepository displayedReports;
    private final ErasureRepository erasure;
    private final RetentionRepository retention;

    private CassandraAttributionStore(Builder builder) {
        CqlSession session = builder.session;
        CassandraTableNames names = new CassandraTableNames(builder.keyspace, builder.tablePrefix);
        try {
            Durability.checkRetries(session);
            String consistency = FixedSettings.consistency(session, builder.level, builder.serialLevel);
            CassandraSchema.prepare(session, names, builder.schemaMode);
            FixedSettings.requireEqual(session, names, builder.level, consistency, builder.buckets);
            Durability.check(session, names);
            CassandraRequests requests = builder.requests(CassandraRequests.MAX_UNITS);
            CassandraRequests others = builder.requests(CassandraRequests.MAX_OTHER_UNITS);
            ClickPartitions partitions = new ClickPartitions(session, names);
            TimeLists lists = new TimeLists(requests, builder.buckets, session, names);
            this.offers = new CassandraOffers(requests, session, names);
            this.clicks = new CassandraClicks(requests, partitions, lists);
            MemberScopes members = new MemberScopes(requests, partitions, session, names);
            this.conversions = new CassandraConversions(requests, partitions, members, lists, session, names);
            TimeLists readLists = new TimeLists(others, builder.buckets, session, names);
            CassandraReports readSide =
                    new CassandraReports(others, partitions, readLists, conversions, CassandraReports.NO_LIMIT);
            this.reports = readSide;
            this.displayedReports = new CassandraReports(others, partitions, readLists, conversions, builder.maxRows);
            this.erasure = new CassandraErasure(others, partitions, conversions);
            this.retention = new CassandraRetention(others, partitions, members, readLists, conversions, readSide);
        } catch (DriverException | IllegalStateException e) {
            throw CassandraRequests.translated("open the store", e);
        }
    }

    /**
     * Returns the builder of a session with the settings that the store is tested with: version 4 of the protocol, ten
     * seconds for a request, which is longer than a node waits for a conditional write, and 2,048 requests at a time on a
     * connection. The store works on 288 things at a time, each with up to about twenty requests at once, and repeats what a
     * full connection refuses. Add contact points and the local data center.
     *
     * @return a new builder
     */
    public static CqlSessionBuilder session() {
        return CqlSession.builder()
                .withConfigLoader(DriverConfigLoader.programmaticBuilder()
                        .withString(DefaultDriverOption.PROTOCOL_VERSION, DefaultProtocolVersion.V4.name())
                        .withDuration(DefaultDriverOption.REQUEST_TIMEOUT, Duration.ofSeconds(10))
                        .withInt(DefaultDriverOption.CONNECTION_MAX_REQUESTS, 2_048)
                        .build());
    }

    /**
     * Starts a store on the host's session. The host closes it.
     *
     * @param session a session, such as one of {@link #session()}
     * @return a new builder
     */
    public static Builder builder(CqlSession session) {
        return new Builder(session);
    }

    @Override
    public OfferRepository offers() {
        return offers;
    }

    @Override
    public ClickRepository clicks() {
        return clicks;
    }

    @Override
    public ConversionRepository conversions() {
        return conversions;
    }

    @Override
    public Optional<ReportRepository> reports() {
        return Optional.of(reports);
    }

    /** {@inheritDoc} These are the same reports with the limit of {@link Builder#maxReportRows}. */
    @Override
    public Optional<ReportRepository> displayedReports() {
        return Optional.of(displayedReports);
    }

    @Override
    public Optional<ErasureRepository> erasure() {
        return Optional.of(erasure);
    }

    @Override
    public Optional<RetentionRepository> retention() {
        return Optional.of(retention);
    }

    /** {@inheritDoc} */
    @Override
    public List<Optional<LookUpResult>> lookUp(List<LookUpQuery> lookUps, DuplicatePolicy defaultPolicy) {
        Map<UUID, List<Row>> rows = conversions.decisiveRows(lookUps.stream()
                .map(lookUp -> lookUp.clickId().uuid())
                .collect(Collectors.toCollection(LinkedHashSet::new)));
        List<Optional<Click>> found = lookUps.stream()
                .map(lookUp -> click(rows.getOrDefault(lookUp.clickId().uuid(), List.of())))
                .toList();
        Set<String> offerIds =
                found.stream().flatMap(Optional::stream).map(Click::offerId).collect(Collectors.toSet());
        Map<String, Offer> offersById = offerIds.isEmpty() ? Map.of() : offers.find(offerIds);
        List<FactsQuery> queries = new ArrayList<>(lookUps.size());
        for (int i = 0; i < lookUps.size(); i++) {
            LookUpQuery lookUp = lookUps.get(i);
            found.get(i)
                    .map(click -> new FactsQuery(
                            click.clickId(),
                            Optional.ofNullable(offersById.get(click.offerId()))
                                    .flatMap(Offer::duplicatePolicy)
                                    .orElse(defaultPolicy)
                                    .scopeOf(click),
                            lookUp.eventId(),
                            lookUp.callKey(),
                            lookUp.status()))
                    .ifPresent(queries::add);
        }
        Iterator<Facts> facts = conversions.facts(queries, rows).iterator();
        return found.stream()
                .map(some -> some.map(click ->
                        new LookUpResult(click, Optional.ofNullable(offersById.get(click.offerId())), facts.next())))
                .toList();
    }

    private static Optional<Click> click(List<Row> decisive) {
        return decisive.stream()
                .filter(row -> row.getByte("kind") == ClickPartitions.CLICK)
                .findFirst()
                .map(row -> TextFields.readClick(Documents.of(row)));
    }

    /** Builds a {@link CassandraAttributionStore}. Not thread-safe. */
    public static final class Builder {
        private final CqlSession session;
        private String keyspace = "attribution";
        private String tablePrefix = "";
        private CassandraSchemaMode schemaMode = CassandraSchemaMode.CREATE;
        private ConsistencyLevel level = DefaultConsistencyLevel.LOCAL_QUORUM;
        private ConsistencyLevel serialLevel = DefaultConsistencyLevel.LOCAL_SERIAL;
        private TimeBuckets buckets = TimeBuckets.of(Duration.ofHours(1), 4);
        private Duration patience = Duration.ofSeconds(10);
        private int maxRows = 1_000_000;

        private Builder(CqlSession session) {
            this.session = Objects.requireNonNull(session, "session");
        }

        /**
         * Sets the keyspace, which exists. The default is {@code attribution}.
         *
         * @param keyspace the name
         * @return this builder
         */
        public Builder keyspace(String keyspace) {
            this.keyspace = new CassandraTableNames(keyspace, tablePrefix).keyspace();
            return this;
        }

        /**
         * Sets the beginning of the name of every table. The default is empty.
         *
         * @param tablePrefix the prefix
         * @return this builder
         * @throws IllegalArgumentException if it is not up to 30 lower-case letters, digits or underscores
         */
        public Builder tablePrefix(String tablePrefix) {
            this.tablePrefix = new CassandraTableNames(keyspace, tablePrefix).prefix();
            return this;
        }

        /**
         * Sets what happens to the tables. The default is {@link CassandraSchemaMode#CREATE}.
         *
         * @param schemaMode the mode
         * @return this builder
         */
        public Builder schemaMode(CassandraSchemaMode schemaMode) {
            this.schemaMode = Objects.requireNonNull(schemaMode, "schemaMode");
            return this;
        }

        /**
         * Sets the consistency levels of all statements of the store; the levels of the session do not matter. The default,
         * {@code LOCAL_QUORUM} and {@code LOCAL_SERIAL}, is for stores that all write in one data center. {@code QUORUM} and
         * {@code SERIAL} is for stores in several data centers. No other levels keep the contract of a store. The first store
         * writes its levels down, and {@link #build()} refuses a store with others. A session of a store with the local levels
         * must never reach a node of another data center, as a statement is decided in that of its coordinator.
         *
         * @param level the level of reads and writes
         * @param serialLevel the level of the conditions
         * @return this builder
         * @throws IllegalArgumentException if the levels are not one of the two pairs
         */
        public Builder consistency(ConsistencyLevel level, ConsistencyLevel serialLevel) {
            boolean isLocal = level.equals(DefaultConsistencyLevel.LOCAL_QUORUM)
                    && serialLevel.equals(DefaultConsistencyLevel.LOCAL_SERIAL);
            boolean isGlobal =
                    level.equals(DefaultConsistencyLevel.QUORUM) && serialLevel.equals(DefaultConsistencyLevel.SERIAL);
            if (!isLocal && !isGlobal) {
                throw new IllegalArgumentException(
                        "The levels are LOCAL_QUORUM and LOCAL_SERIAL, or QUORUM and SERIAL, unlike " + level + " and "
                                + serialLevel + ": with any other levels a credit could be lost or counted twice");
            }
            this.level = level;
            this.serialLevel = serialLevel;
            return this;
        }

        /**
         * Sets the partitions of the lists by time, from which reports are read. The default is an hour in four shards. A shard
         * should have no more than about 100,000 rows: a host with 10,000 clicks a second takes a minute and eight shards. The
         * first store writes this down, and {@link #build()} refuses a store with other partitions.
         *
         * @param length the length of a bucket of time in whole seconds, from a minute to 31 days
         * @param shards the number of partitions of each bucket, from 1 to 256
         * @return this builder
         * @throws IllegalArgumentException if an argument is out of its range
         */
        public Builder reportBuckets(Duration length, int shards) {
            this.buckets = TimeBuckets.of(length, shards);
            return this;
        }

        /**
         * Limits how many rows one call of a report for people may read and leave out, since the store has lists by time and by
         * click only. A call that would read more raises an {@link AttributionException} that names its conditions. The default
         * is a million. What the library reads for its own work, such as to forget a member, has no limit.
         *
         * @param maxRows the limit, at least 1
         * @return this builder
         * @throws IllegalArgumentException if the limit is less than 1
         */
        public Builder maxReportRows(int maxRows) {
            if (maxRows < 1) {
                throw new IllegalArgumentException("A report reads at least one row, unlike " + maxRows);
            }
            this.maxRows = maxRows;
            return this;
        }

        private CassandraRequests requests(int maxUnits) {
            return new CassandraRequests(session, level, serialLevel, patience, maxUnits);
        }

        /** Sets how long a call whose fate is unknown is repeated. */
        Builder patience(Duration patience) {
            this.patience = patience;
            return this;
        }

        /**
         * Builds the store: creates or validates the tables, and compares the settings that all stores on the tables must
         * share.
         *
         * @return a new store
         * @throws StorageException if Cassandra does not answer, or lacks a part that cannot be created
         * @throws AttributionException if the store differs from the first one in its consistency or its buckets, or has the
         *     local levels and a session that reaches nodes of several data centers, or if the retry policy of the session
         *     lowers consistency levels
         */
        public CassandraAttributionStore build() {
            return new CassandraAttributionStore(this);
        }
    }
}
