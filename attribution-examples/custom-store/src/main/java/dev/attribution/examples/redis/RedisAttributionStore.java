package dev.attribution.examples.redis;

import com.google.gson.Gson;
import com.google.gson.reflect.TypeToken;
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
import dev.attribution.spi.support.TextFields;
import java.time.Instant;
import java.util.Collection;
import java.util.HashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.BiFunction;
import java.util.function.Function;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import redis.clients.jedis.Pipeline;
import redis.clients.jedis.RedisClient;
import redis.clients.jedis.Response;
import redis.clients.jedis.exceptions.JedisDataException;
import redis.clients.jedis.exceptions.JedisException;

/**
 * A store on Redis. All keys of a click contain its id in braces, so a cluster keeps them on one node; for the same
 * reason the store has no key for a member on an offer. It has no reports.
 *
 * <p>The server's settings determine durability: with {@code appendonly yes} acknowledged writes survive a killed
 * server, with {@code appendfsync always} also a power cut. Redis does not wait for its replicas: writes that they lack
 * are lost with the node. The server must not evict keys ({@code maxmemory-policy noeviction}).
 */
public final class RedisAttributionStore implements AttributionStore, AutoCloseable {
    static final Gson JSON = new Gson();
    private static final TypeToken<Map<String, String>> FIELDS = new TypeToken<>() {};

    /** Replaces a row unless it has changed since it was read: of racing operators the first one counts. */
    private static final String REPLACE =
            "if redis.call('GET', KEYS[1]) == ARGV[1] then redis.call('SET', KEYS[1], ARGV[2]) end";

    private final RedisClient redis;

    /** Creates a store that uses a client and closes it. */
    public RedisAttributionStore(RedisClient redis) {
        this.redis = redis;
    }

    @Override
    public void close() {
        redis.close();
    }

    /** Sends a command for each element in one pipeline and returns the answers in the order of the elements. */
    <T, A> List<A> each(List<T> elements, BiFunction<Pipeline, T, Response<A>> command) {
        try (Pipeline pipeline = redis.pipelined()) {
            List<Response<A>> answers = elements.stream()
                    .map(element -> command.apply(pipeline, element))
                    .toList();
            pipeline.sync();
            return answers.stream().map(Response::get).toList();
        } catch (JedisException e) {
            boolean isRefused = e instanceof JedisDataException; // Redis has answered
            throw new StorageException("Redis did not execute a command: see the cause", !isRefused, e);
        }
    }

    private <K, V> Map<K, V> find(Collection<K> ids, Function<K, String> key, Function<Map<String, String>, V> reader) {
        List<K> order = List.copyOf(ids);
        Map<K, V> found = new HashMap<>();
        Iterator<String> rows =
                each(order, (pipeline, id) -> pipeline.get(key.apply(id))).iterator();
        order.forEach(id -> read(rows.next(), reader).ifPresent(value -> found.put(id, value)));
        return found;
    }

    static String key(String what, String id) {
        return "attribution:{" + id + "}:" + what;
    }

    static <T> Optional<T> read(@Nullable Object row, Function<Map<String, String>, T> reader) {
        return row == null || row.equals("")
                ? Optional.empty()
                : Optional.of(reader.apply(JSON.fromJson((String) row, FIELDS)));
    }

    @Override
    public OfferRepository offers() {
        return new OfferRepository() {
            @Override
            public Map<String, Offer> find(Collection<String> offerIds) {
                return RedisAttributionStore.this.find(offerIds, id -> key("offer", id), TextFields::readOffer);
            }

            @Override
            public void put(Offer offer) {
                String row = JSON.toJson(TextFields.write(offer));
                each(List.of(offer.offerId()), (pipeline, id) -> pipeline.set(key("offer", id), row));
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
                        (pipeline, click) -> pipeline.setnx(
                                key("click", click.clickId().value()), JSON.toJson(TextFields.write(click))));
                Map<ClickId, Click> stored =
                        find(clicks.stream().map(Click::clickId).toList());
                for (Click click : clicks) {
                    if (!click.equals(stored.get(click.clickId()))) {
                        throw new AttributionException("The click id " + click.clickId()
                                + " already belongs to another click: the id generator has returned it twice");
                    }
                }
            }

            @Override
            public void clearFlags(Collection<ClickId> clickIds, Instant clearedAt) {
                List<Click> flagged = find(clickIds).values().stream()
                        .filter(click -> !click.isCreditable())
                        .toList();
                each(
                        flagged,
                        (pipeline, click) -> pipeline.eval(
                                REPLACE,
                                List.of(key("click", click.clickId().value())),
                                Stream.of(click, click.withFlagCleared(clearedAt))
                                        .map(row -> JSON.toJson(TextFields.write(row)))
                                        .toList()));
            }

            @Override
            public Map<ClickId, Click> find(Collection<ClickId> clickIds) {
                return RedisAttributionStore.this.find(clickIds, id -> key("click", id.value()), TextFields::readClick);
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
