package dev.attribution.memory;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.attribution.Attribution;
import dev.attribution.OverloadedException;
import dev.attribution.click.ClickId;
import dev.attribution.click.ClickRequest;
import dev.attribution.click.Redirect;
import dev.attribution.offer.Offer;
import dev.attribution.postback.PostbackOutcome;
import dev.attribution.postback.PostbackOutcome.Kind;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.CompletionStage;
import org.junit.jupiter.api.Test;

class InMemoryAttributionStoreTest {
    private final Queue<Runnable> tasks = new ArrayDeque<>();
    private final Attribution attribution = Attribution.builder(new InMemoryAttributionStore())
            .maxWaiting(3)
            .executor(tasks::add)
            .build();

    private ClickId click() {
        attribution
                .offers()
                .put(Offer.builder("spring-sale")
                        .trackingLink("https://google.com?sub1={gk_click_id}")
                        .build());
        return attribution.click(ClickRequest.of("spring-sale", "member-7")).clickId();
    }

    private void runTasks() {
        while (!tasks.isEmpty()) {
            tasks.remove().run();
        }
    }

    @Test
    void refusesPostbacksBeyondTheLimitAsAStoreOnADatabaseDoes() {
        ClickId click = click();
        List<CompletionStage<PostbackOutcome>> waiting = new ArrayList<>();
        for (int i = 0; i < 4; i++) {
            waiting.add(attribution.postbackAsync("gk_click_id=" + click));
        }
        runTasks();

        assertOneIsRefused(waiting);
        assertThat(attribution.postback("gk_click_id=" + click).kind()).isEqualTo(Kind.DUPLICATE);
    }

    /** Whether a stage has failed is known when its tasks have run. */
    private static <T> void assertOneIsRefused(List<CompletionStage<T>> stages) {
        assertThat(stages).allMatch(stage -> stage.toCompletableFuture().isDone());
        assertThat(stages.stream()
                        .filter(stage -> stage.toCompletableFuture().isCompletedExceptionally())
                        .toList())
                .hasSize(1)
                .allSatisfy(stage -> assertThatThrownBy(() -> stage.toCompletableFuture().join())
                        .hasCauseInstanceOf(OverloadedException.class));
    }

    @Test
    void refusesClicksBeyondTheLimitAsAStoreOnADatabaseDoes() {
        click();
        ClickRequest request = ClickRequest.of("spring-sale", "member-8");
        List<CompletionStage<Redirect>> waiting = new ArrayList<>();
        for (int i = 0; i < 4; i++) {
            waiting.add(attribution.clickAsync(request));
        }
        runTasks();

        assertOneIsRefused(waiting);
    }
}
