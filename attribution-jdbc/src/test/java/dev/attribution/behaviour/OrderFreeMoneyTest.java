package dev.attribution.behaviour;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.attribution.Attribution;
import dev.attribution.StorageException;
import dev.attribution.behaviour.MoneyScenario.Message;
import dev.attribution.behaviour.MoneyScenario.Says;
import dev.attribution.click.Click;
import dev.attribution.click.ClickContext;
import dev.attribution.click.ClickId;
import dev.attribution.click.ClickIdGenerator;
import dev.attribution.conversion.Conversion;
import dev.attribution.conversion.ConversionStatus;
import dev.attribution.conversion.DuplicatePolicy;
import dev.attribution.history.HistoryEntry;
import dev.attribution.offer.Offer;
import dev.attribution.postback.PostbackOutcome;
import dev.attribution.postback.PostbackOutcome.Adjusted;
import dev.attribution.postback.PostbackOutcome.Attributed;
import dev.attribution.postback.PostbackOutcome.Kind;
import dev.attribution.report.Cursor;
import dev.attribution.report.Page;
import dev.attribution.report.ReportFilter;
import dev.attribution.spi.AppendResult;
import dev.attribution.spi.AttributionStore;
import dev.attribution.spi.Settlement;
import dev.attribution.testkit.FaultSwitch;
import dev.attribution.testkit.Race;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.LongUnaryOperator;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * For each transaction of a click, status and balance equal the highest status said, in every order, repeated, concurrent,
 * and however often the store fails. All sequences of up to four messages under every policy are tried.
 */
@ParameterizedClass(name = "{0}")
@EnumSource(
        value = TestStore.class,
        names = {"IN_MEMORY", "H2_MEMORY", "POSTGRESQL", "MARIADB"})
class OrderFreeMoneyTest {
    private static final List<DuplicatePolicy> POLICIES = List.of(
            DuplicatePolicy.onePerClickAndMember(),
            DuplicatePolicy.allowRepeatConversions(),
            DuplicatePolicy.onePerEvent(),
            DuplicatePolicy.onePerMemberAndOffer(),
            DuplicatePolicy.atMost(2));
    private static final Set<DuplicatePolicy> ONE_PLACE_PER_CLICK =
            Set.of(DuplicatePolicy.onePerClickAndMember(), DuplicatePolicy.onePerMemberAndOffer());
    private static final int LIST = 1_000;

    /** One transaction of a click. */
    private record Transaction(ClickId clickId, String transactionId) {}

    @Parameter
    TestStore kind;

    @TempDir
    Path directory;

    private final ClickIdGenerator clickIds = ClickIdGenerator.timeOrdered();
    private final Map<Transaction, Integer> balances = new ConcurrentHashMap<>();
    private AttributionStore store;
    private Attribution attribution;
    private boolean isAnswerLost; // what the outcomes said is then not the whole balance

    @BeforeEach
    void openStore() {
        store = kind.open(directory);
        attribution = Attribution.builder(store).build();
        putOffers();
    }

    private void putOffers() {
        for (DuplicatePolicy policy : POLICIES) {
            attribution
                    .offers()
                    .put(Offer.builder(policy.toString())
                            .trackingLink("https://example.com?c={gk_click_id}")
                            .duplicatePolicy(policy)
                            .build());
        }
    }

    @AfterEach
    void closeStore() throws Exception {
        if (store instanceof AutoCloseable closeable) {
            closeable.close();
        }
    }

    @Test
    void everyOrderEndsTheSame() {
        List<List<Message>> sequences = MoneyScenario.sequences(4);
        sequences.addAll(MoneyScenario.interleaved(MoneyScenario.sequences(2), Says.REVERSED, Says.PENDING));
        List<MoneyScenario> scenarios = scenarios(sequences);

        steps(scenarios, 0).forEach(this::fire);

        assertAllEndAsTheTableSays(scenarios, "one after the other", entries -> entries);
    }

    @Test
    void everyOrderInOneListEndsTheSame() {
        List<List<Message>> sequences = MoneyScenario.sequences(4);
        int length = kind == TestStore.IN_MEMORY ? 4 : 3; // of what is decided alike on every store, most in memory
        sequences.addAll(MoneyScenario.interleaved(MoneyScenario.sequences(length), Says.NO_STATUS));
        sequences.addAll(MoneyScenario.interleaved(MoneyScenario.sequences(2), Says.REVERSED));
        List<MoneyScenario> scenarios = scenarios(sequences);

        fire(scenarios.stream().flatMap(scenario -> calls(scenario, 0)).toList());

        assertAllEndAsTheTableSays(scenarios, "in one list", entries -> entries);
    }

    @Test
    void everySplitIntoTwoConcurrentListsEndsTheSame() throws Exception {
        List<List<List<Message>>> pairs = MoneyScenario.pairs(MoneyScenario.sequences(3), 4);
        List<List<Message>> others = MoneyScenario.sequences(2);
        List<List<Message>> counted = MoneyScenario.interleaved(MoneyScenario.sequences(1), Says.APPROVED);
        for (List<Message> one : counted) {
            others.stream().filter(other -> !other.isEmpty()).forEach(other -> pairs.add(List.of(one, other)));
            counted.forEach(other -> pairs.add(List.of(one, other)));
        }
        List<MoneyScenario> scenarios = scenariosOfLists(pairs);

        race(scenarios);

        assertAllEndAsTheTableSays(scenarios, "split into two concurrent lists", entries -> entries);
    }

    /** Every list is fired three times: the store fails before its commit, then after it, then not. */
    @Test
    void everyOrderEndsTheSameIfEachCommitFailsBeforeAndAfter() {
        List<MoneyScenario> scenarios = scenarios(MoneyScenario.sequences(4));
        FaultSwitch faults = useFaults();

        for (List<Call> step : steps(scenarios, 0)) {
            fireThrough(faults, step, true, true);
        }

        assertAllEndAsTheTableSays(scenarios, "with every commit failing before and after", entries -> 2 * entries);
    }

    @Test
    void everyOrderEndsTheSameIfOneCommitFailsBefore() {
        assertAllEndAsTheTableSays(fireWithOneFault(true, false), "with one commit failing before", entries -> entries);
    }

    @Test
    void everyOrderEndsTheSameIfOneAnswerIsLost() {
        assertAllEndAsTheTableSays(fireWithOneFault(false, true), "with one answer lost", entries -> entries + 1);
    }

    private List<MoneyScenario> fireWithOneFault(boolean isBefore, boolean isAfter) {
        FaultSwitch faults = useFaults();
        List<MoneyScenario> all = new ArrayList<>();
        for (int failing = 0; failing < 3; failing++) {
            int at = failing;
            List<MoneyScenario> scenarios = scenarios(MoneyScenario.sequences(3).stream()
                    .filter(sequence -> sequence.size() > at)
                    .toList());
            List<List<Call>> steps = steps(scenarios, 0);
            for (int i = 0; i < steps.size(); i++) {
                fireThrough(faults, steps.get(i), isBefore && i == at, isAfter && i == at);
            }
            all.addAll(scenarios);
        }
        return all;
    }

    /** As a store does that does not know whether its commit arrived: it appends the same attempts again. */
    @Test
    void everyOrderEndsTheSameIfTheStoreRepeatsEachAppend() {
        List<MoneyScenario> scenarios = scenarios(MoneyScenario.sequences(3));
        attribution = attribution.on(new TwoStepStore(store) {
            @Override
            public List<AppendResult> append(List<Settlement> settlements) {
                super.append(settlements);
                return super.append(settlements);
            }
        });

        steps(scenarios, 0).forEach(this::fire);

        assertAllEndAsTheTableSays(scenarios, "with every append repeated", entries -> entries);
    }

    @Test
    void theHandlersSeeTheBalanceOfTheTable() throws Exception {
        Assumptions.assumeTrue(kind != TestStore.IN_MEMORY, "this store has no handlers");
        closeStore();
        try (HandledStore handled = new HandledStore(kind)) {
            store = handled.store();
            attribution = attribution.on(store);
            putOffers();
            List<MoneyScenario> racing = scenariosOfLists(MoneyScenario.pairs(MoneyScenario.sequences(2), 3));
            List<MoneyScenario> failing = scenarios(MoneyScenario.sequences(2));
            race(racing);
            FaultSwitch faults = useFaults();
            for (List<Call> step : steps(failing, 0)) {
                fireThrough(faults, step, true, true);
            }

            Map<UUID, Integer> handledBalances = handled.balances();
            read().forEach((transaction, stored) -> assertThat(handledBalances.getOrDefault(
                            stored.conversionIds.iterator().next(), 0))
                    .isEqualTo(stored.balance));
            assertAllEndAsTheTableSays(racing, "split into two concurrent lists, with handlers", entries -> entries);
            assertAllEndAsTheTableSays(
                    failing, "with handlers and every commit failing before and after", entries -> 2 * entries);
        }
    }

    private List<MoneyScenario> scenarios(List<List<Message>> sequences) {
        return scenariosOfLists(sequences.stream()
                .filter(sequence -> !sequence.isEmpty())
                .map(List::of)
                .toList());
    }

    /** Each under every policy. */
    private List<MoneyScenario> scenariosOfLists(List<List<List<Message>>> lists) {
        List<Click> clicks = new ArrayList<>();
        List<MoneyScenario> scenarios = lists.stream()
                .flatMap(some -> POLICIES.stream().map(policy -> scenario(policy, some, clicks)))
                .toList();
        attribution.importClicks(clicks);
        return scenarios;
    }

    private MoneyScenario scenario(DuplicatePolicy policy, List<List<Message>> lists, List<Click> clicks) {
        boolean isSecondCounted = lists.stream()
                .flatMap(List::stream)
                .anyMatch(message -> message.transaction() == 2 && message.says() != Says.REVERSED);
        ClickId click = click(policy, clicks);
        return new MoneyScenario(
                policy,
                click,
                isSecondCounted && ONE_PLACE_PER_CLICK.contains(policy) ? click(policy, clicks) : click,
                lists);
    }

    /** Adds a click of a member of its own. */
    private ClickId click(DuplicatePolicy policy, List<Click> clicks) {
        ClickId clickId = clickIds.next();
        clicks.add(new Click(clickId, policy.toString(), "of " + clickId, Instant.now(), ClickContext.empty()));
        return clickId;
    }

    private record Call(MoneyScenario scenario, Message message) {
        String query() {
            return scenario.query(message);
        }
    }

    private FaultSwitch useFaults() {
        FaultSwitch faults = FaultSwitch.on(store);
        attribution = attribution.on(faults);
        return faults;
    }

    /** Fires calls as one list, again after each fault. */
    private void fireThrough(FaultSwitch faults, List<Call> calls, boolean isBefore, boolean isAfter) {
        for (int from = 0; from < calls.size(); from += LIST) {
            List<Call> list = calls.subList(from, Math.min(calls.size(), from + LIST));
            if (isBefore) {
                faults.failBeforeCommit(1);
                assertThatThrownBy(() -> fire(list)).isInstanceOf(StorageException.class);
            }
            if (isAfter) {
                faults.failAfterCommit(1);
                assertThatThrownBy(() -> fire(list)).isInstanceOf(StorageException.class);
            }
            fire(list);
        }
        isAnswerLost |= isAfter;
    }

    private void race(List<MoneyScenario> scenarios) throws InterruptedException {
        Race.run(2, thread -> {
            steps(scenarios, thread).forEach(this::fire);
            return thread;
        });
    }

    private static Stream<Call> calls(MoneyScenario scenario, int list) {
        return scenario.lists().get(list).stream().map(message -> new Call(scenario, message));
    }

    /** {@return the first messages of all scenarios, then the second ones, and so on} */
    private static List<List<Call>> steps(List<MoneyScenario> scenarios, int list) {
        List<List<Call>> steps = new ArrayList<>();
        for (MoneyScenario scenario : scenarios) {
            List<Call> calls = calls(scenario, list).toList();
            for (int i = 0; i < calls.size(); i++) {
                if (i == steps.size()) {
                    steps.add(new ArrayList<>());
                }
                steps.get(i).add(calls.get(i));
            }
        }
        return steps;
    }

    private void fire(List<Call> calls) {
        List<PostbackOutcome> outcomes =
                attribution.postbacks(calls.stream().map(Call::query).toList());
        for (int i = 0; i < calls.size(); i++) {
            Call call = calls.get(i);
            int transaction = call.message().transaction();
            balances.merge(
                    new Transaction(call.scenario().clickOf(transaction), "T" + transaction),
                    money(outcomes.get(i)),
                    Integer::sum);
        }
    }

    private static int money(PostbackOutcome outcome) {
        if (outcome instanceof Adjusted adjusted) {
            return adjusted.after().status() == ConversionStatus.APPROVED
                    ? 1
                    : adjusted.before().status() == ConversionStatus.APPROVED ? -1 : 0;
        }
        return outcome instanceof Attributed ? 1 : 0;
    }

    private static int money(HistoryEntry entry) {
        if (entry.kind() == Kind.ADJUSTED) {
            return entry.change().orElseThrow().after().status() == ConversionStatus.APPROVED
                    ? 1
                    : entry.change().orElseThrow().before().status() == ConversionStatus.APPROVED ? -1 : 0;
        }
        return entry.kind() == Kind.ATTRIBUTED ? 1 : 0;
    }

    /** What the store has of one transaction. */
    private static final class Stored {
        private final Set<UUID> conversionIds = new HashSet<>();
        private int balance;
        private int entries;
    }

    private void assertAllEndAsTheTableSays(List<MoneyScenario> scenarios, String how, LongUnaryOperator entries) {
        Map<Transaction, Stored> stored = read();
        Map<UUID, Conversion> conversions = conversions(stored);
        List<String> violations = new ArrayList<>();
        for (MoneyScenario scenario : scenarios) {
            for (int transaction : new int[] {1, 2}) {
                scenario.highest(transaction).ifPresent(highest -> {
                    Transaction key = new Transaction(scenario.clickOf(transaction), "T" + transaction);
                    Stored is = stored.getOrDefault(key, new Stored());
                    int balance = highest == ConversionStatus.APPROVED ? 1 : 0;
                    Optional<ConversionStatus> status = is.conversionIds.size() == 1
                            ? Optional.ofNullable(conversions.get(
                                            is.conversionIds.iterator().next()))
                                    .map(Conversion::status)
                            : Optional.empty();
                    if (!status.equals(Optional.of(highest))
                            || is.balance != balance
                            || (!isAnswerLost && !Objects.equals(balance, balances.get(key)))
                            || is.entries != entries.applyAsLong(scenario.count(transaction))) {
                        violations.add(scenario.policy() + " " + scenario.lists() + " of transaction " + transaction
                                + ": " + status + ", balance " + is.balance + " in history and " + balances.get(key)
                                + " by the outcomes, " + is.entries + " entries of " + is.conversionIds.size()
                                + " conversions");
                    }
                });
            }
        }
        System.out.println("Order-free money on " + kind + ": " + scenarios.size() + " scenarios " + how);
        assertThat(violations).isEmpty();
    }

    private Map<Transaction, Stored> read() {
        Map<Transaction, Stored> stored = new HashMap<>();
        Cursor after = null;
        do {
            Page<HistoryEntry> page = attribution.reports().history(ReportFilter.all(), 10_000, after);
            for (HistoryEntry entry : page.rows()) {
                Stored of = stored.computeIfAbsent(
                        new Transaction(
                                entry.clickId().orElseThrow(),
                                entry.transactionId().orElseThrow()),
                        unused -> new Stored());
                of.entries++;
                of.balance += money(entry);
                entry.conversionId().ifPresent(of.conversionIds::add);
            }
            after = page.next().orElse(null);
        } while (after != null);
        return stored;
    }

    private Map<UUID, Conversion> conversions(Map<Transaction, Stored> stored) {
        List<UUID> ids = stored.values().stream()
                .flatMap(some -> some.conversionIds.stream())
                .toList();
        Map<UUID, Conversion> conversions = new HashMap<>();
        for (int from = 0; from < ids.size(); from += LIST) {
            conversions.putAll(
                    store.conversions().findConversions(ids.subList(from, Math.min(ids.size(), from + LIST))));
        }
        return conversions;
    }
}
