package dev.attribution;

import dev.attribution.click.Click;
import dev.attribution.click.ClickId;
import dev.attribution.click.ClickRequest;
import dev.attribution.click.Redirect;
import dev.attribution.link.LinkTemplater;
import dev.attribution.offer.Offer;
import dev.attribution.spi.ClickRepository;
import dev.attribution.spi.OfferRepository;
import java.net.URI;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The way of a click: find the offer, mint an id, fill the link, store the click, and only then hand out the redirect.
 *
 * <p>Where clicks are combined, a link is filled beforehand with the offer as it was last seen, on the caller's own thread, and
 * the offers of a whole batch are read together; a click whose offer has changed goes round once more.
 */
final class ClickProcess {
    private static final Logger LOG = LoggerFactory.getLogger(Attribution.class);
    private static final int IMPORTED_AT_ONCE = 1_000;

    /** A click with the redirect that it will get. */
    private record Draft(Click click, Offer offer, boolean isOfferFresh, Redirect redirect) {}

    /** What became of a draft: it is recorded, or its offer is another one by now. */
    private record Answer(@Nullable Offer changed) {
        static final Answer RECORDED = new Answer(null);
    }

    private final Settings settings;
    private final OfferRepository offers;
    private final ClickRepository clicks;
    private final OfferCache seen = new OfferCache();
    private final @Nullable Combiner<Draft, Answer> combiner;

    ClickProcess(Settings settings, OfferRepository offers, ClickRepository clicks) {
        this.settings = settings;
        this.offers = offers;
        this.clicks = clicks;
        this.combiner = settings.combiner(clicks.insertsAtOnce(), this::recordTogether);
    }

    Redirect record(ClickRequest request) {
        if (combiner == null) {
            Draft draft = draft(request, read(request.offerId()), true);
            clicks.insert(List.of(draft.click())); // durable before the redirect: nothing may fail behind this line
            return recorded(draft);
        }
        Draft draft = draft(request);
        for (Offer changed; (changed = combiner.call(draft).changed()) != null; ) {
            draft = redraft(draft, changed);
        }
        return recorded(draft);
    }

    CompletionStage<Redirect> recordAsync(ClickRequest request, Executor executor) {
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

    long insertAll(Iterator<Click> imported) {
        long count = 0;
        List<Click> list = new ArrayList<>(IMPORTED_AT_ONCE);
        while (imported.hasNext()) {
            list.add(imported.next());
            if (list.size() == IMPORTED_AT_ONCE || !imported.hasNext()) {
                clicks.insert(List.copyOf(list));
                count += list.size();
                list.clear();
            }
        }
        return count;
    }

    private static Redirect recorded(Draft draft) {
        LOG.debug("click {} on offer {}", draft.click().clickId(), draft.click().offerId());
        return draft.redirect();
    }

    private Offer read(String offerId) {
        Offer offer = offers.find(List.of(offerId)).get(offerId);
        if (offer == null) {
            throw new UnknownOfferException(offerId);
        }
        return offer;
    }

    private Draft draft(ClickRequest request) {
        Offer offer = seen.get(request.offerId());
        return offer != null ? draft(request, offer, false) : draft(request, seen.put(read(request.offerId())), true);
    }

    private Draft draft(ClickRequest request, Offer offer, boolean isOfferFresh) {
        ClickId clickId = settings.clickIds().next();
        Instant now = settings.now();
        return draft(
                new Click(clickId, request.offerId(), request.memberId(), now, request.context()), offer, isOfferFresh);
    }

    private Draft redraft(Draft draft, Offer changed) {
        return draft(draft.click(), changed, true);
    }

    private Draft draft(Click click, Offer offer, boolean isOfferFresh) {
        URI location = URI.create(settings.templates().of(offer).fill(macro -> value(macro, click)));
        return new Draft(click, offer, isOfferFresh, new Redirect(click.clickId(), location));
    }

    private void recordTogether(List<Task<Draft, Answer>> batch) {
        Map<String, Offer> now = offersOf(batch);
        insertEach(batch.stream().filter(task -> isToInsert(task, now)).toList());
    }

    private Map<String, Offer> offersOf(List<Task<Draft, Answer>> batch) {
        List<String> offerIds = batch.stream()
                .filter(task -> !task.input().isOfferFresh())
                .map(task -> task.input().click().offerId())
                .distinct()
                .toList();
        return offerIds.isEmpty() ? Map.of() : offers.find(offerIds);
    }

    private boolean isToInsert(Task<Draft, Answer> task, Map<String, Offer> now) {
        Draft draft = task.input();
        if (draft.isOfferFresh()) {
            return true;
        }
        String offerId = draft.click().offerId();
        Offer offer = now.get(offerId);
        if (offer == null) {
            seen.remove(offerId);
            task.fail(new UnknownOfferException(offerId));
        } else if (!offer.equals(draft.offer())) {
            task.succeed(new Answer(seen.put(offer)));
        }
        return !task.isSettled();
    }

    private void insertEach(List<Task<Draft, Answer>> tasks) {
        Halving.run(tasks, some -> {
            clicks.insert(some.stream().map(task -> task.input().click()).toList());
            some.forEach(task -> task.succeed(Answer.RECORDED));
        });
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
