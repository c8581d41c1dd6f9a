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
import dev.attribution.spi.Settlement.Change;
import dev.attribution.spi.Settlement.Credit;
import dev.attribution.spi.Settlement.Effect;
import dev.attribution.spi.support.TextFields;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Scanner;
import java.util.UUID;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
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
                                keys(query.clickId().uuid(), Optional.ofNullable(query.eventId())),
                                Stream.of(query.callKey(), query.status().name(), query.eventId())
                                        .map(text -> Objects.requireNonNullElse(text, ""))
                                        .toList()))
                .stream()
                .map(answer -> (List<?>) answer)
                .map(facts -> new Facts(
                        (Long) facts.get(0),
                        conversion(facts.get(1)),
                        conversion(facts.get(2)),
                        conversion(facts.get(3)),
                        facts.get(4).equals(1L)))
                .toList();
    }

    private static Optional<Conversion> conversion(@Nullable Object row) {
        return read(row, TextFields::readConversion);
    }

    /** Finds the click of each conversion first: it leads to the hash slot in which the conversion is. */
    @Override
    public Map<UUID, Conversion> findConversions(Collection<UUID> conversionIds) {
        List<UUID> ids = conversionIds.stream().distinct().toList();
        List<String> clicks = store.each(ids, (pipeline, id) -> pipeline.get(clickOf(id)));
        return store
                .each(
                        IntStream.range(0, ids.size()).boxed().toList(),
                        (pipeline, i) -> pipeline.hget(
                                key("conversions", Objects.requireNonNullElse(clicks.get(i), "none")),
                                ids.get(i).toString()))
                .stream()
                .flatMap(row -> conversion(row).stream())
                .collect(Collectors.toMap(Conversion::conversionId, Function.identity()));
    }

    private static String clickOf(UUID conversionId) {
        return key("click of conversion", conversionId.toString());
    }

    @Override
    public List<AppendResult> append(List<Settlement> settlements) {
        refuse(settlements.stream().anyMatch(RedisConversions::needsMember));
        Map<ClickId, List<List<String>>> effects = new HashMap<>();
        List<List<String>> arguments = settlements.stream()
                .map(settlement -> arguments(settlement, effects))
                .toList();
        List<Conversion> made = settlements.stream()
                .flatMap(settlement -> settlement.effect().stream().map(Effect::conversion))
                .filter(conversion -> conversion.revision() == 1)
                .toList();
        store.each( // before the conversions: what is stored can be found
                made,
                (pipeline, conversion) -> pipeline.set(
                        clickOf(conversion.conversionId()), conversion.clickId().value()));
        return store
                .each(
                        IntStream.range(0, settlements.size()).boxed().toList(),
                        (pipeline, i) -> pipeline.eval(APPEND, keys(settlements.get(i)), arguments.get(i)))
                .stream()
                .map(answer -> result((List<?>) answer))
                .toList();
    }

    private static boolean needsMember(Settlement settlement) {
        return settlement.credit().flatMap(Credit::exclusiveScope).isPresent()
                || settlement.change().flatMap(Change::exclusiveScope).isPresent();
    }

    /** The keys of both scripts, all in the hash slot of the click, or of the attempt if there is no click. */
    private static List<String> keys(UUID id, Optional<String> eventId) {
        Stream<String> all = Stream.of("conversions", "calls", "slots", "history", "order");
        return Stream.concat(all, ofEvent(eventId))
                .map(what -> key(what, id.toString()))
                .toList();
    }

    private static Stream<String> ofEvent(Optional<String> eventId) {
        String event = eventId.map(id -> " of event " + id).orElse(" without event");
        return Stream.of("order" + event, "unnamed" + event, "pending" + event);
    }

    private static List<String> keys(Settlement settlement) {
        HistoryEntry entry = settlement.entry();
        UUID id = entry.clickId().map(ClickId::uuid).orElse(entry.attemptId());
        Optional<Conversion> after = settlement.effect().map(Effect::conversion);
        Optional<Conversion> before = settlement.change().map(Change::before).or(() -> after);
        return Stream.concat(
                        keys(id, after.flatMap(Conversion::eventId)).stream(),
                        ofEvent(before.flatMap(Conversion::eventId)).map(what -> key(what, id.toString())))
                .toList();
    }

    /** The arguments of the script. A settlement names the effects of its click before it in the list. */
    private static List<String> arguments(Settlement settlement, Map<ClickId, List<List<String>>> effects) {
        HistoryEntry entry = settlement.entry();
        List<String> arguments = new ArrayList<>();
        arguments.add(entry.attemptId().toString());
        arguments.add(JSON.toJson(TextFields.write(entry)));
        arguments.add(JSON.toJson(entry.clickId().map(effects::get).orElse(List.of())));
        settlement.effect().ifPresent(effect -> {
            Conversion conversion = effect.conversion();
            OptionalLong slot = effect instanceof Credit credit
                    ? OptionalLong.of(credit.slot())
                    : settlement.change().map(Change::slot).orElse(OptionalLong.empty());
            arguments.add(conversion.conversionId().toString());
            arguments.add(JSON.toJson(TextFields.write(conversion)));
            arguments.add(Integer.toString(conversion.revision() - 1));
            arguments.add(Long.toString(ChronoUnit.MICROS.between(Instant.EPOCH, conversion.convertedAt())));
            arguments.add(slot.isPresent() ? Long.toString(slot.getAsLong()) : "");
            arguments.add(effect instanceof Change ? "" : conversion.callKey().orElse(""));
            effects.computeIfAbsent(conversion.clickId(), click -> new ArrayList<>())
                    .add(List.of(arguments.get(0), arguments.get(3), Integer.toString(conversion.revision())));
        });
        return arguments;
    }

    private static AppendResult result(List<?> answer) {
        return switch ((String) answer.get(0)) {
            case "appended" -> new AppendResult.Appended();
            case "stale" -> new AppendResult.Stale();
            default ->
                new AppendResult.Known(
                        read(answer.get(1), TextFields::readHistoryEntry).orElseThrow(), conversion(answer.get(2)));
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
