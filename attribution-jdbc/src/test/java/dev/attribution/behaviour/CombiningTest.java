package dev.attribution.behaviour;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.attribution.Attribution;
import dev.attribution.AttributionException;
import dev.attribution.OverloadedException;
import dev.attribution.StorageException;
import dev.attribution.UnknownOfferException;
import dev.attribution.click.Click;
import dev.attribution.click.ClickId;
import dev.attribution.click.ClickIdGenerator;
import dev.attribution.click.ClickRequest;
import dev.attribution.click.Redirect;
import dev.attribution.conversion.DuplicatePolicy;
import dev.attribution.history.HistoryEntry;
import dev.attribution.memory.InMemoryAttributionStore;
import dev.attribution.offer.Offer;
import dev.attribution.postback.PostbackOutcome;
import dev.attribution.postback.PostbackOutcome.Kind;
import dev.attribution.report.ReportFilter;
import dev.attribution.spi.AppendResult;
import dev.attribution.spi.Settlement;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What many callers get whose clicks and postbacks are written together. */
class CombiningTest {
    private static final String LINK = "https://example.com?c={gk_click_id}";

    private final ExecutorService callers = Executors.newCachedThreadPool();
    private final Stopping store = new Stopping();
    private Attribution attribution;

    /** A store that writes one list at a time, and stops in front of each while it is told to. */
    private static final class Stopping extends TwoStepStore {
        final Semaphore mayWrite = new Semaphore(1_000_000);
        final Queue<Integer> lists = new ConcurrentLinkedQueue<>();
        volatile RuntimeException outage;
        volatile Predicate<Object> isBad = any -> false;
        volatile Predicate<Settlement> isAlwaysStale = any -> false;

        Stopping() {
            super(new InMemoryAttributionStore());
        }

        void stop() {
            mayWrite.drainPermits();
        }

        void go() {
            mayWrite.release(1_000_000);
        }

        @Override
        public int maxConcurrentInserts() {
            return 1;
        }

        @Override
        public int maxConcurrentAppends() {
            return 1;
        }

        @Override
        public void insert(List<Click> clicks) {
            write(clicks);
            super.insert(clicks);
        }

        @Override
        public Set<Offer> insertIfUnchanged(Map<Offer, List<Click>> clicks) {
            Map<String, Offer> now =
                    offers().find(clicks.keySet().stream().map(Offer::offerId).toList());
            Set<Offer> changed = clicks.keySet().stream()
                    .filter(offer -> !offer.equals(now.get(offer.offerId())))
                    .collect(Collectors.toSet());
            List<Click> unchanged = clicks.entrySet().stream()
                    .filter(entry -> !changed.contains(entry.getKey()))
                    .flatMap(entry -> entry.getValue().stream())
                    .toList();
            if (!unchanged.isEmpty()) {
                insert(unchanged);
            }
            return changed;
        }

        @Override
        public List<AppendResult> append(List<Settlement> settlements) {
            write(settlements);
            List<AppendResult> results = new ArrayList<>();
            for (Settlement settlement : settlements) {
                results.addAll(
                        isAlwaysStale.test(settlement)
                                ? List.of(new AppendResult.Stale())
                                : super.append(List.of(settlement)));
            }
            return results;
        }

        private void write(List<?> list) {
            lists.add(list.size());
            mayWrite.acquireUninterruptibly();
            RuntimeException down = outage;
            if (down != null) {
                throw down;
            }
            if (list.stream().anyMatch(isBad)) {
                throw new StorageException("the database cannot hold a value", false, null);
            }
        }
    }

    @BeforeEach
    void open() {
        attribution =
                Attribution.builder(store).executor(callers).maxWaiting(20).build();
        put(LINK);
        attribution.click(ClickRequest.of("sale", "first"));
        store.lists.clear();
    }

    @AfterEach
    void close() {
        store.go();
        callers.shutdownNow();
    }

    private void put(String link) {
        attribution.offers().put(Offer.builder("sale").trackingLink(link).build());
    }

    private <T> Future<T> waiting(Callable<T> call) {
        AtomicReference<Thread> thread = new AtomicReference<>();
        Future<T> future = callers.submit(() -> {
            thread.set(Thread.currentThread());
            return call.call();
        });
        while (!isWaiting(thread.get())) {
            Thread.onSpinWait();
        }
        return future;
    }

    /** The writer waits for the test, a caller for the writer: for a limited time. */
    private static boolean isWaiting(Thread thread) {
        return thread != null
                && (thread.getState() == Thread.State.WAITING || thread.getState() == Thread.State.TIMED_WAITING);
    }

    private Future<Redirect> waitingClick(String member) {
        return waiting(() -> attribution.click(ClickRequest.of("sale", member)));
    }

    private List<Click> clicks() {
        return attribution.reports().clicks(ReportFilter.all(), 1000).rows();
    }

    private List<HistoryEntry> history() {
        return attribution.reports().history(ReportFilter.all(), 1000).rows();
    }

    @Test
    void writesTogetherWhatCameMeanwhile() throws Exception {
        store.stop();
        List<String> members = List.of("a", "b", "c", "d");
        List<Future<Redirect>> redirects =
                members.stream().map(this::waitingClick).toList();
        store.go();
        for (int i = 0; i < members.size(); i++) {
            Redirect redirect = redirects.get(i).get();
            Click click = attribution.trace(redirect.clickId()).click().orElseThrow();
            assertThat(click.memberId()).isEqualTo(members.get(i));
            assertThat(redirect.location())
                    .hasToString(LINK.replace("{gk_click_id}", click.clickId().value()));
        }
        assertThat(store.lists).containsExactly(1, 3);
    }

    @Test
    void takesTheDirectWayWhereNobodyElseWrites() {
        attribution.click(ClickRequest.of("sale", "a"));
        attribution.click(ClickRequest.of("sale", "b"));
        assertThat(store.lists).containsExactly(1, 1);
    }

    @Test
    void redirectsByTheLinkOfTheOfferAsItIsWhenTheClickIsWritten() throws Exception {
        put("https://example.org/new?c={gk_click_id}");
        assertThat(attribution.click(ClickRequest.of("sale", "a")).location()).hasHost("example.org");
        store.stop();
        Future<Redirect> first = waitingClick("b");
        Future<Redirect> second = waitingClick("c");
        put("https://example.net/newer?c={gk_click_id}");
        store.go();
        assertThat(first.get().location()).hasHost("example.org"); // it was being written by then
        assertThat(second.get().location()).hasHost("example.net");
        assertThat(clicks()).hasSize(4);
    }

    @Test
    void refusesTheClickOfAnUnknownOfferAndNoOther() throws Exception {
        store.stop();
        Future<Redirect> first = waitingClick("a");
        Future<Redirect> second = waitingClick("b");
        assertThatThrownBy(() -> attribution.click(ClickRequest.of("no such offer", "c")))
                .isInstanceOf(UnknownOfferException.class);
        store.go();
        first.get();
        second.get();
    }

    @Test
    void fillsALinkOnTheThreadOfItsCaller() throws Exception {
        ThreadLocal<String> tenant = ThreadLocal.withInitial(() -> "none");
        Attribution withMacro = Attribution.builder(store)
                .macro("tenant", click -> tenant.get())
                .build();
        withMacro
                .offers()
                .put(Offer.builder("sale")
                        .trackingLink("https://example.com?c={gk_click_id}&t={tenant}")
                        .build());
        store.stop();
        List<Future<Redirect>> redirects = new ArrayList<>();
        for (String name : List.of("x", "y", "z")) {
            redirects.add(waiting(() -> {
                tenant.set(name);
                return withMacro.click(ClickRequest.of("sale", name));
            }));
        }
        store.go();
        assertThat(redirects.get(0).get().location()).hasParameter("t", "x");
        assertThat(redirects.get(1).get().location()).hasParameter("t", "y");
        assertThat(redirects.get(2).get().location()).hasParameter("t", "z");
    }

    @Test
    void whatOneCannotBeWrittenForDoesNotCostTheOthersTheirs() throws Exception {
        store.isBad = item -> item instanceof Click click && click.memberId().startsWith("bad");
        store.stop();
        List<Future<Redirect>> redirects = Stream.of("first", "a", "bad1", "b", "c", "bad2", "d")
                .map(this::waitingClick)
                .toList();
        store.go();
        for (int i = 0; i < redirects.size(); i++) {
            if (i == 2 || i == 5) {
                assertThatThrownBy(redirects.get(i)::get)
                        .cause()
                        .isInstanceOf(StorageException.class)
                        .hasMessageContaining("cannot hold");
            } else {
                redirects.get(i).get();
            }
        }
        assertThat(clicks())
                .extracting(Click::memberId)
                .containsExactlyInAnyOrder("first", "first", "a", "b", "c", "d");
    }

    @Test
    void anIdThatIsGivenTwiceIsRefusedToItsOwnCaller() throws Exception {
        ClickId taken = clicks().get(0).clickId();
        AtomicReference<Integer> calls = new AtomicReference<>(0);
        ClickIdGenerator ids = () -> calls.updateAndGet(count -> count + 1) == 3
                ? taken
                : ClickIdGenerator.random().next();
        attribution = Attribution.builder(store).clickIds(ids).build();
        store.stop();
        List<Future<Redirect>> redirects =
                Stream.of("a", "b", "c", "d").map(this::waitingClick).toList();
        store.go();
        assertThatThrownBy(redirects.get(2)::get)
                .cause()
                .isInstanceOf(AttributionException.class)
                .hasMessageContaining(taken.value());
        for (int i : new int[] {0, 1, 3}) {
            redirects.get(i).get();
        }
    }

    @Test
    void anOutageIsEveryCallersOwnAndIsNotTriedByHalves() throws Exception {
        store.outage = new StorageException("down", true, null);
        store.stop();
        List<Future<Redirect>> redirects =
                Stream.of("a", "b", "c", "d", "e").map(this::waitingClick).toList();
        store.go();
        List<Throwable> raised = new ArrayList<>();
        for (Future<Redirect> redirect : redirects) {
            assertThatThrownBy(redirect::get)
                    .isInstanceOf(ExecutionException.class)
                    .satisfies(e -> raised.add(e.getCause()));
        }
        assertThat(raised)
                .allSatisfy(outage -> assertThat(outage)
                        .isInstanceOfSatisfying(
                                StorageException.class,
                                storage -> assertThat(storage.isTransient()).isTrue()));
        assertThat(store.lists).containsExactly(1, 4);
        store.outage = null;
        attribution.click(ClickRequest.of("sale", "after"));
    }

    @Test
    void refusesCallersBeyondTheLimit() throws Exception {
        store.stop();
        List<Future<Redirect>> redirects = new ArrayList<>();
        for (int i = 0; i < 21; i++) {
            redirects.add(waitingClick("m" + i));
        }
        assertThatThrownBy(() -> attribution.click(ClickRequest.of("sale", "too many")))
                .isInstanceOf(OverloadedException.class);
        store.go();
        for (Future<Redirect> redirect : redirects) {
            redirect.get();
        }
        assertThat(clicks()).hasSize(22);
    }

    @Test
    void creditsOnceWhereOneBatchHoldsTheSamePostbackManyTimes() throws Exception {
        String postback =
                "gk_click_id=" + attribution.click(ClickRequest.of("sale", "m")).clickId();
        store.stop();
        List<Future<PostbackOutcome>> outcomes = new ArrayList<>();
        outcomes.add(waiting(() -> attribution.postback("gk_click_id=unknown")));
        for (int i = 0; i < 12; i++) {
            outcomes.add(waiting(() -> attribution.postback(postback)));
        }
        store.lists.clear();
        store.go();
        List<PostbackOutcome> settled = new ArrayList<>();
        for (Future<PostbackOutcome> outcome : outcomes) {
            settled.add(outcome.get());
        }
        assertThat(settled.get(0).kind()).isEqualTo(Kind.UNATTRIBUTED);
        assertThat(settled.get(1).kind()).isEqualTo(Kind.ATTRIBUTED);
        assertThat(settled.subList(2, 13)).allSatisfy(duplicate -> {
            assertThat(duplicate.kind()).isEqualTo(Kind.DUPLICATE);
            assertThat(duplicate.conversionId()).isEqualTo(settled.get(1).conversionId());
        });
        assertThat(store.lists).containsExactly(12); // the credit, and all its duplicates after it
        assertThat(history()).hasSize(13);
    }

    @Test
    void creditsAMemberOnceWhereOneBatchHoldsPostbacksForSeveralOfItsClicks() throws Exception {
        attribution
                .offers()
                .put(Offer.builder("sale")
                        .trackingLink(LINK)
                        .duplicatePolicy(DuplicatePolicy.onePerMemberAndOffer())
                        .build());
        List<String> postbacks = Stream.generate(() -> "gk_click_id="
                        + attribution.click(ClickRequest.of("sale", "m")).clickId())
                .limit(6)
                .toList();
        store.stop();
        List<Future<PostbackOutcome>> outcomes = new ArrayList<>();
        outcomes.add(waiting(() -> attribution.postback("gk_click_id=unknown")));
        for (String postback : postbacks) {
            outcomes.add(waiting(() -> attribution.postback(postback)));
        }
        store.go();
        assertThat(outcomes.get(1).get().kind()).isEqualTo(Kind.ATTRIBUTED);
        for (Future<PostbackOutcome> outcome : outcomes.subList(2, 7)) {
            assertThat(outcome.get().kind()).isEqualTo(Kind.DUPLICATE);
        }
    }

    @Test
    void aPostbackThatCannotBeWrittenDoesNotCostTheOthersTheirs() throws Exception {
        List<String> postbacks = Stream.generate(() -> "gk_click_id="
                        + attribution.click(ClickRequest.of("sale", "m")).clickId())
                .limit(5)
                .toList();
        store.isBad = item -> item instanceof Settlement settlement
                && settlement.entry().query().equals(postbacks.get(3));
        store.stop();
        List<Future<PostbackOutcome>> outcomes = new ArrayList<>();
        for (String postback : postbacks) {
            outcomes.add(waiting(() -> attribution.postback(postback)));
        }
        store.go();
        assertThatThrownBy(outcomes.get(3)::get).cause().isInstanceOf(StorageException.class);
        for (int i : new int[] {0, 1, 2, 4}) {
            assertThat(outcomes.get(i).get().kind()).isEqualTo(Kind.ATTRIBUTED);
        }
        assertThat(history()).hasSize(4);
    }

    @Test
    void aPostbackThatIsOvertakenForEverDoesNotCostTheOthersTheirs() throws Exception {
        List<String> postbacks = Stream.generate(() -> "gk_click_id="
                        + attribution.click(ClickRequest.of("sale", "m")).clickId())
                .limit(5)
                .toList();
        store.isAlwaysStale = settlement -> settlement.entry().query().equals(postbacks.get(2));
        store.stop();
        List<Future<PostbackOutcome>> outcomes = new ArrayList<>();
        for (String postback : postbacks) {
            outcomes.add(waiting(() -> attribution.postback(postback)));
        }
        store.go();
        assertThatThrownBy(outcomes.get(2)::get)
                .cause()
                .isInstanceOf(StorageException.class)
                .hasMessageContaining("does not show in the facts");
        for (int i : new int[] {0, 1, 3, 4}) {
            assertThat(outcomes.get(i).get().kind()).isEqualTo(Kind.ATTRIBUTED);
        }
        assertThat(history()).hasSize(4);
    }

    @Test
    void hasAsynchronousTwins() throws Exception {
        List<CompletableFuture<Redirect>> redirects = new ArrayList<>();
        for (int i = 0; i < 15; i++) {
            redirects.add(
                    attribution.clickAsync(ClickRequest.of("sale", "m" + i)).toCompletableFuture());
        }
        for (CompletableFuture<Redirect> redirect : redirects) {
            String postback = "gk_click_id=" + redirect.get().clickId();
            CompletableFuture<PostbackOutcome> won =
                    attribution.postbackAsync(postback).toCompletableFuture();
            assertThat(won.get().kind()).isEqualTo(Kind.ATTRIBUTED);
            assertThat(attribution
                            .postbackAsync(postback)
                            .toCompletableFuture()
                            .get()
                            .conversionId())
                    .isEqualTo(won.get().conversionId());
        }
        assertThat(attribution.clickAsync(ClickRequest.of("no such offer", "m")).toCompletableFuture())
                .failsWithin(java.time.Duration.ofMinutes(1))
                .withThrowableOfType(ExecutionException.class)
                .withCauseInstanceOf(UnknownOfferException.class);
    }

    @Test
    void hasAsynchronousTwinsOnAStoreThatCombinesNothing() throws Exception {
        Attribution plain = attribution.on(new InMemoryAttributionStore());
        plain.offers().put(Offer.builder("sale").trackingLink(LINK).build());
        Redirect redirect = plain.clickAsync(ClickRequest.of("sale", "m"))
                .toCompletableFuture()
                .get();
        assertThat(plain.postbackAsync("gk_click_id=" + redirect.clickId())
                        .toCompletableFuture()
                        .get()
                        .kind())
                .isEqualTo(Kind.ATTRIBUTED);
    }

    @Test
    void needsThreadsOfTheApplicationForThem() {
        Attribution without = Attribution.builder(store).build();
        assertThatThrownBy(() -> without.clickAsync(ClickRequest.of("sale", "m")))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("executor(");
        assertThatThrownBy(() -> without.postbackAsync("gk_click_id=x")).isInstanceOf(IllegalStateException.class);
        callers.shutdown();
        assertThat(attribution.clickAsync(ClickRequest.of("sale", "m")).toCompletableFuture())
                .failsWithin(java.time.Duration.ofMinutes(1))
                .withThrowableOfType(ExecutionException.class)
                .withCauseInstanceOf(OverloadedException.class);
    }
}
