package dev.attribution.faultinjection;

import static org.assertj.core.api.Assertions.assertThat;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import dev.attribution.Attribution;
import dev.attribution.behaviour.Servers;
import dev.attribution.click.Click;
import dev.attribution.click.ClickId;
import dev.attribution.click.ClickRequest;
import dev.attribution.click.Redirect;
import dev.attribution.conversion.Conversion;
import dev.attribution.conversion.DuplicatePolicy;
import dev.attribution.faultinjection.Proxy.Cut;
import dev.attribution.jdbc.CreditHandler;
import dev.attribution.jdbc.JdbcAttributionStore;
import dev.attribution.postback.PostbackOutcome;
import dev.attribution.postback.PostbackOutcome.Kind;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** A connection that is cut between a commit and its answer: the call that made it answers what was committed. */
@ParameterizedClass(name = "{0}")
@EnumSource
class LostAnswerTest {
    private static final Pattern ADDRESS = Pattern.compile("//([^/:]+)(?::(\\d+))?/");
    private static final String OFFER = "spring-sale";
    private static final List<String> MEMBERS = Stage.members("member", 8);

    @Parameter
    Servers kind;

    private final AtomicInteger handled = new AtomicInteger();
    private Stage stage;
    private List<ClickId> clicks;
    private Proxy proxy;
    private HikariDataSource pool;

    @BeforeEach
    void stepInBetween() throws Exception {
        stage = new Stage(kind.pool());
        stage.openWallets(MEMBERS);
        stage.putOffer(OFFER, DuplicatePolicy.onePerClickAndMember());
        clicks = stage.click(OFFER, MEMBERS);
        String url = kind.pool().getJdbcUrl();
        Matcher address = ADDRESS.matcher(url);
        assertThat(address.find()).as("a URL of one server").isTrue();
        proxy = new Proxy(
                address.group(1), address.group(2) != null ? Integer.parseInt(address.group(2)) : usualPort());
        HikariConfig config = new HikariConfig();
        config.setJdbcUrl(address.replaceFirst("//127.0.0.1:" + proxy.port() + "/"));
        config.setMaximumPoolSize(MEMBERS.size());
        if (kind == Servers.POSTGRESQL) { // sends each statement as a text that the proxy can read
            config.addDataSourceProperty("sslmode", "disable");
            config.addDataSourceProperty("gssEncMode", "disable");
            config.addDataSourceProperty("prepareThreshold", "0");
        }
        pool = new HikariDataSource(config);
    }

    @AfterEach
    void stepAside() throws Exception {
        pool.close();
        proxy.close();
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 3})
    void aCreditWhoseCommitIsNotAnsweredIsGivenOnce(int times) throws Exception {
        Attribution attribution = attributionWithWallets();
        proxy.cut(Cut.BEFORE_IT_IS_ANSWERED, commit(), times);

        PostbackOutcome outcome = attribution.postback(Stage.query(clicks.get(0)));

        assertThat(proxy.cuts()).isEqualTo(times);
        assertThat(handled).hasValue(1);
        assertIsTheOnlyCredit(outcome);
        assertThat(stored().amount()).isEqualTo(1);
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 3})
    void aCreditWhoseCommitDoesNotArriveIsGivenOnce(int times) throws Exception {
        Attribution attribution = attributionWithWallets();
        proxy.cut(Cut.BEFORE_IT_IS_SENT, commit(), times);

        PostbackOutcome outcome = attribution.postback(Stage.query(clicks.get(0)));

        assertThat(proxy.cuts()).isEqualTo(times);
        assertThat(handled).hasValue(1 + times);
        assertIsTheOnlyCredit(outcome);
        assertThat(stored().amount()).isEqualTo(1);
    }

    @ParameterizedTest
    @EnumSource
    void aCreditOfWhichTheApplicationIsNotToldIsGivenOnce(Cut cut) throws Exception {
        Attribution attribution = attribution();
        proxy.cut(cut, creditStatement(1), 1);

        PostbackOutcome outcome = attribution.postback(Stage.query(clicks.get(0)));

        assertThat(proxy.cuts()).isEqualTo(1);
        assertIsTheOnlyCredit(outcome);
    }

    @ParameterizedTest
    @EnumSource
    void aDuplicateIsInTheHistoryOnce(Cut cut) throws Exception {
        Attribution attribution = attribution();
        PostbackOutcome original = attribution.postback(Stage.query(clicks.get(0)));
        proxy.cut(cut, "attribution_history (attempt_id", 1);

        PostbackOutcome outcome = attribution.postback(Stage.query(clicks.get(0)));

        assertThat(proxy.cuts()).isEqualTo(1);
        assertThat(outcome.kind()).isEqualTo(Kind.DUPLICATE);
        assertThat(outcome.conversionId()).isEqualTo(original.conversionId());
        assertThat(stored().entries(Kind.DUPLICATE)).isEqualTo(1);
    }

    @ParameterizedTest
    @CsvSource({"BEFORE_IT_IS_SENT, 8", "BEFORE_IT_IS_ANSWERED, 8", "BEFORE_IT_IS_SENT, 20", "BEFORE_IT_IS_ANSWERED, 20"
    })
    void aListIsSettledOnce(Cut cut, int count) throws Exception {
        List<ClickId> listed = stage.click(OFFER, Stage.members("listed", count));
        Attribution attribution = attribution();
        proxy.cut(cut, creditStatement(count), 1);

        List<PostbackOutcome> outcomes =
                attribution.postbacks(listed.stream().map(Stage::query).toList());

        assertThat(proxy.cuts()).isEqualTo(1);
        assertAreTheCredits(outcomes);
    }

    @ParameterizedTest
    @EnumSource
    void eachOfSeveralCallersIsCreditedOnce(Cut cut) throws Exception {
        Attribution attribution = attributionWithWallets();
        proxy.cut(cut, commit(), 5);

        List<PostbackOutcome> outcomes = atOnce(clicks.stream()
                .<Callable<PostbackOutcome>>map(clickId -> () -> attribution.postback(Stage.query(clickId)))
                .toList());

        assertThat(proxy.cuts()).isEqualTo(5);
        assertAreTheCredits(outcomes);
        assertThat(stored().amount()).isEqualTo(MEMBERS.size());
    }

    @ParameterizedTest
    @EnumSource
    void postbacksThatAreStoredTogetherAreSettledOnce(Cut cut) throws Exception {
        Attribution attribution = attribution();
        proxy.cut(cut, creditStatement(1), 2);

        List<PostbackOutcome> outcomes = atOnce(Stream.generate(() -> clicks)
                .limit(10)
                .flatMap(List::stream)
                .<Callable<PostbackOutcome>>map(clickId -> () -> attribution.postback(Stage.query(clickId)))
                .toList());

        assertThat(proxy.cuts()).isPositive();
        assertThat(outcomes).extracting(PostbackOutcome::kind).containsOnly(Kind.ATTRIBUTED, Kind.DUPLICATE);
        Stored stored = stored();
        assertThat(stored.conversionsByClick()).containsOnlyKeys(clicks);
        assertThat(stored.conversions()).hasSameSizeAs(clicks);
        assertThat(stored.history())
                .extracting(entry -> Journal.outcome(entry.kind(), entry.reason(), entry.conversionId()))
                .containsExactlyInAnyOrderElementsOf(outcomes.stream()
                        .map(outcome -> Journal.outcome(outcome.kind(), outcome.reason(), outcome.conversionId()))
                        .toList());
    }

    @ParameterizedTest
    @EnumSource
    void oneOfSeveralCallersWithTheSamePostbackIsCredited(Cut cut) throws Exception {
        Attribution attribution = attributionWithWallets();
        proxy.cut(cut, commit(), 5);

        List<PostbackOutcome> outcomes =
                atOnce(Collections.nCopies(MEMBERS.size(), () -> attribution.postback(Stage.query(clicks.get(0)))));

        assertThat(proxy.cuts()).isPositive();
        assertThat(outcomes).extracting(PostbackOutcome::kind).containsOnlyOnce(Kind.ATTRIBUTED);
        assertThat(outcomes)
                .extracting(PostbackOutcome::conversionId)
                .containsOnly(outcomes.get(0).conversionId());
        Stored stored = stored();
        assertThat(stored.conversions()).hasSize(1);
        assertThat(stored.amount()).isEqualTo(1);
        assertThat(stored.history()).hasSameSizeAs(outcomes);
    }

    @ParameterizedTest
    @EnumSource
    void aClickIsStoredOnce(Cut cut) throws Exception {
        Attribution attribution = attribution();
        proxy.cut(cut, "attribution_click (click_id", 2);

        Redirect redirect = attribution.click(ClickRequest.of(OFFER, "visitor"));

        assertThat(proxy.cuts()).isEqualTo(2);
        assertThat(stored().clicks())
                .filteredOn(click -> click.memberId().equals("visitor"))
                .extracting(Click::clickId)
                .containsExactly(redirect.clickId());
    }

    @Test
    void theClicksOfSeveralCallersAreStoredOnce() throws Exception {
        Attribution attribution = attribution();
        proxy.cut(Cut.BEFORE_IT_IS_ANSWERED, "attribution_click (click_id", 5);

        List<Redirect> redirects =
                atOnce(Collections.nCopies(MEMBERS.size(), () -> attribution.click(ClickRequest.of(OFFER, "visitor"))));

        assertThat(proxy.cuts()).isEqualTo(5);
        assertThat(stored().clicks())
                .filteredOn(click -> click.memberId().equals("visitor"))
                .extracting(Click::clickId)
                .containsExactlyInAnyOrderElementsOf(
                        redirects.stream().map(Redirect::clickId).toList());
    }

    private int usualPort() {
        return kind == Servers.POSTGRESQL ? 5432 : 3306;
    }

    private Attribution attributionWithWallets() {
        CreditHandler wallets = (won, connection) -> {
            handled.incrementAndGet();
            Wallet.increment(won, connection);
        };
        return Attribution.builder(
                        JdbcAttributionStore.builder(pool).onCredit(wallets).build())
                .build();
    }

    private Attribution attribution() {
        return Attribution.builder(JdbcAttributionStore.builder(pool).build()).build();
    }

    private Stored stored() throws Exception {
        return Stored.in(kind.pool());
    }

    /** Returns what drivers send to commit, and send for nothing else. */
    private String commit() {
        return kind == Servers.POSTGRESQL ? "\0COMMIT\0" : "\u0003COMMIT";
    }

    /** Returns what is sent last for a list of credits that the application need not be told of. */
    private String creditStatement(int count) {
        if (kind == Servers.POSTGRESQL) {
            return "attribution_conversion (conversion_id";
        }
        return count > 15 ? commit() : "; commit and no chain no release; end";
    }

    private void assertIsTheOnlyCredit(PostbackOutcome outcome) throws Exception {
        assertAreTheCredits(List.of(outcome));
    }

    private void assertAreTheCredits(List<PostbackOutcome> outcomes) throws Exception {
        Stored stored = stored();
        assertThat(outcomes).extracting(PostbackOutcome::kind).containsOnly(Kind.ATTRIBUTED);
        assertThat(stored.conversions())
                .extracting(Conversion::conversionId)
                .containsExactlyInAnyOrderElementsOf(outcomes.stream()
                        .map(outcome -> outcome.conversionId().orElseThrow())
                        .toList());
        assertThat(stored.history())
                .extracting(entry -> entry.conversionId().orElseThrow())
                .containsExactlyInAnyOrderElementsOf(stored.conversions().stream()
                        .map(Conversion::conversionId)
                        .toList());
    }

    private static <T> List<T> atOnce(List<? extends Callable<T>> calls) throws Exception {
        CyclicBarrier gate = new CyclicBarrier(calls.size());
        ExecutorService threads = Executors.newFixedThreadPool(calls.size());
        try {
            List<Callable<T>> gated = new ArrayList<>();
            for (Callable<T> call : calls) {
                gated.add(() -> {
                    gate.await();
                    return call.call();
                });
            }
            List<T> results = new ArrayList<>();
            for (Future<T> result : threads.invokeAll(gated)) {
                results.add(result.get());
            }
            return results;
        } finally {
            threads.shutdown();
        }
    }
}
