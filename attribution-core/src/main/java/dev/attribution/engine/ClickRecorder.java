package dev.attribution.engine;

import dev.attribution.AttributionException;
import dev.attribution.UnknownOfferException;
import dev.attribution.click.Click;
import dev.attribution.click.ClickId;
import dev.attribution.click.ClickRequest;
import dev.attribution.click.Redirect;
import dev.attribution.engine.batch.Bisection;
import dev.attribution.engine.batch.Combiner;
import dev.attribution.engine.batch.PendingCall;
import dev.attribution.engine.batch.Stages;
import dev.attribution.internal.Printable;
import dev.attribution.link.LinkTemplater;
import dev.attribution.offer.Offer;
import dev.attribution.spi.AttributionStore;
import java.net.URI;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The way of a click: find the offer, mint an id, fill the link, store the click, and only then hand out the redirect.
 *
 * <p>A link is filled from the offer as it was last seen, and the store tells, while it stores the click, whether that is
 * what the offer still says. If not, the link is filled again from the offer as it is now.
 */
public final class ClickRecorder {
    private static final Logger LOG = LoggerFactory.getLogger(ClickRecorder.class);
    private static final int IMPORT_BATCH_SIZE = 1_000;

    /** A click with the redirect that it will get. */
    private record Draft(Click click, Offer offer, boolean isOfferFresh, Redirect redirect) {}

    /** What became of a draft: it is recorded, or its offer is another one by now. */
    private record Answer(@Nullable Offer changed) {
        static final Answer RECORDED = new Answer(null);
    }

    private final Settings settings;
    private final AttributionStore store;
    private final OfferCache seen = new OfferCache();
    private final @Nullable Combiner<Draft, Answer> combiner;

    public ClickRecorder(Settings settings, AttributionStore store) {
        this.settings = settings;
        this.store = store;
        this.combiner = settings.combiner(store.clicks().maxConcurrentInserts(), this::recordTogether);
    }

    public Redirect record(ClickRequest request) {
        Draft draft = draft(request);
        for (Offer changed; (changed = answer(draft).changed()) != null; ) {
            draft = redraft(draft, changed);
        }
        return recorded(draft); // durable before the redirect: nothing may fail behind this line
    }

    private Answer answer(Draft draft) {
        if (combiner != null) {
            return combiner.call(draft);
        }
        if (draft.isOfferFresh()) {
            store.clicks().insert(List.of(draft.click()));
            return Answer.RECORDED;
        }
        return store.insertIfUnchanged(Map.of(draft.offer(), List.of(draft.click())))
                        .isEmpty()
                ? Answer.RECORDED
                : new Answer(seen.put(read(draft.offer().offerId())));
    }

    public CompletionStage<Redirect> recordAsync(ClickRequest request, Executor executor) {
        return combiner == null
                ? Stages.supply(executor, () -> record(request))
                : Stages.supply(executor, () -> draft(request))
                        .thenCompose(draft -> recordAsync(draft, combiner, executor));
    }

    private CompletionStage<Redirect> recordAsync(Draft draft, Combiner<Draft, Answer> combiner, Executor executor) {
        return combiner.callAsync(draft, executor)
                .thenCompose(answer -> answer.changed() == null
                        ? CompletableFuture.completedFuture(recorded(draft))
                        : recordAsync(redraft(draft, answer.changed()), combiner, executor));
    }

    public long insertAll(Iterator<Click> imported) {
        long count = 0;
        List<Click> list = new ArrayList<>(IMPORT_BATCH_SIZE);
        while (imported.hasNext()) {
            list.add(imported.next());
            if (list.size() == IMPORT_BATCH_SIZE || !imported.hasNext()) {
                store.clicks().insert(List.copyOf(list));
                count += list.size();
                list.clear();
            }
        }
        return count;
    }

    private static Redirect recorded(Draft draft) {
        LOG.debug(
                "click {} on offer {}",
                draft.click().clickId(),
                Printable.escaped(draft.click().offerId()));
        return draft.redirect();
    }

    private Offer read(String offerId) {
        Offer offer = store.offers().find(List.of(offerId)).get(offerId);
        if (offer == null) {
            seen.remove(offerId);
            throw new UnknownOfferException(offerId);
        }
        return offer;
    }

    private Draft draft(ClickRequest request) {
        Offer offer = seen.get(request.offerId());
        boolean isFresh = offer == null;
        if (offer == null) {
            offer = seen.put(read(request.offerId()));
        }
        ClickId clickId = settings.clickIds().next();
        Click click = new Click(clickId, request.offerId(), request.memberId(), settings.now(), request.context());
        try {
            return draft(click, offer, isFresh);
        } catch (AttributionException e) {
            if (isFresh) {
                throw e;
            }
            return draft(click, seen.put(read(request.offerId())), true); // the link may have been mended
        }
    }

    private Draft redraft(Draft draft, Offer changed) {
        return draft(draft.click(), changed, true);
    }

    private Draft draft(Click click, Offer offer, boolean isOfferFresh) {
        URI location = URI.create(settings.templates().template(offer).fill(macro -> value(macro, click)));
        return new Draft(click, offer, isOfferFresh, new Redirect(click.clickId(), location));
    }

    private void recordTogether(List<PendingCall<Draft, Answer>> batch) {
        List<PendingCall<Draft, Answer>> fresh = new ArrayList<>();
        List<PendingCall<Draft, Answer>> others = new ArrayList<>(batch.size());
        batch.forEach(task -> (task.input().isOfferFresh() ? fresh : others).add(task));
        Bisection.run(fresh, some -> {
            store.clicks().insert(some.stream().map(ClickRecorder::clickOf).toList());
            some.forEach(task -> task.succeed(Answer.RECORDED));
        });
        Bisection.run(others, this::recordUnlessChanged);
    }

    private void recordUnlessChanged(List<PendingCall<Draft, Answer>> tasks) {
        Map<Offer, List<Click>> clicks = new HashMap<>();
        tasks.forEach(task -> clicks.computeIfAbsent(task.input().offer(), offer -> new ArrayList<>())
                .add(clickOf(task)));
        Set<Offer> changed = store.insertIfUnchanged(clicks);
        Map<String, Offer> now = changed.isEmpty()
                ? Map.of()
                : store.offers().find(changed.stream().map(Offer::offerId).collect(Collectors.toSet()));
        for (PendingCall<Draft, Answer> task : tasks) {
            if (changed.contains(task.input().offer())) {
                tell(task, now.get(task.input().offer().offerId()));
            } else {
                task.succeed(Answer.RECORDED);
            }
        }
    }

    private void tell(PendingCall<Draft, Answer> task, @Nullable Offer changed) {
        if (changed != null) {
            task.succeed(new Answer(seen.put(changed)));
        } else {
            String offerId = clickOf(task).offerId();
            seen.remove(offerId);
            task.fail(new UnknownOfferException(offerId));
        }
    }

    private static Click clickOf(PendingCall<Draft, Answer> task) {
        return task.input().click();
    }

    private @Nullable String value(String macro, Click click) {
        return switch (macro) {
            case LinkTemplater.CLICK_ID -> click.clickId().value();
            case LinkTemplater.OFFER_ID -> click.offerId();
            case LinkTemplater.MEMBER_ID -> click.memberId();
            case LinkTemplater.TIMESTAMP -> Long.toString(click.clickedAt().getEpochSecond());
            default -> registered(settings.macros(), macro, click);
        };
    }

    private static @Nullable String registered(Map<String, Function<Click, String>> macros, String macro, Click click) {
        Function<Click, String> function = macros.get(macro);
        return function == null ? null : function.apply(click);
    }
}
