package dev.attribution.engine;

import dev.attribution.AttributionException;
import dev.attribution.SpeculativeClickException;
import dev.attribution.StorageException;
import dev.attribution.UnknownOfferException;
import dev.attribution.click.Click;
import dev.attribution.click.ClickFlag;
import dev.attribution.click.ClickId;
import dev.attribution.click.ClickRequest;
import dev.attribution.click.MemberHash;
import dev.attribution.click.Redirect;
import dev.attribution.click.ScreenVerdict;
import dev.attribution.engine.batch.Bisection;
import dev.attribution.engine.batch.Calls;
import dev.attribution.engine.batch.HostExecutor;
import dev.attribution.engine.batch.HostStage;
import dev.attribution.engine.batch.KeyedCalls;
import dev.attribution.engine.batch.PendingCall;
import dev.attribution.internal.Printable;
import dev.attribution.link.LinkTemplater;
import dev.attribution.listener.WrittenBatch;
import dev.attribution.listener.WrittenBatch.BatchContent;
import dev.attribution.offer.Offer;
import dev.attribution.spi.AttributionStore;
import java.net.URI;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The flow of a click: find the offer, mint an id, fill the link, store the click, and only then hand out the redirect.
 *
 * <p>A link is filled from the offer as it was last seen, and the store checks, while it stores the click, whether the offer
 * still says the same. If not, the link is filled again from the offer as it is now.
 */
public final class ClickRecorder {
    private static final Logger LOG = LoggerFactory.getLogger(ClickRecorder.class);
    private static final int IMPORT_BATCH_SIZE = 1_000;

    /** A click with the redirect that its member will get. */
    private record PendingClick(Click click, String method, Offer offer, boolean isOfferFresh, Redirect redirect) {}

    /** How a write ended: the click was recorded, or the offer has changed since it was read. */
    private record Written(@Nullable Offer changed) {
        static final Written RECORDED = new Written(null);
    }

    private final Settings settings;
    private final AttributionStore store;
    private final OfferCache seen;
    private final Calls<PendingClick, Written> calls;
    private final Listening listening;

    /** Creates a recorder that writes to a store. */
    public ClickRecorder(Settings settings, AttributionStore store) {
        this.settings = settings;
        this.store = store;
        this.seen = new OfferCache(store::combiningKey);
        this.listening = new Listening(settings.listener(), store);
        this.calls = settings.calls(
                store::combiningKey,
                "clicks().maxConcurrentInserts()",
                () -> store.clicks().maxConcurrentInserts(),
                this::write,
                null);
    }

    /** {@return how many callers wait while the clicks of others are written} */
    public int waiting() {
        return calls.waiting();
    }

    /** Records a click. */
    public Redirect record(ClickRequest request) {
        PendingClick pending;
        try {
            pending = fill(request);
            for (Offer changed; (changed = calls.call(pending).changed()) != null; ) {
                pending = fill(pending.click(), pending.method(), changed, true);
            }
        } catch (StorageException e) {
            throw listening.failed(e);
        }
        return recorded(pending); // durable before the redirect: nothing may fail after this line
    }

    /** Records a click on the executor's threads. */
    public CompletionStage<Redirect> recordAsync(ClickRequest request, Executor executor) {
        HostStage<Redirect> stage = new HostStage<>(new HostExecutor(executor));
        Object key = store.combiningKey();
        stage.run(() -> {
            KeyedCalls.requireSame(key, store.combiningKey());
            PendingClick pending;
            try {
                pending = fill(request);
            } catch (StorageException e) {
                throw listening.failed(e);
            }
            record(pending, stage);
        });
        return stage;
    }

    private void record(PendingClick pending, HostStage<Redirect> stage) {
        calls.submit(pending, stage.executor(), (written, failure) -> {
            if (written == null) {
                stage.completeExceptionally(
                        failure instanceof StorageException fault ? listening.failed(fault) : failure);
                return;
            }
            Offer changed = written.changed();
            if (changed == null) {
                stage.complete(recorded(pending));
            } else {
                stage.run(() -> record(fill(pending.click(), pending.method(), changed, true), stage));
            }
        });
    }

    /** Inserts clicks that were recorded elsewhere, in lists. */
    public long insertAll(Iterator<Click> imported) {
        long count = 0;
        List<Click> list = new ArrayList<>(IMPORT_BATCH_SIZE);
        while (imported.hasNext()) {
            list.add(stored(imported.next()));
            if (list.size() == IMPORT_BATCH_SIZE || !imported.hasNext()) {
                store.clicks().insert(List.copyOf(list));
                count += list.size();
                list.clear();
            }
        }
        return count;
    }

    /** Reduces the context and hashes the member as for a new click; a click that was forgotten elsewhere keeps its hash. */
    private Click stored(Click click) {
        boolean isHashed = !click.memberScope().equals(MemberHash.plain().of(click.offerId(), click.memberId()));
        return new Click(
                click.clickId(),
                click.offerId(),
                click.memberId(),
                click.clickedAt(),
                settings.storedContext().of(click.context()),
                click.flag(),
                isHashed ? click.memberScope() : settings.memberHash().of(click.offerId(), click.memberId()));
    }

    private Redirect recorded(PendingClick pending) {
        if (LOG.isDebugEnabled()) {
            LOG.debug(
                    "click {} on offer {}",
                    pending.click().clickId(),
                    Printable.escaped(pending.click().offerId()));
        }
        listening.tell(listener -> listener.clicked(pending.click()));
        return pending.redirect();
    }

    private PendingClick fill(ClickRequest request) {
        ScreenVerdict verdict = settings.screen().judge(request);
        if (verdict.ruling() == ScreenVerdict.Ruling.SPECULATIVE) {
            String rule = verdict.rule().orElseThrow();
            listening.tellNow(listener -> listener.speculative(rule));
            throw new SpeculativeClickException(rule);
        }
        Offer offer = seen.get(request.offerId());
        boolean isFresh = offer == null;
        if (offer == null) {
            offer = seen.put(read(request.offerId()));
        }
        ClickId clickId = settings.clickIds().next();
        Click click = new Click(
                clickId,
                request.offerId(),
                request.memberId(),
                settings.now(),
                settings.storedContext().of(request.context()),
                verdict.rule().map(ClickFlag::of),
                settings.memberHash().of(request.offerId(), request.memberId()));
        try {
            return fill(click, request.method(), offer, isFresh);
        } catch (AttributionException e) {
            if (isFresh) {
                throw e;
            }
            return fill(
                    click,
                    request.method(),
                    seen.put(read(request.offerId())),
                    true); // the link may have been corrected
        }
    }

    private PendingClick fill(Click click, String method, Offer offer, boolean isOfferFresh) {
        URI location = URI.create(settings.templates().template(offer).fill(macro -> value(macro, click)));
        return new PendingClick(click, method, offer, isOfferFresh, Redirect.of(click.clickId(), location, method));
    }

    private Offer read(String offerId) {
        Offer offer = store.offers().find(List.of(offerId)).get(offerId);
        if (offer == null) {
            seen.remove(offerId);
            throw new UnknownOfferException(offerId);
        }
        return offer;
    }

    private void write(List<PendingCall<PendingClick, Written>> batch) {
        List<PendingCall<PendingClick, Written>> fresh = new ArrayList<>();
        List<PendingCall<PendingClick, Written>> others = new ArrayList<>(batch.size());
        batch.forEach(call -> (call.input().isOfferFresh() ? fresh : others).add(call));
        Bisection.run(fresh, some -> {
            store.clicks().insert(some.stream().map(ClickRecorder::clickOf).toList());
            some.forEach(call -> call.succeed(Written.RECORDED));
            tellWritten(some.size());
        });
        Bisection.run(others, this::writeUnlessChanged);
    }

    private void tellWritten(int size) {
        WrittenBatch batch = new WrittenBatch(BatchContent.CLICKS, size, calls.waiting(), 0);
        listening.tell(listener -> listener.written(batch));
    }

    private void writeUnlessChanged(List<PendingCall<PendingClick, Written>> some) {
        Map<Offer, List<Click>> clicks = new HashMap<>();
        some.forEach(call -> clicks.computeIfAbsent(call.input().offer(), offer -> new ArrayList<>())
                .add(clickOf(call)));
        Set<Offer> changed = store.insertIfUnchanged(clicks);
        tellWritten(some.size());
        Map<String, Offer> now = changed.isEmpty()
                ? Map.of()
                : store.offers().find(changed.stream().map(Offer::offerId).collect(Collectors.toSet()));
        for (PendingCall<PendingClick, Written> call : some) {
            if (changed.contains(call.input().offer())) {
                returnChanged(call, now.get(call.input().offer().offerId()));
            } else {
                call.succeed(Written.RECORDED);
            }
        }
    }

    private void returnChanged(PendingCall<PendingClick, Written> call, @Nullable Offer changed) {
        if (changed != null) {
            call.succeed(new Written(seen.put(changed)));
        } else {
            String offerId = clickOf(call).offerId();
            seen.remove(offerId);
            call.fail(new UnknownOfferException(offerId));
        }
    }

    private static Click clickOf(PendingCall<PendingClick, Written> call) {
        return call.input().click();
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
