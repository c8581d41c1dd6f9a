package dev.attribution.examples.redis;

import static dev.attribution.examples.redis.RedisAttributionStore.JSON;
import static dev.attribution.examples.redis.RedisAttributionStore.key;
import static dev.attribution.examples.redis.RedisAttributionStore.read;

import dev.attribution.UnsupportedPolicyException;
import dev.attribution.click.ClickId;
import dev.attribution.conversion.Conversion;
import dev.attribution.conversion.Facts;
import dev.attribution.conversion.Scope;
import dev.attribution.history.HistoryEntry;
import dev.attribution.spi.AppendResult;
import dev.attribution.spi.ConversionRepository;
import dev.attribution.spi.FactsQuery;
import dev.attribution.spi.Settlement;
import dev.attribution.spi.Settlement.Credit;
import dev.attribution.spi.support.TextFields;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Scanner;
import java.util.UUID;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Conversions and history. One script per settlement makes it atomic: Redis runs a script alone and completely. */
record RedisConversions(RedisAttributionStore store) implements ConversionRepository {
    private static final String APPEND = script("append.lua");
    private static final String FACTS = script("facts.lua");

    @Override
    public List<Facts> facts(List<FactsQuery> queries) {
        refuse(queries.stream().anyMatch(query -> query.scope() instanceof Scope.OfMember));
        return store
                .each(
                        queries,
                        (pipeline, query) -> pipeline.eval(
                                FACTS,
                                keys(query.scope().key(), query.eventId(), ""),
                                List.of(Objects.requireNonNullElse(query.transactionId(), ""))))
                .stream()
                .map(answer -> (List<?>) answer)
                .map(facts -> new Facts((Long) facts.get(0), won(facts.get(1)), won(facts.get(2)), won(facts.get(3))))
                .toList();
    }

    private static Optional<Conversion> won(@Nullable Object row) {
        return read(row, TextFields::readConversion);
    }

    @Override
    public List<AppendResult> append(List<Settlement> settlements) {
        refuse(settlements.stream()
                .anyMatch(one -> one.credit().flatMap(Credit::exclusiveScope).isPresent()));
        String list = UUID.randomUUID().toString();
        return store
                .each(settlements, (pipeline, one) -> pipeline.eval(APPEND, keys(one.entry(), list), arguments(one)))
                .stream()
                .map(answer -> result((List<?>) answer))
                .toList();
    }

    /** The keys of both scripts, all in the hash slot of the click, or of the attempt if there is no click. */
    private static List<String> keys(UUID id, @Nullable String eventId, String list) {
        String order = eventId != null ? "order of event " + eventId : "order without event";
        return Stream.of("conversions", "order", order, "transactions", "slots", "history", "broken " + list)
                .map(what -> key(what, id.toString()))
                .toList();
    }

    private static List<String> keys(HistoryEntry entry, String list) {
        UUID id = entry.clickId().map(ClickId::uuid).orElse(entry.attemptId());
        return keys(id, entry.eventId().orElse(null), list);
    }

    private static List<String> arguments(Settlement settlement) {
        List<String> arguments = new ArrayList<>(
                List.of(settlement.entry().attemptId().toString(), JSON.toJson(TextFields.write(settlement.entry()))));
        settlement.credit().ifPresent(credit -> {
            Conversion won = credit.conversion();
            arguments.add(won.conversionId().toString());
            arguments.add(JSON.toJson(TextFields.write(won)));
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
                        read(answer.get(1), TextFields::readHistoryEntry).orElseThrow(), won(answer.get(2)));
        };
    }

    private static void refuse(boolean needsMember) {
        if (needsMember) {
            throw new UnsupportedPolicyException("The store on Redis");
        }
    }

    private static String script(String name) {
        try (Scanner script = new Scanner(RedisConversions.class.getResourceAsStream(name), StandardCharsets.UTF_8)) {
            return script.useDelimiter("\\A").next();
        }
    }
}
