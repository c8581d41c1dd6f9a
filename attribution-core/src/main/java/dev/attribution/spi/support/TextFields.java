package dev.attribution.spi.support;

import dev.attribution.StorageException;
import dev.attribution.click.Click;
import dev.attribution.click.ClickContext;
import dev.attribution.click.ClickFlag;
import dev.attribution.click.ClickId;
import dev.attribution.conversion.Conversion;
import dev.attribution.conversion.ConversionChange;
import dev.attribution.conversion.ConversionState;
import dev.attribution.conversion.ConversionStatus;
import dev.attribution.conversion.DuplicatePolicy;
import dev.attribution.history.HistoryEntry;
import dev.attribution.history.HistoryEntry.Origin;
import dev.attribution.offer.Offer;
import dev.attribution.postback.PostbackOutcome.Kind;
import dev.attribution.postback.Reason;
import java.math.BigDecimal;
import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.Currency;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.TreeMap;
import java.util.UUID;
import java.util.function.Function;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * Converts clicks, offers, conversions and history entries to texts by name and back, for stores that keep documents,
 * hashes or columns of text. Reading returns a value that equals the written one. An absent part has no field. Reading
 * ignores unknown fields, so an older version reads what a newer version wrote; a store that keeps every field also
 * keeps the fields that a newer version adds.
 */
public final class TextFields {
    private TextFields() {}

    /**
     * Writes a click.
     *
     * @param click the click
     * @return the fields, in a new map
     */
    public static NavigableMap<String, String> write(Click click) {
        ClickContext context = click.context();
        return new Writer()
                .put("clickId", click.clickId())
                .put("offerId", click.offerId())
                .put("memberId", click.memberId())
                .put("memberScope", click.memberScope())
                .put("clickedAt", click.clickedAt())
                .put("ip", context.ip())
                .put("userAgent", context.userAgent())
                .put("referrer", context.referrer())
                .putAll("extraName", context.extras().keySet())
                .putAll("extraValue", context.extras().values())
                .put("flag", click.flag().map(ClickFlag::rule))
                .put("flagClearedAt", click.flag().flatMap(ClickFlag::clearedAt))
                .fields;
    }

    /**
     * Reads a click.
     *
     * @param fields the fields that {@link #write(Click)} returned
     * @return the click
     * @throws StorageException if the fields do not describe a click
     */
    public static Click readClick(Map<String, String> fields) {
        return read("a click", fields, from -> {
            ClickContext.Builder context = ClickContext.builder()
                    .ip(from.text("ip"))
                    .userAgent(from.text("userAgent"))
                    .referrer(from.text("referrer"));
            List<String> values = from.all("extraValue");
            List<String> names = from.all("extraName");
            for (int i = 0; i < names.size(); i++) {
                context.extra(names.get(i), values.get(i));
            }
            return new Click(
                    from.required("clickId", ClickId::parse),
                    from.required("offerId", Function.identity()),
                    from.required("memberId", Function.identity()),
                    from.required("clickedAt", Instant::parse),
                    context.build(),
                    from.parsed("flag", Function.identity())
                            .map(rule -> new ClickFlag(rule, from.parsed("flagClearedAt", Instant::parse))),
                    from.required("memberScope", UUID::fromString));
        });
    }

    /**
     * Writes an offer.
     *
     * @param offer the offer
     * @return the fields, in a new map
     */
    public static NavigableMap<String, String> write(Offer offer) {
        return new Writer()
                .put("offerId", offer.offerId())
                .put("trackingLink", offer.trackingLink())
                .putAll("scheme", offer.linkRules().schemes())
                .putAll("literal", offer.linkRules().literals())
                .put("duplicatePolicy", offer.duplicatePolicy())
                .put("minimumDelay", offer.minimumDelay())
                .put("attributionWindow", offer.attributionWindow())
                .putAll("acceptedEvent", offer.acceptedEvents())
                .putAll("acceptedCaller", offer.acceptedCallers())
                .put("transactionIdRequired", offer.transactionIdRequired())
                .fields;
    }

    /**
     * Reads an offer.
     *
     * @param fields the fields that {@link #write(Offer)} returned
     * @return the offer
     * @throws StorageException if the fields do not describe an offer
     */
    public static Offer readOffer(Map<String, String> fields) {
        return read("an offer", fields, from -> {
            Offer.Builder offer = Offer.builder(from.required("offerId", Function.identity()))
                    .trackingLink(from.required("trackingLink", Function.identity()))
                    .minimumDelay(from.required("minimumDelay", Duration::parse))
                    .acceptedEvents(from.all("acceptedEvent"))
                    .acceptedCallers(from.all("acceptedCaller"));
            from.all("scheme").forEach(offer::allowScheme);
            from.all("literal").forEach(offer::literal);
            from.parsed("duplicatePolicy", DuplicatePolicy::parse).ifPresent(offer::duplicatePolicy);
            from.parsed("attributionWindow", Duration::parse).ifPresent(offer::attributionWindow);
            if (from.required("transactionIdRequired", Boolean::parseBoolean)) {
                offer.requireTransactionId();
            }
            return offer.build();
        });
    }

    /**
     * Writes a conversion.
     *
     * @param conversion the conversion
     * @return the fields, in a new map
     */
    public static NavigableMap<String, String> write(Conversion conversion) {
        return new Writer()
                .put("conversionId", conversion.conversionId())
                .put("attemptId", conversion.attemptId())
                .put("clickId", conversion.clickId())
                .put("offerId", conversion.offerId())
                .put("memberId", conversion.memberId())
                .put("memberScope", conversion.memberScope())
                .put("convertedAt", conversion.convertedAt())
                .put("transactionId", conversion.transactionId())
                .put("callKey", conversion.callKey())
                .putState("", conversion.state())
                .fields;
    }

    /**
     * Reads a conversion.
     *
     * @param fields the fields that {@link #write(Conversion)} returned
     * @return the conversion
     * @throws StorageException if the fields do not describe a conversion
     */
    public static Conversion readConversion(Map<String, String> fields) {
        return read(
                "a conversion",
                fields,
                from -> Conversion.builder(from.required("conversionId", UUID::fromString))
                        .attemptId(from.required("attemptId", UUID::fromString))
                        .credits(
                                from.required("clickId", ClickId::parse),
                                from.required("offerId", Function.identity()),
                                from.required("memberId", Function.identity()))
                        .memberScope(from.required("memberScope", UUID::fromString))
                        .convertedAt(from.required("convertedAt", Instant::parse))
                        .transactionId(from.text("transactionId"))
                        .callKey(from.text("callKey"))
                        .build()
                        .in(from.state("")));
    }

    /**
     * Writes a change of a conversion.
     *
     * @param change the change
     * @return the fields, in a new map
     */
    public static NavigableMap<String, String> write(ConversionChange change) {
        return new Writer().putState("before.", change.before()).putState("after.", change.after()).fields;
    }

    /**
     * Reads a change of a conversion.
     *
     * @param fields the fields that {@link #write(ConversionChange)} returned
     * @return the change
     * @throws StorageException if the fields do not describe a change
     */
    public static ConversionChange readChange(Map<String, String> fields) {
        return read("a change of a conversion", fields, Reader::change);
    }

    /**
     * Writes a history entry.
     *
     * @param entry the entry
     * @return the fields, in a new map
     */
    public static NavigableMap<String, String> write(HistoryEntry entry) {
        return new Writer()
                .put("attemptId", entry.attemptId())
                .put("receivedAt", entry.receivedAt())
                .put("kind", entry.kind())
                .put("reason", entry.reason())
                .put("receivedClickId", entry.receivedClickId())
                .put("clickId", entry.clickId())
                .put("offerId", entry.offerId())
                .put("memberId", entry.memberId())
                .put("eventId", entry.eventId())
                .put("transactionId", entry.transactionId())
                .put("conversionId", entry.conversionId())
                .putAll(entry.change().map(TextFields::write).orElseGet(TreeMap::new))
                .put("origin", entry.origin())
                .put("replayOf", entry.replayOf())
                .put("query", entry.query())
                .put("body", entry.body())
                .put("contentType", entry.contentType())
                .put("caller", entry.caller())
                .put("truncated", entry.truncated())
                .putAll("note", entry.notes())
                .fields;
    }

    /**
     * Reads a history entry.
     *
     * @param fields the fields that {@link #write(HistoryEntry)} returned
     * @return the entry
     * @throws StorageException if the fields do not describe a history entry
     */
    public static HistoryEntry readHistoryEntry(Map<String, String> fields) {
        return read(
                "a history entry",
                fields,
                from -> HistoryEntry.builder(from.required("attemptId", UUID::fromString))
                        .receivedAt(from.required("receivedAt", Instant::parse))
                        .outcome(
                                from.required("kind", Kind::valueOf),
                                from.parsed("reason", Reason::valueOf).orElse(null))
                        .clickId(
                                from.text("receivedClickId"),
                                from.parsed("clickId", ClickId::parse).orElse(null))
                        .click(from.text("offerId"), from.text("memberId"))
                        .eventId(from.text("eventId"))
                        .transactionId(from.text("transactionId"))
                        .conversionId(
                                from.parsed("conversionId", UUID::fromString).orElse(null))
                        .change(fields.containsKey("after.status") ? from.change() : null)
                        .origin(
                                from.required("origin", Origin::valueOf),
                                from.parsed("replayOf", UUID::fromString).orElse(null))
                        .query(
                                from.required("query", Function.identity()),
                                from.required("truncated", Boolean::parseBoolean))
                        .body(from.required("body", Function.identity()), from.text("contentType"))
                        .caller(from.required("caller", Function.identity()))
                        .notes(from.all("note"))
                        .build());
    }

    private static <T> T read(String what, Map<String, String> fields, Function<Reader, T> reader) {
        try {
            return reader.apply(new Reader(fields));
        } catch (RuntimeException e) {
            throw new StorageException("The stored fields do not describe " + what + ": see the cause", false, e);
        }
    }

    private static final class Writer {
        private final NavigableMap<String, String> fields = new TreeMap<>();

        Writer put(String name, Object value) {
            fields.put(name, value.toString());
            return this;
        }

        Writer put(String name, Optional<?> value) {
            value.ifPresent(present -> put(name, present));
            return this;
        }

        Writer putState(String prefix, ConversionState state) {
            return put(prefix + "status", state.status())
                    .put(prefix + "revision", state.revision())
                    .put(prefix + "reservation", state.isReservation())
                    .put(prefix + "eventId", state.eventId())
                    .put(prefix + "payout", state.payout())
                    .put(prefix + "currency", state.currency())
                    .put(prefix + "approvedAt", state.approvedAt())
                    .put(prefix + "reversedAt", state.reversedAt())
                    .put(prefix + "reinstatedAt", state.reinstatedAt());
        }

        Writer putAll(Map<String, String> others) {
            fields.putAll(others);
            return this;
        }

        Writer putAll(String name, Collection<String> values) {
            int i = 0;
            for (String value : values) {
                put(name + "." + i, value);
                i++;
            }
            return this;
        }
    }

    private record Reader(Map<String, String> fields) {
        @Nullable
        String text(String name) {
            return fields.get(name);
        }

        <T> Optional<T> parsed(String name, Function<String, T> parser) {
            return Optional.ofNullable(fields.get(name)).map(parser);
        }

        ConversionState state(String prefix) {
            return new ConversionState(
                    required(prefix + "status", ConversionStatus::valueOf),
                    required(prefix + "revision", Integer::parseInt),
                    required(prefix + "reservation", Boolean::parseBoolean),
                    parsed(prefix + "eventId", Function.identity()),
                    parsed(prefix + "payout", BigDecimal::new),
                    parsed(prefix + "currency", Currency::getInstance),
                    parsed(prefix + "approvedAt", Instant::parse),
                    parsed(prefix + "reversedAt", Instant::parse),
                    parsed(prefix + "reinstatedAt", Instant::parse));
        }

        ConversionChange change() {
            return new ConversionChange(state("before."), state("after."));
        }

        <T> T required(String name, Function<String, T> parser) {
            return parsed(name, parser)
                    .orElseThrow(() -> new IllegalArgumentException("The field '" + name + "' is missing"));
        }

        List<String> all(String name) {
            return IntStream.iterate(0, i -> fields.containsKey(name + "." + i), i -> i + 1)
                    .mapToObj(i -> required(name + "." + i, Function.identity()))
                    .toList();
        }
    }
}
