package dev.attribution.cassandra;

import static org.assertj.core.api.Assertions.assertThat;

import dev.attribution.Attribution;
import dev.attribution.cassandra.RaceAudit.Scope;
import dev.attribution.cassandra.RaceJournal.Message;
import dev.attribution.cassandra.Said.What;
import dev.attribution.click.ClickId;
import dev.attribution.click.ClickRequest;
import dev.attribution.conversion.DuplicatePolicy;
import dev.attribution.offer.Offer;
import dev.attribution.postback.PostbackOutcome.Kind;
import dev.attribution.testkit.Race;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestMethodOrder;
import org.junit.jupiter.api.condition.EnabledIf;
import org.junit.jupiter.api.parallel.Isolated;

/** Processes that race on three nodes with three replicas of each row, while nodes and processes fail. */
@Isolated("other tests need all nodes")
@EnabledIf(
        value = "dev.attribution.cassandra.TestCluster#hasThreeNodes",
        disabledReason = "needs three nodes: -Dcassandra.nodes=3")
@TestMethodOrder(MethodOrderer.MethodName.class)
class ThreeNodesTest {
    private static final String PREFIX = "three_";
    private static final Duration FIVE_MINUTES = Duration.ofMinutes(5);
    /** Longer than a node waits for the others, and than a client waits for a node. */
    private static final Duration PAUSE = Duration.ofSeconds(12);

    private static final List<Duration> RIGHT = List.of(Duration.ZERO, Duration.ZERO);

    private final RaceJournal journal = new RaceJournal();
    private final Random random = new Random();
    private final List<Scope> scopes = new ArrayList<>();
    private Attribution attribution;

    @BeforeEach
    void openStore() {
        attribution = Attribution.builder(CassandraAttributionStore.builder(TestCluster.session())
                        .keyspace(TestCluster.KEYSPACE)
                        .tablePrefix(PREFIX)
                        .build())
                .build();
    }

    @Test
    void creditsAThousandClicksOnceWhileANodeIsKilledAndStartedAgain() throws Exception {
        List<ClickId> clicks = clicks(DuplicatePolicy.onePerClickAndMember(), 1_000, 1_000);
        clicks.forEach(click -> scopes.add(new Scope(SequentialModel.perClick(1), List.of(click))));
        List<List<Message>> messages = new ArrayList<>();
        for (int process = 0; process < 4; process++) {
            List<ClickId> shuffled = new ArrayList<>();
            IntStream.range(0, 3).forEach(time -> shuffled.addAll(clicks));
            Collections.shuffle(shuffled, new Random(process / 2)); // two have the same order, and meet more often
            messages.add(shuffled.stream()
                    .map(click -> journal.message(Said.credit(click)))
                    .toList());
        }

        race(16, messages, List.of(Duration.ZERO, Duration.ZERO, Duration.ZERO, Duration.ZERO), () -> {
            journal.awaitAnswers(3_000);
            TestCluster.nodes().kill(2);
            try {
                journal.awaitAnswers(4_000);
            } finally {
                TestCluster.nodes().restart(2);
            }
            System.out.println("The node listens again after " + journal.answers() + " of 12,000 answers");
        });

        RaceAudit audit = new RaceAudit(journal);
        audit.check(attribution, "4 processes, 16 threads each, a node killed and started again", scopes);
        assertThat(audit.conversions()).isEqualTo(1_000);
        assertThat(audit.entries(Kind.ATTRIBUTED)).isEqualTo(1_000);
        assertThat(audit.entries()).isBetween(12_000L, 12_000 + audit.unansweredCalls());
    }

    @Test
    void ordersCreditsAndReversalsOfTwoProcessesWhileOneNodeIsKilledAfterTheOther() throws Exception {
        List<List<List<Message>>> messages = mixed(2, RIGHT, 8);
        List<List<Message>> before = messages.get(0);
        List<List<Message>> after = messages.get(1);
        int all = before.get(0).size() + before.get(1).size();

        race(8, before, RIGHT, () -> {
            journal.awaitAnswers(all / 4);
            TestCluster.nodes().kill(1);
            try {
                journal.awaitAnswers(all / 2);
            } finally {
                TestCluster.nodes().restart(1);
            }
        });
        // A quorum needs the node that was away. The other one stays dead: this is the last test, by its name
        TestCluster.nodes().kill(2);
        race(8, after, RIGHT, () -> {});

        new RaceAudit(journal)
                .check(attribution, "2 processes, credits and reversals, a node killed, then another", scopes);
    }

    @Test
    void ordersCreditsAndReversalsOfTwoProcessesWhileANodeIsPaused() throws Exception {
        List<List<Message>> messages = joined(mixed(2, RIGHT, 8));
        int all = messages.get(0).size() + messages.get(1).size();
        AtomicLong underWay = new AtomicLong();

        race(8, messages, RIGHT, () -> {
            journal.awaitAnswers(all / 4);
            TestCluster.nodes().pause(0);
            LockSupport.parkNanos(PAUSE.toNanos()); // the time is what is tested
            underWay.set(journal.underWay());
            TestCluster.nodes().resume(0);
        });
        assertThat(underWay.get()).as("calls under way at the end of the pause").isPositive();

        new RaceAudit(journal).check(attribution, "2 processes, credits and reversals, a node paused", scopes);
    }

    @Test
    void ordersCreditsAndReversalsOfProcessesWhoseClocksAreFiveMinutesOff() throws Exception {
        List<Duration> ahead = List.of(Duration.ZERO, FIVE_MINUTES, FIVE_MINUTES.negated());
        List<List<Message>> messages = joined(mixed(3, ahead, 8));

        race(8, messages, ahead, () -> {});

        new RaceAudit(journal).check(attribution, "3 processes, one 5 minutes ahead and one 5 minutes late", scopes);
    }

    @Test
    void ordersCreditsAndReversalsOfProcessesThatAreKilled() throws Exception {
        List<List<Message>> messages = joined(mixed(2, RIGHT, 8));
        List<RaceProcess> victims = new ArrayList<>();
        try {
            for (int i = 0; i < 6; i++) {
                victims.add(RaceProcess.start(journal, PREFIX, Duration.ZERO, 8));
            }
            killOneAfterTheOther(messages, victims);
        } finally {
            victims.forEach(RaceProcess::close);
        }

        RaceAudit audit = new RaceAudit(journal);
        audit.check(attribution, "2 processes, one killed 5 times", scopes);
        assertThat(audit.unansweredCalls()).isGreaterThan(5);
    }

    private void killOneAfterTheOther(List<List<Message>> messages, List<RaceProcess> victims) throws Exception {
        race(8, messages.subList(0, 1), List.of(Duration.ZERO), () -> {
            List<Message> left = messages.get(1);
            for (int i = 0; i < victims.size(); i++) {
                RaceProcess victim = victims.get(i);
                victim.prepare(left);
                victim.go();
                if (i < victims.size() - 1) {
                    journal.awaitAnswers(journal.answers() + 1 + random.nextInt(60));
                    LockSupport.parkNanos(TimeUnit.MICROSECONDS.toNanos(random.nextInt(20_000)));
                    victim.kill();
                }
                victim.end();
                List<Message> unanswered = journal.unanswered();
                left = left.stream().filter(unanswered::contains).toList();
            }
        });
    }

    private interface Fault {
        void happen() throws Exception;
    }

    /** Starts a process for each list of messages, lets all of them begin, and waits for their end. */
    private void race(int threads, List<List<Message>> messages, List<Duration> ahead, Fault fault) throws Exception {
        List<RaceProcess> processes = new ArrayList<>();
        long begun;
        try {
            for (int i = 0; i < messages.size(); i++) {
                processes.add(RaceProcess.start(journal, PREFIX, ahead.get(i), threads));
            }
            for (int i = 0; i < messages.size(); i++) {
                processes.get(i).prepare(messages.get(i));
            }
            begun = System.nanoTime();
            for (RaceProcess process : processes) {
                process.go();
            }
            fault.happen();
            for (RaceProcess process : processes) {
                assertThat(process.end()).as("exit code").isZero();
            }
        } finally {
            processes.forEach(RaceProcess::close);
        }
        System.out.printf("%d answers in %d ms%n", journal.answers(), (System.nanoTime() - begun) / 1_000_000);
    }

    /**
     * Makes clicks under several policies, and messages about them, which are dealt out to processes: the processes are at the
     * same clicks at about the same time.
     *
     * @param ahead how far the clock of each process is ahead
     * @param count how many scopes of each kind
     * @return the messages of each process, in two parts that are about the same clicks
     */
    private List<List<List<Message>>> mixed(int processes, List<Duration> ahead, int count)
            throws InterruptedException {
        List<ClickId> single = clicks(DuplicatePolicy.onePerClickAndMember(), 2 * count, 2 * count);
        List<ClickId> twice = clicks(DuplicatePolicy.atMost(2), count, count);
        List<ClickId> ofMembers = clicks(DuplicatePolicy.onePerMemberAndOffer(), 3 * count, count);
        List<List<List<Message>>> parts = new ArrayList<>();
        for (int part = 0; part < 2; part++) {
            List<List<Message>> messages = new ArrayList<>();
            IntStream.range(0, processes).forEach(process -> messages.add(new ArrayList<>()));
            parts.add(messages);
        }
        List<Said> says = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            for (ClickId click : List.of(single.get(2 * i), single.get(2 * i + 1))) {
                scopes.add(new Scope(SequentialModel.perClick(1), List.of(click)));
                says.addAll(says(click, List.of("t1", "t2", "")));
            }
            scopes.add(new Scope(SequentialModel.perClick(2), List.of(twice.get(i))));
            says.addAll(says(twice.get(i), List.of("t1", "t2", "t3")));
            List<ClickId> ofMember = List.of(ofMembers.get(i), ofMembers.get(count + i), ofMembers.get(2 * count + i));
            scopes.add(new Scope(SequentialModel.onePerMember(), ofMember));
            ofMember.forEach(click -> says.addAll(says(click, List.of("t1"))));
            if (i % 2 == 1 || i == count - 1) {
                Collections.shuffle(says, random);
                deal(parts.get(0), ahead, says.subList(0, says.size() / 2));
                deal(parts.get(1), ahead, says.subList(says.size() / 2, says.size()));
                says.clear();
            }
        }
        return parts;
    }

    private static List<List<Message>> joined(List<List<List<Message>>> parts) {
        return IntStream.range(0, parts.get(0).size())
                .mapToObj(process -> parts.stream()
                        .flatMap(part -> part.get(process).stream())
                        .toList())
                .toList();
    }

    /** A credit twice, a reversal and, of some, a pending message for each transaction, with looks in between. */
    private static List<Said> says(ClickId click, List<String> transactions) {
        List<Said> says = new ArrayList<>();
        for (String transaction : transactions) {
            says.add(new Said(click, What.CREDIT, transaction, false));
            says.add(new Said(click, What.CREDIT, transaction, false));
            says.add(new Said(click, What.REVERSAL, transaction, false));
            says.add(new Said(click, What.LOOK, "", false));
        }
        says.add(new Said(click, What.PENDING, transactions.get(0), false));
        says.add(new Said(click, What.LOOK, "", false));
        return says;
    }

    private void deal(List<List<Message>> messages, List<Duration> ahead, List<Said> says) {
        for (int i = 0; i < says.size(); i++) {
            int process = i % messages.size();
            Said said = says.get(i);
            messages.get(process).add(journal.message(ahead.get(process).isNegative() ? said.early() : said));
        }
    }

    /** Makes clicks of so many members on an offer of its own. */
    private List<ClickId> clicks(DuplicatePolicy policy, int count, int members) throws InterruptedException {
        String offer = "offer-" + UUID.randomUUID();
        attribution
                .offers()
                .put(Offer.builder(offer)
                        .trackingLink("https://example.com?sub1={gk_click_id}")
                        .duplicatePolicy(policy)
                        .build());
        List<List<ClickId>> made = Race.run(
                8,
                thread -> IntStream.range(0, count)
                        .filter(i -> i % 8 == thread)
                        .mapToObj(i -> attribution
                                .click(ClickRequest.of(offer, "member-" + i % members))
                                .clickId())
                        .toList());
        return IntStream.range(0, count)
                .mapToObj(i -> made.get(i % 8).get(i / 8))
                .toList();
    }
}
