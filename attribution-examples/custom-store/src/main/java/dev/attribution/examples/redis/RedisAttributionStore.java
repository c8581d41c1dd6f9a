package dev.attribution.examples.redis;

import dev.attribution.AttributionException;
import dev.attribution.StorageException;
import dev.attribution.click.Click;
import dev.attribution.click.ClickId;
import dev.attribution.offer.Offer;
import dev.attribution.spi.AttributionStore;
import dev.attribution.spi.ClickRepository;
import dev.attribution.spi.ConversionRepository;
import dev.attribution.spi.OfferRepository;
import dev.attribution.spi.ReportRepository;
import dev.attribution.spi.TextFields;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import redis.clients.jedis.Pipeline;
import redis.clients.jedis.RedisClient;
import redis.clients.jedis.Response;
import redis.clients.jedis.exceptions.JedisDataException;
import redis.clients.jedis.exceptions.JedisException;

/**
 * A store on Redis. What belongs to a click is under keys with its id in braces, so that a cluster keeps it on one node;
 * for the same reason there is no key over a member on an offer. There are no reports.
 *
 * <p>How durable it is, is the server's matter: with {@code appendonly yes} what was acknowledged survives a killed server,
 * with {@code appendfsync always} a power cut too. Redis does not wait for its replicas: what they lack is lost with the
 * node. Nothing may be evicted ({@code maxmemory-policy noeviction}).
 */
public final class RedisAttributionStore implements AttributionStore, AutoCloseable {
    private static final String PREFIX = "attribution:";

    private final RedisClient redis;

    /**
     * Creates a store.
     *
     * @param redis the server; the store closes it
     */
    public RedisAttributionStore(RedisClient redis) {
        this.redis = redis;
    }

    @Override
    public void close() {
        redis.close();
    }

    /** Sends a command for each element, all in one go, and returns their answers in the same order. */
    <T, A> List<A> each(Collection<T> elements, Function<Pipeline, Function<T, Response<A>>> command) {
        try (Pipeline pipeline = redis.pipelined()) {
            Function<T, Response<A>> send = command.apply(pipeline);
            List<Response<A>> answers = elements.stream().map(send).toList();
            pipeline.sync();
            List<A> results = new ArrayList<>();
            answers.forEach(answer -> results.add(answer.get()));
            return results;
        } catch (JedisException e) {
            boolean isRefused = e instanceof JedisDataException; // an answer, if not the wanted one
            throw new StorageException("Redis could not do it: see the cause. Repeat the call later.", !isRefused, e);
        }
    }

    static String key(String what, String id) {
        return PREFIX + "{" + id + "}:" + what;
    }

    @Override
    public OfferRepository offers() {
        return new OfferRepository() {
            @Override
            public Map<String, Offer> find(Collection<String> offerIds) {
                Map<String, Offer> found = new HashMap<>();
                each(offerIds, pipeline -> offerId -> pipeline.get(key("offer", offerId))).stream()
                        .flatMap(row -> Rows.read(row, TextFields::offer).stream())
                        .forEach(offer -> found.put(offer.offerId(), offer));
                return found;
            }

            @Override
            public void put(Offer offer) {
                each(
                        List.of(offer),
                        pipeline -> put -> pipeline.set(key("offer", put.offerId()), Rows.write(TextFields.of(put))));
            }
        };
    }

    @Override
    public ClickRepository clicks() {
        return new ClickRepository() {
            @Override
            public void insert(List<Click> clicks) {
                each(
                        clicks,
                        pipeline -> click -> pipeline.setnx(
                                key("click", click.clickId().value()), Rows.write(TextFields.of(click))));
                Map<ClickId, Click> stored =
                        find(clicks.stream().map(Click::clickId).toList());
                for (Click click : clicks) {
                    if (!click.equals(stored.get(click.clickId()))) {
                        throw new AttributionException("The click id " + click.clickId()
                                + " belongs to another click already: the id generator gave it twice");
                    }
                }
            }

            @Override
            public Map<ClickId, Click> find(Collection<ClickId> clickIds) {
                Map<ClickId, Click> found = new HashMap<>();
                each(clickIds, pipeline -> clickId -> pipeline.get(key("click", clickId.value()))).stream()
                        .flatMap(row -> Rows.read(row, TextFields::click).stream())
                        .forEach(click -> found.put(click.clickId(), click));
                return found;
            }
        };
    }

    @Override
    public ConversionRepository conversions() {
        return new RedisConversions(this);
    }

    @Override
    public Optional<ReportRepository> reports() {
        return Optional.empty();
    }
}
