package dev.attribution;

import dev.attribution.click.Click;
import dev.attribution.click.ClickId;
import dev.attribution.click.ClickIdGenerator;
import dev.attribution.click.ClickRequest;
import dev.attribution.click.ClickScreen;
import dev.attribution.click.MemberHash;
import dev.attribution.click.Redirect;
import dev.attribution.click.StoredContext;
import dev.attribution.conversion.Conversion;
import dev.attribution.conversion.DuplicatePolicy;
import dev.attribution.conversion.OperatorResult;
import dev.attribution.engine.AttemptIds;
import dev.attribution.engine.ClickRecorder;
import dev.attribution.engine.Forgetting;
import dev.attribution.engine.HostOffersStore;
import dev.attribution.engine.OperatorChanges;
import dev.attribution.engine.PostbackSettler;
import dev.attribution.engine.Settings;
import dev.attribution.engine.TemplateCache;
import dev.attribution.engine.batch.Reentrance;
import dev.attribution.engine.repair.DryRunStore;
import dev.attribution.engine.repair.ImportSource;
import dev.attribution.engine.repair.ReplaySource;
import dev.attribution.engine.repair.StatusSource;
import dev.attribution.internal.Printable;
import dev.attribution.link.InvalidLinkValueException;
import dev.attribution.link.InvalidTrackingLinkException;
import dev.attribution.link.LinkTemplater;
import dev.attribution.listener.AttributionListener;
import dev.attribution.postback.Caller;
import dev.attribution.postback.InvalidCallerException;
import dev.attribution.postback.PostbackOutcome;
import dev.attribution.postback.PostbackRequest;
import dev.attribution.postback.PostbackVerifier;
import dev.attribution.privacy.ForgetResult;
import dev.attribution.reconcile.Cause;
import dev.attribution.reconcile.Finding;
import dev.attribution.reconcile.Reconciler;
import dev.attribution.reconcile.ReconciliationPeriod;
import dev.attribution.repair.PostbackDryRun;
import dev.attribution.report.ReportFilter;
import dev.attribution.report.Trace;
import dev.attribution.spi.AttributionStore;
import dev.attribution.spi.CallerRepository;
import dev.attribution.spi.OfferRepository;
import dev.attribution.spi.ReportRepository;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
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
 * Click attribution over a store. A click becomes a redirect, a postback becomes an outcome, and every click id can be
 * traced.
 *
 * <pre>{@code
 * Attribution attribution = Attribution.builder(store).build();
 * attribution.offers().put(Offer.builder("spring-sale")
 *         .trackingLink("https://google.com?sub1={gk_click_id}")
 *         .build());
 *
 * Redirect redirect = attribution.click(ClickRequest.of("spring-sale", "member-7"));
 * PostbackOutcome outcome = attribution.postback("gk_click_id=" + redirect.clickId() + "&event_id=win_10_games");
 * Trace trace = attribution.trace(redirect.clickId());
 * }</pre>
 *
 * <p>Immutable and thread-safe; an application needs one instance. It opens nothing, starts no thread and need not be
 * closed: the store belongs to the host.
 */
public final class Attribution {
    private static final int LOOK_UP_SIZE = 1_000;

    private final Settings settings;
    private final AttributionStore hostStore;
    private final AttributionStore store; // with the offers of the application, if it keeps them itself
    private final ClickRecorder clicks;
    private final PostbackSettler postbacks;
    private final Caller caller;
    private final boolean joins;

    private Attribution(Settings settings, AttributionStore store, Caller caller, boolean joins) {
        this.settings = settings;
        this.caller = caller;
        this.joins = joins;
        this.hostStore = store;
        this.store = settings.offers()
                .<AttributionStore>map(offers -> new HostOffersStore(store, offers))
                .orElse(store);
        this.clicks = new ClickRecorder(settings, this.store);
        this.postbacks = new PostbackSettler(settings, this.store);
    }

    private Attribution(Attribution same, Caller caller) {
        this.settings = same.settings;
        this.hostStore = same.hostStore;
        this.store = same.store;
        this.clicks = same.clicks;
        this.postbacks = same.postbacks;
        this.joins = same.joins;
        this.caller = caller;
    }

    /**
     * Starts building a façade.
     *
     * @param store keeps clicks, conversions and history
     * @return a new builder
     */
    public static Builder builder(AttributionStore store) {
        return new Builder(store);
    }

    /** The façade that does a call of this thread: this one, or the one inside of the application's transaction. */
    private Attribution here() {
        return joins && hostStore.isInHostTransaction() ? joining() : this;
    }

    /** {@return the offers, which are checked before they are put} */
    public Offers offers() {
        return new Offers(here().store.offers(), settings.templates());
    }

    /**
     * Records a click and returns the redirect for the member. The click is stored before this method returns: durably,
     * or in the host's transaction. In the latter case, send the redirect after the host's commit.
     *
     * @param request the member and the offer
     * @return the click's id, and the offer's tracking link that contains the id
     * @throws SpeculativeClickException if a browser asks before the person clicks; nothing is stored. Answer as {@link
     *     dev.attribution.postback.HttpAnswer#of} says
     * @throws UnknownOfferException if the offer does not exist
     * @throws InvalidTrackingLinkException if the offer comes from a host's repository and its link has a problem
     * @throws InvalidLinkValueException if a value would make the link lead to another place, or too long
     * @throws StorageException if the click could not be stored; do not redirect
     */
    public Redirect click(ClickRequest request) {
        return here().clicks.record(Objects.requireNonNull(request, "request"));
    }

    /**
     * Records a click as {@link #click} does, on the executor's threads.
     *
     * @param request the member and the offer
     * @return completed when the click is stored, with the result of {@code click}; otherwise with its exception.
     *     Dependent stages run on the executor too
     * @throws IllegalStateException if the façade was built without an executor
     */
    public CompletionStage<Redirect> clickAsync(ClickRequest request) {
        return clicks.recordAsync(Objects.requireNonNull(request, "request"), executor());
    }

    /**
     * Imports clicks that another system recorded, with their ids and times, for a migration. The clicks are written in
     * batches, which is faster than one by one, and memory use does not depend on their number. Their contexts are reduced as
     * those of other clicks ({@link Builder#storedContext}).
     *
     * @param clicks the clicks, read once. A click that is already stored, equal in every part, is skipped, so a failed
     *     import is completed by running it again
     * @return the number of clicks that were read
     * @throws AttributionException if the id of a click already belongs to another click
     * @throws StorageException if not all clicks could be stored; a prefix of them may be stored
     */
    public long importClicks(Iterable<Click> clicks) {
        return here().clicks.insertAll(clicks.iterator());
    }

    /**
     * Settles a postback: finds its click, checks the postback, and records one conversion for that click and member,
     * no matter how often and how concurrently the postback arrives. Outcome and history entry are stored before this
     * method returns: durably, or in the host's transaction. The text is read as that of a {@code GET} request without headers.
     *
     * @param postback the URL that was called, the target of the request (path and query), or the raw query. Any text has
     *     an outcome; {@code null}, which servlets return as the query of a URL without one, is read as an empty query
     * @return the outcome; {@link PostbackOutcome#httpAnswer()} is the answer to the tracker
     * @throws UnsupportedPolicyException if the store cannot keep the offer's duplicate policy; nothing was credited
     * @throws StorageException if the postback could not be settled; answer with a 5xx status, so that the tracker
     *     calls again
     */
    public PostbackOutcome postback(@Nullable String postback) {
        return postback(request(postback));
    }

    /**
     * Settles the postback of a request, as {@link #postback(String)} does, by the description of the {@linkplain #from caller}
     * of this façade.
     *
     * @param call the request as it was received
     * @return the outcome; {@code caller.answers().to(outcome, call)} is the answer. A request that holds several messages is
     *     malformed
     * @throws KeyUnavailableException if the application's function for keys fails; nothing was decided
     * @throws UnsupportedPolicyException if the store cannot keep the offer's duplicate policy; nothing was credited
     * @throws StorageException if the postback could not be settled; answer with {@code caller.answers().unavailable(call)}
     */
    public PostbackOutcome postback(PostbackRequest call) {
        return here().postbacks.settle(caller, Objects.requireNonNull(call, "call"));
    }

    /**
     * Settles a postback as {@link #postback} does, on the executor's threads.
     *
     * @param postback the URL that was called, the target of the request (path and query), or the raw query. Any text has
     *     an outcome; {@code null}, which servlets return as the query of a URL without one, is read as an empty query
     * @return completed when outcome and history entry are stored, with the result of {@code postback}; otherwise with
     *     its exception. Dependent stages run on the executor too
     * @throws IllegalStateException if the façade was built without an executor
     */
    public CompletionStage<PostbackOutcome> postbackAsync(@Nullable String postback) {
        return postbackAsync(request(postback));
    }

    /**
     * Settles the postback of a request as {@link #postback(PostbackRequest)} does, on the executor's threads.
     *
     * @param call the request as it was received
     * @return completed when outcome and history entry are stored, with the result of {@code postback}; otherwise with
     *     its exception. Dependent stages run on the executor too
     * @throws IllegalStateException if the façade was built without an executor
     */
    public CompletionStage<PostbackOutcome> postbackAsync(PostbackRequest call) {
        return postbacks.settleAsync(caller, Objects.requireNonNull(call, "call"), executor());
    }

    private Executor executor() {
        return settings.executor()
                .orElseThrow(() -> new IllegalStateException(
                        "An asynchronous call needs the application's threads: build the façade with executor(…)"));
    }

    /**
     * Settles many postbacks, each as {@link #postback} does, in fewer statements. If the list contains a postback
     * twice, the later one is a replay of the earlier one.
     *
     * @param postbacks URLs, request targets or raw queries; {@code null} is read as an empty query
     * @return one outcome for each postback, in the same order
     * @throws StorageException if not all postbacks could be settled. Some may be settled: it is safe to repeat the
     *     whole list, since these are then answered as replays
     */
    public List<PostbackOutcome> postbacks(List<? extends @Nullable String> postbacks) {
        List<PostbackRequest> requests = new ArrayList<>(postbacks.size());
        for (String postback : postbacks) {
            requests.add(request(postback));
        }
        return here().postbacks.settle(caller, requests);
    }

    /**
     * Settles all messages of one request, each as {@link #postback(PostbackRequest)} does.
     *
     * @param call the request as it was received
     * @return one outcome for each message, at least one, in their order; {@code caller.answers().to(outcomes, call)} is the
     *     answer
     * @throws KeyUnavailableException if the application's function for keys fails; nothing was decided
     * @throws StorageException if not all messages could be settled. Some may be settled: it is safe to repeat the request
     */
    public List<PostbackOutcome> postbacks(PostbackRequest call) {
        return here().postbacks.settle(caller, List.of(call));
    }

    /** A servlet has no query for a bare URL: that is a postback without a click id, not a fault to be retried forever. */
    private static PostbackRequest request(@Nullable String postback) {
        return PostbackRequest.get(postback == null ? "" : postback).build();
    }

    /**
     * Judges all messages of a request as {@link #postbacks(PostbackRequest)} would now, and writes nothing: no credit, no
     * history entry, no call of a handler or listener.
     *
     * @param call the request
     * @return the outcomes, and the history entries that would be written
     * @throws KeyUnavailableException if the application's function for keys fails
     * @throws StorageException if the store cannot be read
     */
    public PostbackDryRun dryRun(PostbackRequest call) {
        DryRunStore dry = new DryRunStore(here().store);
        List<PostbackOutcome> outcomes =
                new PostbackSettler(settings.withoutListener(), dry).settle(caller, List.of(call));
        return new PostbackDryRun(outcomes, dry.entries());
    }

    /**
     * Finds clicks.
     *
     * @param clickIds the ids
     * @return the clicks that are stored, by their ids
     * @throws StorageException if the store cannot be read
     */
    public Map<ClickId, Click> findClicks(Collection<ClickId> clickIds) {
        AttributionStore here = here().store;
        Map<ClickId, Click> found = new HashMap<>();
        List<ClickId> ids = clickIds.stream().distinct().toList();
        for (int from = 0; from < ids.size(); from += LOOK_UP_SIZE) {
            found.putAll(here.clicks().find(ids.subList(from, Math.min(from + LOOK_UP_SIZE, ids.size()))));
        }
        return found;
    }

    /**
     * Finds a conversion, or the reservation that a reversal left.
     *
     * @param conversionId the id
     * @return the conversion as it is stored now, or empty if there is none
     * @throws StorageException if the store cannot be read
     */
    public Optional<Conversion> findConversion(UUID conversionId) {
        return Optional.ofNullable(here().store
                .conversions()
                .findConversions(List.of(conversionId))
                .get(conversionId));
    }

    /**
     * Traces a click id: the click, every postback that named it, every conversion.
     *
     * @param clickId the id
     * @return the trace, oldest first; without a click if the id is unknown. {@link Trace#isComplete()} is false if a click
     *     has so many postbacks or conversions that the trace has only the newest
     * @throws AttributionException if the store has no reports
     * @throws StorageException if the store cannot be read
     */
    public Trace trace(ClickId clickId) {
        AttributionStore here = here().store;
        return reports(here.reports())
                .trace(clickId, here.clicks().find(List.of(clickId)).get(clickId));
    }

    /**
     * Returns the reports. If the store reads them from a replica they may lag; see {@link Reports#lag()}.
     *
     * @return the reports
     * @throws AttributionException if the store has no reports
     */
    public Reports reports() {
        return reports(here().store.displayedReports());
    }

    private static Reports reports(Optional<ReportRepository> repository) {
        return new Reports(repository.orElseThrow(
                () -> new AttributionException("This store has no reports: it does not implement ReportRepository")));
    }

    /**
     * Starts a comparison of the stored conversions with the rows of a tracker.
     *
     * @param period the days to compare
     * @return a builder, which needs at least one source
     */
    public Reconciler.Builder reconciliation(ReconciliationPeriod period) {
        return Reconciler.builder(here().store, period);
    }

    /**
     * Prepares a replay of postbacks that were not credited, for use after the cause was fixed. Each postback is judged
     * again as of the time at which it was received. Unattributed and rejected postbacks can win a credit; all others
     * are skipped, and so are those that were not authentic, or malformed and therefore not verified.
     *
     * @param filter selects history entries by reason, time, offer or any other condition of a report; replays and
     *     imports are skipped
     * @return the repair, not yet run
     * @throws AttributionException if the store has no reports
     */
    public Repair replay(ReportFilter filter) {
        return new Repair(settings, here().store, new ReplaySource.OfFilter(filter));
    }

    /**
     * Prepares a replay of postbacks that the operator vouches for, also if they were not authentic or malformed. Otherwise as
     * {@link #replay(ReportFilter)}.
     *
     * @param attemptIds the keys of their history entries
     * @return the repair, not yet run
     * @throws AttributionException if the store has no reports
     */
    public Repair replay(Collection<UUID> attemptIds) {
        return new Repair(settings, here().store, new ReplaySource.OfIds(Set.copyOf(attemptIds)));
    }

    /**
     * Prepares an import of the rows whose postback did not arrive or was answered with an error: the rows with the
     * cause {@link Cause#NO_POSTBACK} or {@link Cause#ANSWERED_WITH_ERROR}. Every run of the repair runs the
     * reconciliation again. Each row is judged as a postback with its content, as of the time of the conversion, of the
     * {@linkplain #from caller} of this façade: import the rows of a system as its caller, so that its offers accept them and its
     * late postbacks are recognized as the same.
     *
     * @param reconciler compares the stored conversions with the tracker's rows
     * @return the repair, not yet run
     * @throws AttributionException if the store has no reports
     */
    public Repair importMissing(Reconciler reconciler) {
        return importMissing(reconciler, finding -> true);
    }

    /**
     * Prepares an import of some of the rows that {@link #importMissing(Reconciler)} imports.
     *
     * @param reconciler compares the stored conversions with the tracker's rows
     * @param only selects the findings to import
     * @return the repair, not yet run
     * @throws AttributionException if the store has no reports
     */
    public Repair importMissing(Reconciler reconciler, Predicate<Finding> only) {
        return new Repair(settings, here().store, new ImportSource(reconciler, only, caller));
    }

    /**
     * Prepares an import of statuses: conversions that the tracker reversed are reversed ({@link Cause#REVERSED_THERE}), and
     * pending ones that it approved are approved ({@link Cause#PENDING_HERE}), each as by a postback, with its handler in the
     * transaction. An approval needs a transaction id that both sides have; a reversal without one needs a click with a single
     * conversion. No conversion is made, and none that an operator reinstated is reversed. Each row is judged as a postback of
     * the {@linkplain #from caller} of this façade. Every run of the repair runs the reconciliation again.
     *
     * @param reconciler compares the stored conversions with the tracker's rows
     * @return the repair, not yet run
     * @throws AttributionException if the store has no reports
     */
    public Repair importStatuses(Reconciler reconciler) {
        return importStatuses(reconciler, finding -> true);
    }

    /**
     * Prepares an import of some of the statuses that {@link #importStatuses(Reconciler)} imports.
     *
     * @param reconciler compares the stored conversions with the tracker's rows
     * @param only selects the findings to import
     * @return the repair, not yet run
     * @throws AttributionException if the store has no reports
     */
    public Repair importStatuses(Reconciler reconciler, Predicate<Finding> only) {
        return new Repair(settings, here().store, new StatusSource(reconciler, only, caller));
    }

    /**
     * Clears the flag of a click, as an operator: a person made the click, though a rule took it for one that does not count.
     * The click keeps the name of the rule and the time of the clearing. Postbacks count from now on; those that were
     * rejected with {@code CLICK_NOT_CREDITABLE} are judged again by a {@linkplain #replay(ReportFilter) replay}.
     *
     * @param clickId the click
     * @return the click without a standing flag; as it was if there was nothing to clear
     * @throws AttributionException if no click has the id
     * @throws StorageException if the flag could not be cleared; it is safe to repeat the call
     */
    public Click clearFlag(ClickId clickId) {
        return operatorChanges().clearFlag(clickId);
    }

    /**
     * Approves a pending conversion, as an operator. The change is in history with the origin {@code OPERATOR}.
     *
     * @param conversionId the conversion
     * @return the conversion before and after; it says so if there was nothing to do
     * @throws AttributionException if no conversion has the id
     * @throws StorageException if the change could not be stored; it is safe to repeat the call
     */
    public OperatorResult approve(UUID conversionId) {
        return operatorChanges().approve(conversionId);
    }

    /**
     * Reverses a conversion that is pending or approved, as an operator; also one that an operator reinstated.
     *
     * @param conversionId the conversion
     * @return the conversion before and after; it says so if there was nothing to do
     * @throws AttributionException if no conversion has the id
     * @throws StorageException if the change could not be stored; it is safe to repeat the call
     */
    public OperatorResult reverse(UUID conversionId) {
        return operatorChanges().reverse(conversionId);
    }

    /**
     * Lets a reversed conversion count again, as an operator. No postback changes it afterwards. A reservation takes a
     * place under the offer's policy, with event and payout of the credit that came after the reversal; it needs one.
     *
     * @param conversionId the conversion or the reservation
     * @return the conversion before and after; it says so if there was nothing to do
     * @throws AttributionException if no conversion has the id, or a reservation is to be reinstated and the store has no
     *     reports
     * @throws StorageException if the change could not be stored; it is safe to repeat the call
     */
    public OperatorResult reinstate(UUID conversionId) {
        return operatorChanges().reinstate(conversionId);
    }

    /**
     * Reverses all conversions that are pending for long, in bounded batches, as an operator. They keep their places.
     *
     * @param olderThan the least age of the conversions, positive
     * @return how many were reversed; those that were settled in the meantime are left out
     * @throws IllegalArgumentException if the age is not positive
     * @throws AttributionException if the store has no reports
     * @throws StorageException if not all could be reversed; it is safe to repeat the call
     */
    public long reversePending(Duration olderThan) {
        if (olderThan.isNegative() || olderThan.isZero()) {
            throw new IllegalArgumentException(
                    "The age of pending conversions to reverse is " + olderThan + ", but must be positive");
        }
        return operatorChanges().reversePending(settings.now().minus(olderThan));
    }

    /**
     * Forgets a member: replaces what identifies the member in clicks, conversions and history, in bounded batches. The id of
     * the member becomes a random token; address, user agent, referrer and extras of the clicks, and queries, bodies and notes
     * of the history become nothing. Ids of clicks, events and transactions, times, amounts and statuses stay, and so does a
     * {@linkplain MemberHash hash} of the member on each offer: every later message about a click of the member has the outcome
     * that it would have had, no member is credited twice, and a message that names the member is still compared. Erased
     * postbacks cannot be replayed.
     *
     * <p>What arrives afterwards is new data, such as a new click of the member. A postback that was being settled during the
     * call may still be stored with the member: call the method again. It is safe to call the method at any time, also after a
     * call that was interrupted or has lost its answer. The call reads the history, since postbacks that were rejected, not
     * attributed or attributed to another member may name this one.
     *
     * @param memberId the member
     * @return what was forgotten by this call; {@link ForgetResult#isNothingFound()} if nothing was stored of the member
     * @throws InvalidIdException if the member id is not allowed
     * @throws TransactionMisuseException if this façade joins a transaction of the application
     * @throws AttributionException if the store cannot forget
     * @throws StorageException if not everything could be forgotten; call the method again
     */
    public ForgetResult forget(String memberId) {
        requireOwnTransactions("forget a member");
        return new Forgetting(settings, store).forget(memberId);
    }

    /**
     * Prepares a deletion of old clicks with their conversions and their history.
     *
     * @return a builder, which needs an age and a validation time
     * @throws TransactionMisuseException if this façade joins a transaction of the application
     */
    public Retention.Builder retention() {
        requireOwnTransactions("delete old clicks");
        return new Retention.Builder(settings, store);
    }

    private void requireOwnTransactions(String what) {
        if (!store.commitsByItself()) {
            throw new TransactionMisuseException(
                    "Could not " + what + " in a transaction of the application: each batch commits"
                            + " by itself, or the transaction would lock every row until it ends, and a rollback would bring back what"
                            + " was reported as gone. Nothing was written. Call it on a façade over the store itself.");
        }
    }

    private OperatorChanges operatorChanges() {
        return new OperatorChanges(settings, here().store);
    }

    /**
     * Returns a façade with the same settings on another store, such as a store that joins the host's transaction. The
     * call is cheap: make a façade for each transaction.
     *
     * @param store keeps clicks, conversions and history, and also offers unless the host keeps them itself
     * @return a new façade
     */
    public Attribution on(AttributionStore store) {
        return new Attribution(settings, Objects.requireNonNull(store, "store"), caller, joins);
    }

    /**
     * Returns this façade inside of the application's transaction that is running on the current thread: what it writes is
     * committed and rolled back with the work of the application, as in {@code attribution.joining().postback(postback)}.
     *
     * <p>The façade that is returned commits nothing, repeats nothing and holds no connection. Use it on this thread until the
     * transaction ends. Roll the transaction back after an exception; if it is a transient {@link StorageException}, repeat
     * the whole transaction.
     *
     * @return a façade with the same settings
     * @throws TransactionMisuseException if no transaction is running on the current thread, before a connection is taken, or
     *     the store does not join transactions
     */
    public Attribution joining() {
        return new Attribution(settings, hostStore.joining(), caller, false);
    }

    /**
     * Asks whether the store is there, such as for a health check.
     *
     * @throws StorageException if it does not answer
     */
    public void ping() {
        here().hostStore.ping();
    }

    /** {@return how many callers wait at this moment while the clicks of others are written, such as for a gauge} */
    public int waitingClicks() {
        return clicks.waiting();
    }

    /** {@return how many callers wait at this moment while the postbacks of others are written, such as for a gauge} */
    public int waitingPostbacks() {
        return postbacks.waiting();
    }

    /**
     * Returns this façade for the postbacks of a caller. The call is cheap: choose a caller for each request.
     *
     * @param caller describes how its calls are read, verified and answered
     * @return a façade on the same store with the same settings
     */
    public Attribution from(Caller caller) {
        return new Attribution(this, Objects.requireNonNull(caller, "caller"));
    }

    /**
     * Returns this façade for the postbacks of a caller that is known by its name.
     *
     * @param name the name of the caller, which the repository of callers finds
     * @return a façade on the same store with the same settings
     * @throws UnknownCallerException if there is no such caller
     */
    public Attribution from(String name) {
        return from(settings.caller(name)
                .orElseThrow(() -> new UnknownCallerException(
                        name,
                        "No caller has the name '" + Printable.quoted(name)
                                + "'. Describe it with Caller.named(…), and return it from the"
                                + " CallerRepository that is passed to callers(…).")));
    }

    /** {@return the caller by whose description postbacks are read; by default {@link Caller#standard()}} */
    public Caller caller() {
        return caller;
    }

    /** Builds an {@link Attribution}. Not thread-safe. */
    public static final class Builder {
        private final AttributionStore store;
        private boolean lazily;
        private boolean joins;
        private ClickScreen screen = ClickScreen.standard();
        private InstantSource clock = InstantSource.system();
        private @Nullable ClickIdGenerator clickIds;
        private MemberHash memberHash = MemberHash.plain();
        private StoredContext storedContext = StoredContext.whole();
        private @Nullable OfferRepository offers;
        private DuplicatePolicy duplicatePolicy = DuplicatePolicy.onePerClickAndMember();
        private Caller standardCaller = Caller.standard();
        private CallerRepository callers = CallerRepository.of();
        private AttributionListener listener = new AttributionListener() {};
        private int maxWaiting = 10_000;
        private Duration maxWait = Duration.ofSeconds(30);
        private @Nullable Executor executor;
        private LinkTemplater templater = LinkTemplater.standard();
        private final Map<String, Function<Click, String>> macros = new HashMap<>();

        private Builder(AttributionStore store) {
            this.store = Objects.requireNonNull(store, "store");
        }

        /**
         * Sets the clock. The default is the system's. The clocks of processes that share a store should agree: a
         * postback that is dated before its click is {@code TOO_EARLY}.
         *
         * @param clock provides the time of clicks and postbacks
         * @return this builder
         */
        public Builder clock(InstantSource clock) {
            this.clock = Objects.requireNonNull(clock, "clock");
            return this;
        }

        /**
         * Sets the generator of click ids. The default is {@link ClickIdGenerator#timeOrdered()} on the façade's clock.
         *
         * @param clickIds the generator
         * @return this builder
         */
        public Builder clickIds(ClickIdGenerator clickIds) {
            this.clickIds = Objects.requireNonNull(clickIds, "clickIds");
            return this;
        }

        /**
         * Sets the key under which clicks and conversions keep a hash of their member, by which a member who was forgotten is
         * still not credited twice. Without a key the hash is SHA-256, which whoever reads the database can reverse by trying
         * all ids, such as e-mail addresses.
         *
         * <p>The key must be the same in every process, and for ever: under another key, a member has another hash, and can
         * be credited a second time under {@link DuplicatePolicy#onePerMemberAndOffer()}. Set it before the first click.
         *
         * @param key at least {@value MemberHash#MIN_KEY} bytes, better 32 random ones; it is copied
         * @return this builder
         * @throws IllegalArgumentException if the key is too short
         */
        public Builder memberKey(byte[] key) {
            this.memberHash = MemberHash.keyed(key);
            return this;
        }

        /**
         * Sets what is stored of the context of a click, such as a part of the address only. The default is everything. Macros
         * and listeners see the click as it is stored; the checks of postbacks see every address in full.
         *
         * @param context what is stored
         * @return this builder
         */
        public Builder storedContext(StoredContext context) {
            this.storedContext = Objects.requireNonNull(context, "context");
            return this;
        }

        /**
         * Sets the repository of offers, for a host that keeps them itself. By default the store keeps them.
         *
         * @param offers the host's repository; it is queried for every click and every postback
         * @return this builder
         */
        public Builder offers(OfferRepository offers) {
            this.offers = Objects.requireNonNull(offers, "offers");
            return this;
        }

        /**
         * Sets the policy of offers that have no policy of their own. The default is one conversion per click and
         * member.
         *
         * @param policy how often a click or a member is credited
         * @return this builder
         */
        public Builder duplicatePolicy(DuplicatePolicy policy) {
            this.duplicatePolicy = Objects.requireNonNull(policy, "policy");
            return this;
        }

        /**
         * Sets what verifies the calls of {@link Caller#standard()}. The default accepts every postback.
         *
         * @param verifier the verifier
         * @return this builder
         * @throws InvalidCallerException if the verifier does not cover the parameters of a postback
         */
        public Builder verifier(PostbackVerifier verifier) {
            this.standardCaller = Caller.standard(verifier);
            return this;
        }

        /**
         * Sets the callers of the application, which {@link Attribution#from(String)} and a replay find by their names.
         *
         * @param callers the repository, which is asked each time
         * @return this builder
         */
        public Builder callers(CallerRepository callers) {
            this.callers = Objects.requireNonNull(callers, "callers");
            return this;
        }

        /**
         * Sets the executor of the asynchronous calls. Without one they are not available.
         *
         * @param executor the application's executor; the library neither starts nor stops it
         * @return this builder
         */
        public Builder executor(Executor executor) {
            this.executor = Objects.requireNonNull(executor, "executor");
            return this;
        }

        /**
         * Sets what judges whether a person clicks. The default is {@link ClickScreen#standard()}.
         *
         * @param screen the screen
         * @return this builder
         */
        public Builder screen(ClickScreen screen) {
            this.screen = Objects.requireNonNull(screen, "screen");
            return this;
        }

        /**
         * Sets what is told of clicks, outcomes and faults, such as for metrics: of a call in a transaction of the application
         * after the commit, if the store learns of it. The default is told and does nothing.
         *
         * @param listener the listener
         * @return this builder
         */
        public Builder listener(AttributionListener listener) {
            this.listener = Objects.requireNonNull(listener, "listener");
            return this;
        }

        /**
         * Sets how many clicks, and how many postbacks, may wait while others are written. Further callers get an
         * {@link OverloadedException} immediately. The default is 10,000. Callers wait here only if the store combines
         * concurrent calls.
         *
         * @param most the limit, at least 1
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
         * Sets how long a caller waits while others are written. The default is 30 seconds. After that, or when its thread is
         * interrupted, the caller gets a {@link StorageException} whose {@code isTransient()} is true; it says whether the call
         * may still be written. The caller that writes waits as long as the store takes.
         *
         * @param most how long, from a millisecond to a day
         * @return this builder
         * @throws IllegalArgumentException if {@code most} is outside these bounds
         */
        public Builder maxWait(Duration most) {
            if (most.compareTo(Duration.ofMillis(1)) < 0 || most.compareTo(Duration.ofDays(1)) > 0) {
                throw new IllegalArgumentException("maxWait is " + most + ", but must be from a millisecond to a day");
            }
            this.maxWait = most;
            return this;
        }

        /**
         * Registers a macro for tracking links.
         *
         * @param name its name, without braces: 1 to 64 letters, digits, {@code _}, {@code .} and {@code -}
         * @param value returns the value of the macro for a click, never {@code null}; the value is percent-encoded
         * @return this builder
         * @throws IllegalArgumentException if the name is not allowed, or already registered in this or another case
         */
        public Builder macro(String name, Function<Click, String> value) {
            templater = templater.withMacro(name);
            macros.put(name, Objects.requireNonNull(value, "value"));
            return this;
        }

        /**
         * Builds the façade without asking the store for anything, so that an application can start while its database is away.
         * The first call asks the store, and what {@link #build()} refuses is refused there.
         *
         * @return this builder
         */
        public Builder lazily() {
            this.lazily = true;
            return this;
        }

        /**
         * Lets each call join the application's transaction that is running on the calling thread, as if it were made on {@link
         * Attribution#joining()}. A call outside of a transaction is unchanged: it is durable when it returns, and shares the
         * commit of concurrent callers. By default a call joins only if the application says so.
         *
         * <p>What {@link Attribution#offers()}, {@link Attribution#reports()} and the preparations of repairs and comparisons
         * return belongs to the transaction in which it was made. An asynchronous call does not join: it is refused inside of a
         * transaction. Neither do {@link Attribution#forget} and {@link Attribution#retention()}, which commit in batches: call
         * them outside of a transaction.
         *
         * @return this builder
         */
        public Builder joiningTransactions() {
            this.joins = true;
            return this;
        }

        /**
         * Builds the façade.
         *
         * @return a new façade
         * @throws AttributionException if the store needs click ids that contain their time, and the generator makes others
         */
        public Attribution build() {
            if (!lazily) {
                requireTimeInIds();
            }
            return new Attribution(
                    new Settings(
                            clock,
                            clickIds != null ? clickIds : ClickIdGenerator.timeOrdered(clock),
                            memberHash,
                            storedContext,
                            new AttemptIds(),
                            duplicatePolicy,
                            standardCaller,
                            callers,
                            screen,
                            listener,
                            new TemplateCache(templater),
                            Map.copyOf(macros),
                            Optional.ofNullable(offers),
                            maxWaiting,
                            maxWait,
                            new Reentrance(),
                            Optional.ofNullable(executor),
                            lazily),
                    store,
                    standardCaller,
                    joins);
        }

        private void requireTimeInIds() {
            if (clickIds != null && store.needsTimeInIds() && !clickIds.next().hasTime()) {
                throw new AttributionException(
                        "The store needs click ids that contain their time, since it is partitioned by time, and"
                                + " clickIds(…) makes others. Use ClickIdGenerator.timeOrdered(), the default.");
            }
        }
    }
}
