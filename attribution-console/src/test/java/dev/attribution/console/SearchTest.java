package dev.attribution.console;

import static org.assertj.core.api.Assertions.assertThat;

import dev.attribution.Attribution;
import dev.attribution.click.ClickId;
import dev.attribution.click.ClickRequest;
import dev.attribution.console.Visitor.Answer;
import dev.attribution.memory.InMemoryAttributionStore;
import dev.attribution.offer.Offer;
import java.time.Instant;
import java.util.Collections;
import java.util.concurrent.atomic.AtomicReference;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The search for a transaction id, which reads the history in parts. */
class SearchTest {
    private static final Pattern FURTHER = Pattern.compile("href=\"/console(/search[^\"]+)\">Look further back");
    private static final Pattern ROW = Pattern.compile("/console/story\\?click=[^\"]+#m-");

    private final AtomicReference<Instant> now = new AtomicReference<>(Scene.NOW);
    private final Attribution attribution =
            Attribution.builder(new InMemoryAttributionStore()).clock(now::get).build();
    private final Visitor jane = new Visitor(
            Console.builder(attribution).basePath("/console").clock(now::get).build());
    private ClickId click;

    @BeforeEach
    void addAnOffer() {
        attribution
                .offers()
                .put(Offer.builder("offer")
                        .trackingLink("https://advertiser.example/{gk_click_id}")
                        .build());
        click = attribution.click(ClickRequest.of("offer", "member")).clickId();
    }

    private void send(int count, String transactionId) {
        now.set(now.get().plusSeconds(1));
        attribution.postbacks(Collections.nCopies(count, "gk_click_id=" + click + "&transaction_id=" + transactionId));
    }

    private static String further(Answer answer) {
        Matcher link = FURTHER.matcher(answer.text());
        assertThat(link.find()).as("the link that looks further").isTrue();
        return link.group(1).replace("&amp;", "&");
    }

    private static long rows(Answer answer) {
        return ROW.matcher(answer.text()).results().count();
    }

    @Test
    void saysThatNothingHasTheIdOnlyAfterTheWholeHistoryWasRead() {
        send(1, "old");
        send(20_050, "new");

        Answer first = jane.get("/search?q=old");
        Answer second = jane.get(further(first));
        Answer absent = jane.get("/search?q=absent");
        Answer end = jane.get(further(absent));

        assertThat(first.status()).isEqualTo(200);
        assertThat(first.text())
                .contains("<h1>Not found in the newest 20,000 messages</h1>")
                .contains("older message: those were not read yet")
                .doesNotContain("Nothing", "whole history");
        assertThat(second.status()).isEqualTo(200);
        assertThat(second.text())
                .contains("<h1>Found</h1>", "A transaction", "newest 20,051 messages", "That is the whole history");
        assertThat(rows(second)).isEqualTo(1);
        assertThat(absent.status()).isEqualTo(200);
        assertThat(end.status()).isEqualTo(404);
        assertThat(end.text()).contains("<h1>Nothing found</h1>", "Nothing has the id", "newest 20,051 messages");
    }

    @Test
    void listsTwentyMessagesOfATransactionAndTheOthersOnRequest() {
        send(5, "other");
        send(500, "many");

        Answer first = jane.get("/search?q=many");
        Answer second = jane.get(further(first));

        assertThat(rows(first)).isEqualTo(20);
        assertThat(first.text()).contains("newest 20 messages");
        assertThat(rows(second)).isEqualTo(20);
        assertThat(second.text()).contains("newest 40 messages");
    }

    @Test
    void aLastPartWithoutTheTransactionDoesNotSayThatNothingHasTheId() {
        send(5, "other");
        send(20, "some");

        Answer last = jane.get(further(jane.get("/search?q=some")));

        assertThat(last.status()).isEqualTo(200);
        assertThat(last.text())
                .contains("None of these messages has this transaction id; 20 newer ones have it")
                .doesNotContain("Nothing");
        assertThat(jane.get("/search?q=some&after=nonsense").status()).isEqualTo(400);
        assertThat(jane.get(further(jane.get("/search?q=some")).replaceAll("read=20", "read=x"))
                        .status())
                .isEqualTo(400);
    }
}
