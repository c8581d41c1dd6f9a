package dev.attribution.examples.redis;

import static dev.attribution.examples.redis.RedisAttributionStore.key;

import dev.attribution.UnsupportedPolicyException;
import dev.attribution.conversion.Conversion;
import dev.attribution.conversion.Facts;
import dev.attribution.conversion.Scope;
import dev.attribution.spi.AppendResult;
import dev.attribution.spi.ConversionRepository;
import dev.attribution.spi.FactsQuery;
import dev.attribution.spi.Settlement;
import dev.attribution.spi.Settlement.Credit;
import dev.attribution.spi.TextFields;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Conversions and history. A script for each settlement makes it atomic: Redis runs one at a time, and all of it. */
final class RedisConversions implements ConversionRepository {
    private static final String APPEND = script("append.lua");
    private static final String FACTS = script("facts.lua");

    private final RedisAttributionStore store;

    RedisConversions(RedisAttributionStore store) {
        this.store = store;
    }

    @Override
    public List<Facts> facts(List<FactsQuery> queries) {
        refuse(queries.stream().anyMatch(query -> query.scope() instanceof Scope.OfMember));
        return store
                .each(queries, pipeline -> query -> {
                    String click = query.scope().key().toString();
                    List<String> keys = List.of(
                            key("conversions", click),
                            key("order", click),
                            eventKey(query.eventId(), click),
                            key("transactions", click));
                    return pipeline.eval(
                            FACTS, keys, List.of(query.transactionId().orElse("")));
                })
                .stream()
                .map(answer -> (List<?>) answer)
                .map(facts ->
                        new Facts((Long) facts.get(0), read(facts.get(1)), read(facts.get(2)), read(facts.get(3))))
                .toList();
    }

    private static Optional<Conversion> read(@Nullable Object row) {
        return Rows.read(row, TextFields::conversion);
    }

    @Override
    public List<AppendResult> append(List<Settlement> settlements) {
        refuse(settlements.stream()
                .anyMatch(one -> one.credit().flatMap(Credit::sole).isPresent()));
        return store.each(settlements, pipeline -> one -> pipeline.eval(APPEND, keys(one), arguments(one))).stream()
                .map(answer -> result((List<?>) answer))
                .toList();
    }

    private static List<String> keys(Settlement settlement) {
        String click = settlement
                .entry()
                .clickId()
                .map(Object::toString)
                .orElse(settlement.entry().attemptId().toString());
        return List.of(
                key("history", click),
                key("conversions", click),
                key("order", click),
                eventKey(settlement.entry().eventId(), click),
                key("slots", click),
                key("transactions", click));
    }

    private static String eventKey(Optional<String> eventId, String click) {
        return key(eventId.map(id -> "order of event " + id).orElse("order without event"), click);
    }

    private static List<String> arguments(Settlement settlement) {
        List<String> arguments = new ArrayList<>(
                List.of(settlement.entry().attemptId().toString(), Rows.write(TextFields.of(settlement.entry()))));
        settlement.credit().ifPresent(credit -> {
            Conversion won = credit.conversion();
            arguments.add(won.conversionId().toString());
            arguments.add(Rows.write(TextFields.of(won)));
            arguments.add(Long.toString(credit.slot()));
            arguments.add(Long.toString(ChronoUnit.MICROS.between(Instant.EPOCH, won.convertedAt())));
            arguments.add(won.transactionId().orElse(""));
        });
        return arguments;
    }

    private static AppendResult result(List<?> answer) {
        return switch ((String) answer.get(0)) {
            case "appended" -> new AppendResult.Appended();
            case "stale" -> new AppendResult.Stale();
            default ->
                new AppendResult.Known(
                        Rows.read(answer.get(1), TextFields::historyEntry).orElseThrow(), read(answer.get(2)));
        };
    }

    private static void refuse(boolean needsMember) {
        if (needsMember) {
            throw new UnsupportedPolicyException("The store on Redis");
        }
    }

    private static String script(String name) {
        try (InputStream script = Objects.requireNonNull(RedisConversions.class.getResourceAsStream(name), name)) {
            return new String(script.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
