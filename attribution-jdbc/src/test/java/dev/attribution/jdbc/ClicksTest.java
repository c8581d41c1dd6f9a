package dev.attribution.jdbc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.attribution.AttributionException;
import dev.attribution.StorageException;
import dev.attribution.click.Click;
import dev.attribution.click.ClickContext;
import dev.attribution.click.ClickFlag;
import dev.attribution.click.ClickId;
import dev.attribution.testkit.Race;
import dev.attribution.testkit.contract.ExactIds;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.Statement;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TimeZone;
import java.util.UUID;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ClicksTest extends DatabaseTest {
    @Test
    void returnsEveryPartOfAClick() {
        ClickContext.Builder context = ClickContext.builder()
                .ip("2001:db8::1")
                .userAgent("Mozilla/5.0 \"quoted\" \\ \t 😀")
                .referrer("https://example.com/?q=%F0%9F%98%80&x=1")
                .extra("z", "")
                .extra("a", "line\nbreak\u0001");
        IntStream.range(0, 62).forEach(i -> context.extra("extra-" + i, "\u0001".repeat(2048)));
        Click click = new Click(ClickId.of(UUID.randomUUID()), "spring-sale", "member-7", Given.NOON, context.build());
        store.clicks().insert(List.of(click));
        assertThat(find(click)).isEqualTo(click);
        assertThat(find(click).context().extras().keySet())
                .containsExactlyElementsOf(click.context().extras().keySet());
    }

    @Test
    void storesTheContextAsAnObjectThatCanBeQueried() throws Exception {
        Click click = new Click(
                ClickId.of(UUID.randomUUID()),
                "o",
                "m",
                Given.NOON,
                ClickContext.builder().ip("192.0.2.1").extra("country", "NZ").build());
        store.clicks().insert(List.of(click));
        try (Connection connection = DriverManager.getConnection(database.url(directory));
                Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery("select " + ipAndCountry() + " from attribution_click")) {
            row.next();
            assertThat(row.getString(1)).isEqualTo("192.0.2.1 NZ");
        }
    }

    private String ipAndCountry() {
        return switch (database) {
            case H2_FILE, H2_MEMORY ->
                "replace((context).\"ip\" || ' ' || ((context).\"extras\").\"country\", '\"', '')";
            case POSTGRESQL -> "(context ->> 'ip') || ' ' || (context -> 'extras' ->> 'country')";
            case MARIADB -> "concat(json_value(context, '$.ip'), ' ', json_value(context, '$.extras.country'))";
        };
    }

    @Test
    void storesAllClicksOfAList() {
        List<Click> clicks = Stream.generate(Given::click).limit(1500).toList();
        store.clicks().insert(clicks);
        Map<ClickId, Click> found =
                store.clicks().find(clicks.stream().map(Click::clickId).toList());
        assertThat(found).isEqualTo(byId(clicks));
        store.clicks().insert(List.of());
        assertThat(store.clicks().find(List.of())).isEmpty();
    }

    @Test
    void storesAListThatIsLargerThanWhatAServerTakesAtOnce() {
        ClickContext.Builder context = ClickContext.builder();
        IntStream.range(0, 62).forEach(i -> context.extra("extra-" + i, "x".repeat(2048)));
        ClickContext large = context.build();
        List<Click> clicks = Stream.generate(Given::click)
                .map(click -> new Click(click.clickId(), "o", "m", Given.NOON, large))
                .limit(150) // 19 million characters; MariaDB takes 16 million bytes by default
                .toList();
        Recorder recorder = new Recorder();
        JdbcAttributionStore.builder(recorder.over(store.dataSource()))
                .build()
                .clicks()
                .insert(clicks);
        assertThat(recorder.told.stream().filter(sql -> sql.startsWith("insert") || sql.startsWith("copy")))
                .hasSize(
                        switch (database) {
                            case MARIADB -> 22; // of seven
                            case POSTGRESQL, H2_FILE, H2_MEMORY -> 1;
                        });
        assertThat(store.clicks().find(clicks.stream().map(Click::clickId).toList()))
                .isEqualTo(byId(clicks));
    }

    @ParameterizedTest
    @ValueSource(ints = {2, 16, 17, 64, 200})
    void storesAListOfClicksWithDifferentParts(int count) {
        List<Click> clicks = IntStream.range(0, count)
                .mapToObj(i -> {
                    ClickContext.Builder context = ClickContext.builder();
                    if (i % 2 == 0) {
                        context.ip("192.0.2." + i % 99);
                    }
                    if (i % 3 == 0) {
                        context.userAgent("agent " + "x".repeat(i)).extra("country", "NZ");
                    }
                    Click click = Given.click("spring-sale", "member-" + i, Given.NOON.plusSeconds(i % 4));
                    return new Click(
                            click.clickId(),
                            click.offerId(),
                            click.memberId(),
                            click.clickedAt(),
                            context.build(),
                            i % 5 == 0 ? Optional.of(ClickFlag.of("crawler")) : Optional.empty(),
                            click.memberScope());
                })
                .toList();
        store.clicks().insert(clicks.subList(1, count / 2));
        store.clicks().insert(clicks);
        store.clicks().insert(clicks);
        assertThat(store.clicks().find(clicks.stream().map(Click::clickId).toList()))
                .isEqualTo(byId(clicks));
    }

    private static Map<ClickId, Click> byId(List<Click> clicks) {
        return clicks.stream().collect(Collectors.toMap(Click::clickId, Function.identity()));
    }

    @Test
    void findsNothingUnderAnUnknownId() {
        assertThat(store.clicks().find(List.of(ClickId.of(UUID.randomUUID())))).isEmpty();
    }

    @Test
    void leavesAnEqualClickAsItIs() {
        Click click = Given.click();
        store.clicks().insert(List.of(click));
        store.clicks().insert(List.of(click));
        store.clicks().insert(List.of(click, click));
        assertThat(find(click)).isEqualTo(click);
    }

    @Test
    void completesAListOfWhichAPartIsStored() {
        List<Click> clicks = Stream.generate(Given::click).limit(9).toList();
        store.clicks().insert(clicks.subList(2, 4));
        store.clicks().insert(clicks.subList(7, 8));
        store.clicks().insert(clicks);
        assertThat(store.clicks()
                        .find(clicks.stream().map(Click::clickId).toList())
                        .values())
                .containsExactlyInAnyOrderElementsOf(clicks);
    }

    @Test
    void refusesAClickIdThatBelongsToAnotherClick() {
        Click stored = Given.click();
        Click other = Given.withId(stored.clickId(), Given.click("spring-sale", "member-8", Given.NOON));
        store.clicks().insert(List.of(stored));
        assertThatThrownBy(() -> store.clicks().insert(List.of(Given.click(), other)))
                .isExactlyInstanceOf(AttributionException.class)
                .hasMessageContaining(stored.clickId().value())
                .hasMessageNotContaining("member-8");
        assertThatThrownBy(() -> store.clicks().insert(List.of(other, Given.withId(other.clickId(), Given.click()))))
                .isExactlyInstanceOf(AttributionException.class);
        assertThat(find(stored)).isEqualTo(stored);
    }

    @Test
    void refusesAClickThatDiffersInItsContextAlone() {
        Click stored = Given.click();
        Click other = new Click(
                stored.clickId(),
                stored.offerId(),
                stored.memberId(),
                stored.clickedAt(),
                ClickContext.builder().ip("192.0.2.1").build());
        store.clicks().insert(List.of(stored));
        assertThatThrownBy(() -> store.clicks().insert(List.of(other))).isInstanceOf(AttributionException.class);
    }

    @Test
    void storesEachClickOnceWhenManyThreadsInsertTheSameLists() throws Exception {
        List<Click> clicks = Stream.generate(Given::click).limit(50).toList();
        List<Click> reversed = new ArrayList<>(clicks);
        Collections.reverse(reversed);
        Race.run(16, i -> {
            store.clicks().insert(i % 2 == 0 ? clicks : reversed);
            return i;
        });
        assertThat(store.reports().orElseThrow().clicks(dev.attribution.report.ReportFilter.all(), null, 1000))
                .containsExactlyInAnyOrderElementsOf(clicks);
    }

    @Test
    void returnsIdsExactlyAsTheyWereGiven() {
        List<Click> clicks =
                ExactIds.ALL.stream().map(id -> Given.click(id, id, Given.NOON)).toList();
        store.clicks().insert(clicks);
        assertThat(store.clicks()
                        .find(clicks.stream().map(Click::clickId).toList())
                        .values())
                .containsExactlyInAnyOrderElementsOf(clicks);
    }

    @Test
    void returnsInstantsToTheMicrosecondInAnyZone() {
        TimeZone before = TimeZone.getDefault();
        TimeZone.setDefault(TimeZone.getTimeZone("Pacific/Chatham")); // 12:45 or 13:45 ahead
        try (JdbcAttributionStore far = JdbcAttributionStore.open(database.url(directory.resolve("far")))) {
            List<Click> clicks = Stream.of(
                            "2024-04-06T13:59:59.999999Z", // an hour that happens twice there
                            "2024-04-06T14:30:00.000001Z",
                            "2024-09-28T14:00:00Z", // an hour that does not happen there
                            "1969-12-31T23:59:59.999999Z",
                            "0001-01-01T00:00:00.000001Z",
                            "9999-12-31T23:59:59.999999Z")
                    .map(Instant::parse)
                    .map(at -> Given.click("o", "m", at))
                    .toList();
            far.clicks().insert(clicks);
            assertThat(far.clicks()
                            .find(clicks.stream().map(Click::clickId).toList())
                            .values())
                    .containsExactlyInAnyOrderElementsOf(clicks);
            TimeZone.setDefault(TimeZone.getTimeZone("America/St_Johns"));
            assertThat(far.clicks()
                            .find(clicks.stream().map(Click::clickId).toList())
                            .values())
                    .containsExactlyInAnyOrderElementsOf(clicks);
        } finally {
            TimeZone.setDefault(before);
        }
    }

    @Test
    void saysThatItCannotLookRatherThanThatThereIsNone() {
        Click click = Given.click();
        store.clicks().insert(List.of(click));
        store.close();
        assertThatThrownBy(() -> store.clicks().find(List.of(click.clickId()))).isInstanceOf(StorageException.class);
        assertThatThrownBy(() -> store.clicks().insert(List.of(Given.click()))).isInstanceOf(StorageException.class);
    }

    private Click find(Click click) {
        return store.clicks().find(List.of(click.clickId())).get(click.clickId());
    }
}
