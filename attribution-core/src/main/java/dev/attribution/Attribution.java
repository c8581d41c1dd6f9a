package dev.attribution;

import dev.attribution.click.Click;
import dev.attribution.click.ClickId;
import dev.attribution.click.ClickIdGenerator;
import dev.attribution.click.ClickRequest;
import dev.attribution.click.Redirect;
import dev.attribution.conversion.DuplicatePolicy;
import dev.attribution.engine.AttemptIds;
import dev.attribution.engine.ClickRecorder;
import dev.attribution.engine.HostOffersStore;
import dev.attribution.engine.PostbackSettler;
import dev.attribution.engine.Settings;
import dev.attribution.engine.TemplateCache;
import dev.attribution.engine.repair.ImportSource;
import dev.attribution.engine.repair.ReplaySource;
import dev.attribution.link.InvalidTrackingLinkException;
import dev.attribution.link.LinkTemplater;
import dev.attribution.postback.PostbackOutcome;
import dev.attribution.postback.PostbackVerifier;
import dev.attribution.reconcile.Cause;
import dev.attribution.reconcile.Finding;
import dev.attribution.reconcile.Reconciler;
import dev.attribution.reconcile.ReconciliationPeriod;
import dev.attribution.report.ReportFilter;
import dev.attribution.report.Trace;
import dev.attribution.spi.AttributionStore;
import dev.attribution.spi.OfferRepository;
import java.time.InstantSource;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import java.util.function.Function;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * Click attribution over a store: offers are put, clicks become redirects, postbacks become outcomes, and every click id
 * can be traced.
 *
 * <p>Immutable and thread-safe; an application needs one. It opens nothing, starts no thread, and needs no closing: the
 * store belongs to whoever made it.
 */
public final class Attribution {
    private final Settings settings;
    private final AttributionStore store;
    private final ClickRecorder clicks;
    private final PostbackSettler postbacks;

    private Attribution(Settings settings, AttributionStore store) {
        this.settings = settings;
        this.store = settings.offers()
                .<AttributionStore>map(offers -> new HostOffersStore(store, offers))
                .orElse(store);
        this.clicks = new ClickRecorder(settings, this.store);
        this.postbacks = new PostbackSettler(settings, this.store);
    }

    /**
     * Starts a façade.
     *
     * @param store where clicks, conversions and history are kept
     * @return a new builder
     */
    public static Builder builder(AttributionStore store) {
        return new Builder(store);
    }

    /**
     * Returns the offers.
     *
     * @return the offers, checked before they are put
     */
    public Offers offers() {
        return new Offers(store.offers(), settings.templates());
    }

    /**
     * Records a click and says where to send the member. When this returns, the click is stored: durably, or, in a host's
     * transaction, with the host's commit, behind which the redirect belongs.
     *
     * @param request who clicks what
     * @return the click's id, and the offer's tracking link with the id in it
     * @throws UnknownOfferException if there is no such offer
     * @throws InvalidTrackingLinkException if the offer comes from a host's repository with a link that is not sound
     * @throws AttributionException if a value would lead the link elsewhere
     * @throws StorageException if the click could not be stored; do not redirect
     */
    public Redirect click(ClickRequest request) {
        return clicks.record(Objects.requireNonNull(request, "request"));
    }

    /**
     * Records a click as {@link #click} does, on the executor's threads.
     *
     * @param request who clicks what
     * @return completed when the click is stored, with what {@code click} returns; or, if it could not be, with what it
     *     throws. What depends on it runs on the executor, too
     * @throws IllegalStateException if the façade was built without an executor
     */
    public CompletionStage<Redirect> clickAsync(ClickRequest request) {
        return clicks.recordAsync(Objects.requireNonNull(request, "request"), executor());
    }

    /**
     * ImportSource clicks that were recorded elsewhere, for a migration: with the ids and times that they have. In lists, so much
     * faster than one by one, and in memory that does not depend on how many there are.
     *
     * @param clicks the clicks, read once. Those that are stored already, equal in every part, are left as they are, so that an
     *     import which failed is completed by repeating it
     * @return how many were read
     * @throws AttributionException if the id of one belongs to another click already
     * @throws StorageException if they could not all be stored; a prefix may be
     */
    public long importClicks(Iterable<Click> clicks) {
        return this.clicks.insertAll(clicks.iterator());
    }

    /**
     * Settles a postback: finds its click, checks it, and records one conversion for that click and member, however often
     * and however concurrently the postback arrives. When this returns, outcome and history entry are stored: durably, or,
     * in a host's transaction, with the host's commit.
     *
     * @param postback the URL that was called, or its raw query; any text ends as an outcome
     * @return what became of it; {@link PostbackOutcome#httpAnswer()} is what to tell the tracker
     * @throws UnsupportedPolicyException if the store cannot keep the offer's duplicate policy; nothing was credited
     * @throws StorageException if it could not be settled; answer with a 5xx, so that the tracker calls again
     */
    public PostbackOutcome postback(String postback) {
        return postbacks.settle(Objects.requireNonNull(postback, "postback"));
    }

    /**
     * Settles a postback as {@link #postback} does, on the executor's threads.
     *
     * @param postback the URL that was called, or its raw query; any text ends as an outcome
     * @return completed when outcome and history entry are stored, with what {@code postback} returns; or, if it could not be
     *     settled, with what it throws. What depends on it runs on the executor, too
     * @throws IllegalStateException if the façade was built without an executor
     */
    public CompletionStage<PostbackOutcome> postbackAsync(String postback) {
        return postbacks.settleAsync(Objects.requireNonNull(postback, "postback"), executor());
    }

    private Executor executor() {
        return settings.executor()
                .orElseThrow(() -> new IllegalStateException(
                        "An asynchronous call needs threads of the application's: build the façade with executor(…)"));
    }

    /**
     * Settles many postbacks, as {@link #postback} does each, in fewer statements. One that stands in the list twice counts
     * as a replay, whatever the distance; the earlier one has precedence.
     *
     * @param postbacks URLs or raw queries
     * @return as many outcomes, in the same order
     * @throws StorageException if not all could be settled. Some may be: repeating the whole list is safe, since those are
     *     then answered as replays
     */
    public List<PostbackOutcome> postbacks(List<String> postbacks) {
        return this.postbacks.settle(List.copyOf(postbacks));
    }

    /**
     * Traces a click id: the click, every postback that named it, every conversion.
     *
     * @param clickId the id
     * @return the trace, oldest first; of an unknown id one without a click
     * @throws AttributionException if the store has no reports
     * @throws StorageException if the store cannot be read
     */
    public Trace trace(ClickId clickId) {
        return reports().trace(clickId, store.clicks().find(List.of(clickId)).get(clickId));
    }

    /**
     * Returns the reports.
     *
     * @return the reports
     * @throws AttributionException if the store has none
     */
    public Reports reports() {
        return new Reports(store.reports()
                .orElseThrow(() ->
                        new AttributionException("This store has no reports: it leaves out the ReportRepository")));
    }

    /**
     * Starts a comparison of our conversions with a tracker's rows.
     *
     * @param period the days to compare
     * @return a builder: give it at least one source
     */
    public Reconciler.Builder reconciliation(ReconciliationPeriod period) {
        return Reconciler.builder(store, period);
    }

    /**
     * Prepares to replay postbacks that were not credited, once the cause is mended. Each is judged again as it was received,
     * at the time it was received. Those that are unattributed or rejected can win a credit now; all others are skipped.
     *
     * @param filter which history entries: by reason, time, offer or whatever else a report can look for; replays and imports
     *     among them are left out
     * @return the repair, of which nothing is done yet
     * @throws AttributionException if the store has no reports
     */
    public Repair replay(ReportFilter filter) {
        return new Repair(settings, store, new ReplaySource.OfFilter(filter));
    }

    /**
     * Prepares to replay postbacks, as {@link #replay(ReportFilter)} does.
     *
     * @param attemptIds the keys of their history entries
     * @return the repair, of which nothing is done yet
     * @throws AttributionException if the store has no reports
     */
    public Repair replay(Collection<UUID> attemptIds) {
        return new Repair(settings, store, new ReplaySource.OfIds(Set.copyOf(attemptIds)));
    }

    /**
     * Prepares to import the rows for which no postback came, or was answered with an error: those of which a reconciliation
     * says {@link Cause#NO_POSTBACK} or {@link Cause#ANSWERED_WITH_ERROR}. The reconciliation runs anew in every run of the
     * repair. Each row is judged as a postback of its content that came when the conversion happened.
     *
     * @param reconciler compares our conversions with the tracker's rows
     * @return the repair, of which nothing is done yet
     * @throws AttributionException if the store has no reports
     */
    public Repair importMissing(Reconciler reconciler) {
        return importMissing(reconciler, any -> true);
    }

    /**
     * Prepares to import some of the rows that {@link #importMissing(Reconciler)} imports.
     *
     * @param reconciler compares our conversions with the tracker's rows
     * @param only tells of a finding whether its row is wanted
     * @return the repair, of which nothing is done yet
     * @throws AttributionException if the store has no reports
     */
    public Repair importMissing(Reconciler reconciler, Predicate<Finding> only) {
        return new Repair(settings, store, new ImportSource(reconciler, only));
    }

    /**
     * Returns the same façade on another store, such as one that joins the host's transaction. Cheap: make one for each
     * transaction.
     *
     * @param store where clicks, conversions and history are kept; and offers too, unless the host keeps them itself
     * @return a façade with the settings of this one
     */
    public Attribution on(AttributionStore store) {
        return new Attribution(settings, Objects.requireNonNull(store, "store"));
    }

    /** Builds an {@link Attribution}. Not thread-safe. */
    public static final class Builder {
        private final AttributionStore store;
        private InstantSource clock = InstantSource.system();
        private @Nullable ClickIdGenerator clickIds;
        private @Nullable OfferRepository offers;
        private DuplicatePolicy duplicatePolicy = DuplicatePolicy.onePerClickAndMember();
        private PostbackVerifier verifier = PostbackVerifier.none();
        private int maxWaiting = 10_000;
        private @Nullable Executor executor;
        private LinkTemplater templater = LinkTemplater.standard();
        private final Map<String, Function<Click, String>> macros = new HashMap<>();

        private Builder(AttributionStore store) {
            this.store = Objects.requireNonNull(store, "store");
        }

        /**
         * Sets the clock. The default is the system's. Processes that share a store should agree on the time: a postback
         * that seems to come before its click is {@code TOO_EARLY}.
         *
         * @param clock gives the time of clicks and postbacks
         * @return this builder
         */
        public Builder clock(InstantSource clock) {
            this.clock = Objects.requireNonNull(clock, "clock");
            return this;
        }

        /**
         * Sets where click ids come from. The default is {@link ClickIdGenerator#timeOrdered()} on the façade's clock.
         *
         * @param clickIds the generator
         * @return this builder
         */
        public Builder clickIds(ClickIdGenerator clickIds) {
            this.clickIds = Objects.requireNonNull(clickIds, "clickIds");
            return this;
        }

        /**
         * Sets where offers are kept, for a host that keeps them itself. The default is the store.
         *
         * @param offers the host's repository; it is asked at every click and every postback
         * @return this builder
         */
        public Builder offers(OfferRepository offers) {
            this.offers = Objects.requireNonNull(offers, "offers");
            return this;
        }

        /**
         * Sets the policy of offers that have none of their own. The default is one conversion per click and member.
         *
         * @param policy how often a click or a member is credited
         * @return this builder
         */
        public Builder duplicatePolicy(DuplicatePolicy policy) {
            this.duplicatePolicy = Objects.requireNonNull(policy, "policy");
            return this;
        }

        /**
         * Sets what tells a tracker's postback from a forged one. The default takes every postback.
         *
         * @param verifier the verifier
         * @return this builder
         */
        public Builder verifier(PostbackVerifier verifier) {
            this.verifier = Objects.requireNonNull(verifier, "verifier");
            return this;
        }

        /**
         * Sets the threads of the asynchronous calls. The default is none: then there are no such calls.
         *
         * @param executor the application's; the library neither starts nor stops it
         * @return this builder
         */
        public Builder executor(Executor executor) {
            this.executor = Objects.requireNonNull(executor, "executor");
            return this;
        }

        /**
         * Sets how many clicks, and how many postbacks, may wait while others are written. Beyond that, callers get an
         * {@link OverloadedException} at once. The default is 10,000. Only a store of which concurrent calls are combined
         * has them wait here.
         *
         * @param most how many, at least 1
         * @return this builder
         * @throws IllegalArgumentException if {@code most} is less than 1
         */
        public Builder maxWaiting(int most) {
            if (most < 1) {
                throw new IllegalArgumentException("maxWaiting is " + most + ", but must be at least 1");
            }
            this.maxWaiting = most;
            return this;
        }

        /**
         * Registers a macro for tracking links.
         *
         * @param name its name, without braces: 1 to 64 letters, digits, {@code _}, {@code .} and {@code -}
         * @param value gives its value for a click, never {@code null}; it is percent-encoded where it stands
         * @return this builder
         * @throws IllegalArgumentException if the name is not allowed, or taken in this or another case
         */
        public Builder macro(String name, Function<Click, String> value) {
            templater = templater.withMacro(name);
            macros.put(name, Objects.requireNonNull(value, "value"));
            return this;
        }

        /**
         * Builds the façade.
         *
         * @return a new façade
         */
        public Attribution build() {
            return new Attribution(
                    new Settings(
                            clock,
                            clickIds != null ? clickIds : ClickIdGenerator.timeOrdered(clock),
                            new AttemptIds(),
                            duplicatePolicy,
                            verifier,
                            new TemplateCache(templater),
                            Map.copyOf(macros),
                            Optional.ofNullable(offers),
                            maxWaiting,
                            Optional.ofNullable(executor)),
                    store);
        }
    }
}
