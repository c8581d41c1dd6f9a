package dev.attribution.testkit.contract;

import dev.attribution.click.Click;
import dev.attribution.click.ClickContext;
import dev.attribution.click.ClickFlag;
import dev.attribution.click.ClickId;
import dev.attribution.conversion.Conversion;
import dev.attribution.conversion.ConversionChange;
import dev.attribution.conversion.ConversionState;
import dev.attribution.conversion.ConversionStatus;
import dev.attribution.conversion.DuplicatePolicy;
import dev.attribution.conversion.Facts;
import dev.attribution.history.HistoryEntry;
import dev.attribution.history.HistoryEntry.Origin;
import dev.attribution.offer.Offer;
import dev.attribution.postback.Caller;
import dev.attribution.postback.PostbackOutcome.Kind;
import dev.attribution.postback.Reason;
import dev.attribution.report.CallerCounts;
import dev.attribution.report.Cursor;
import dev.attribution.report.Day;
import dev.attribution.report.Payouts;
import dev.attribution.report.ReportFilter;
import dev.attribution.report.SummaryRow;
import dev.attribution.spi.AppendResult;
import dev.attribution.spi.FactsQuery;
import dev.attribution.spi.LookUpQuery;
import dev.attribution.spi.Settlement;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.text.Normalizer;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.Comparator;
import java.util.Currency;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.TreeMap;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.BiFunction;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.function.UnaryOperator;
import java.util.stream.Collectors;

/**
 * Generates stores that are wrong in one way: each field of each value, folded, cut, dropped or rounded, as it is written
 * and as each method reads it; each list, cut and reordered; each place, folded, divided by time, kept per instance,
 * forgotten; each answer, cached; each look, apart from its write; each condition of a report, ignored.
 */
@SuppressWarnings({ // wrong on purpose
    "JavaInstantGetSecondsGetNano",
    "UnnecessaryLongToIntConversion",
    "OperatorPrecedence",
    "ReturnValueIgnored",
    "ReferenceEquality",
    "UnusedVariable"
})
final class StoreGenerator {
    private static final ZoneId BERLIN = ZoneId.of("Europe/Berlin");
    private static final ZoneId NEW_YORK = ZoneId.of("America/New_York");

    private final List<Fault> faults = new ArrayList<>();

    private StoreGenerator() {}

    static List<Fault> faults() {
        StoreGenerator generator = new StoreGenerator();
        generator.fields();
        generator.lists();
        generator.places();
        generator.caches();
        generator.races();
        generator.factsAndLookUps();
        generator.statuses();
        generator.reports();
        generator.sideEffects();
        return List.copyOf(generator.faults);
    }

    private <T> void add(String joint, String name, Function<T, ?> wrong) {
        with(joint, name, (T value, PlainStore store) -> wrong.apply(value));
    }

    @SuppressWarnings("unchecked")
    private <T> void with(String joint, String name, BiFunction<T, PlainStore, ? extends Object> wrong) {
        faults.add(Fault.of(joint, name, (value, store) -> wrong.apply((T) value, store)));
    }

    private void harmless(String reason) {
        faults.set(faults.size() - 1, faults.get(faults.size() - 1).harmlessSince(reason));
    }

    // --- fields

    /** What stores do to texts. */
    static Map<String, UnaryOperator<String>> texts() {
        Map<String, UnaryOperator<String>> texts = new LinkedHashMap<>();
        texts.put("folded to lower case", text -> text.toLowerCase(Locale.ROOT));
        texts.put("folded to upper case", text -> text.toUpperCase(Locale.ROOT));
        texts.put("stripped", String::strip);
        texts.put("stripped at the end", String::stripTrailing);
        texts.put("composed", text -> Normalizer.normalize(text, Normalizer.Form.NFC));
        texts.put("decomposed", text -> Normalizer.normalize(text, Normalizer.Form.NFD));
        texts.put("folded by compatibility", text -> Normalizer.normalize(text, Normalizer.Form.NFKC));
        texts.put("kept in Latin-1", text -> text.replaceAll("[^\\x00-\\xff]", "?"));
        texts.put("kept without a second plane", text -> text.replaceAll("[^\\x{0}-\\x{ffff}]", "\ufffd"));
        texts.put("cut after 100", text -> text.substring(0, Math.min(100, text.length())));
        texts.put("cut after 254", text -> text.substring(0, Math.min(254, text.length())));
        texts.put("read as a number", text -> text.matches("[0-9]{1,18}") ? Long.toString(Long.parseLong(text)) : text);
        texts.put("without what collations ignore", text -> text.replaceAll("[\\u00ad\\u200b\\ufeff]", ""));
        texts.put("with plain blanks", text -> text.replace('\u00a0', ' '));
        return texts;
    }

    /** What stores do to free texts besides. */
    static Map<String, UnaryOperator<String>> freeTexts() {
        Map<String, UnaryOperator<String>> texts = texts();
        texts.put("cut after 1,000", text -> text.substring(0, Math.min(1_000, text.length())));
        texts.put("without control characters", text -> text.replaceAll("\\p{Cc}", ""));
        texts.put("with plain line ends", text -> text.replace("\r\n", "\n"));
        return texts;
    }

    /** What few methods do to texts; for each reading method. */
    private static Map<String, UnaryOperator<String>> some(Map<String, UnaryOperator<String>> all) {
        Map<String, UnaryOperator<String>> some = new LinkedHashMap<>(all);
        some.keySet().retainAll(Set.of("folded to lower case", "stripped", "cut after 254"));
        return some;
    }

    private static Map<String, UnaryOperator<Instant>> instants() {
        Map<String, UnaryOperator<Instant>> instants = new LinkedHashMap<>();
        instants.put("cut to milliseconds", instant -> instant.truncatedTo(ChronoUnit.MILLIS));
        instants.put("cut to seconds", instant -> instant.truncatedTo(ChronoUnit.SECONDS));
        instants.put("cut to ten microseconds", instant -> instant.minusNanos(instant.getNano() % 10_000));
        instants.put("kept as a time in Berlin", instant -> local(instant, BERLIN));
        instants.put("kept as a time in New York", instant -> local(instant, NEW_YORK));
        instants.put("never before 1970", instant -> instant.isBefore(Instant.EPOCH) ? Instant.EPOCH : instant);
        instants.put(
                "kept in 32 bits", instant -> Instant.ofEpochSecond((int) instant.getEpochSecond(), instant.getNano()));
        return instants;
    }

    private static Instant local(Instant instant, ZoneId zone) {
        return LocalDateTime.ofInstant(instant, zone).atZone(zone).toInstant();
    }

    private static Map<String, UnaryOperator<UUID>> uuids() {
        Map<String, UnaryOperator<UUID>> uuids = new LinkedHashMap<>();
        uuids.put("kept by half", id -> new UUID(id.getMostSignificantBits(), 0));
        uuids.put(
                "given a version",
                id -> new UUID(id.getMostSignificantBits() & ~0xF000L | 0x4000L, id.getLeastSignificantBits()));
        return uuids;
    }

    private interface Setter<T, F> {
        T set(T value, F field);
    }

    /** Adds a fault for each way in which a field may go wrong at a joint. */
    private <T, F> void field(
            String joint, String name, Map<String, UnaryOperator<F>> ways, Function<T, F> getter, Setter<T, F> setter) {
        ways.forEach((way, wrong) ->
                add(joint, name + " " + way, (T value) -> setter.set(value, wrong.apply(getter.apply(value)))));
    }

    private <T, F> void optional(
            String joint,
            String name,
            Map<String, UnaryOperator<F>> ways,
            Function<T, Optional<F>> getter,
            Setter<T, Optional<F>> setter) {
        ways.forEach((way, wrong) -> add(
                joint,
                name + " " + way,
                (T value) -> setter.set(value, getter.apply(value).map(wrong))));
        add(joint, name + " dropped", (T value) -> setter.set(value, Optional.empty()));
    }

    private <T> void free(
            String joint,
            String name,
            Map<String, UnaryOperator<String>> ways,
            Function<T, Optional<String>> getter,
            Setter<T, Optional<String>> setter) {
        optional(joint, name, ways, getter, setter);
        add(
                joint,
                name + " absent where empty",
                (T value) -> setter.set(value, getter.apply(value).filter(text -> !text.isEmpty())));
        add(
                joint,
                name + " empty where absent",
                (T value) -> setter.set(value, Optional.of(getter.apply(value).orElse(""))));
    }

    private <T> void texts(
            String joint,
            String name,
            Map<String, UnaryOperator<String>> ways,
            Function<T, List<String>> getter,
            Setter<T, List<String>> setter) {
        Map<String, UnaryOperator<List<String>>> lists = new LinkedHashMap<>();
        ways.forEach(
                (way, wrong) -> lists.put(way, list -> list.stream().map(wrong).toList()));
        lists.put("dropped", list -> List.of());
        lists.put("cut after the first", list -> list.subList(0, Math.min(1, list.size())));
        lists.put(
                "without empty ones",
                list -> list.stream().filter(text -> !text.isEmpty()).toList());
        lists.put("cut after 10", list -> list.subList(0, Math.min(10, list.size())));
        lists.put("cut after 50", list -> list.subList(0, Math.min(50, list.size())));
        lists.put("sorted", list -> list.stream().sorted().toList());
        lists.put("reversed", StoreGenerator::reversed);
        lists.put("without repeats", list -> list.stream().distinct().toList());
        lists.put(
                "joined by commas",
                list -> list.isEmpty() ? list : List.of(String.join(",", list).split(",", -1)));
        field(joint, name, lists, getter, setter);
    }

    private static <T> List<T> reversed(List<T> list) {
        List<T> reversed = new ArrayList<>(list);
        Collections.reverse(reversed);
        return reversed;
    }

    private void fields() {
        clickFields("insert click", texts(), freeTexts());
        for (String joint : List.of("clicks.find click", "lookUp click", "reports.clicks row")) {
            clickFields(joint, some(texts()), some(texts()));
        }
        offerFields("put offer", texts());
        for (String joint : List.of("offers.find offer", "lookUp offer")) {
            offerFields(joint, some(texts()));
        }
        conversionFields("append conversion", texts());
        for (String joint : List.of(
                "facts first",
                "facts sameEvent",
                "facts addressed",
                "findConversions row",
                "known conversion",
                "reports.conversions row")) {
            conversionFields(joint, some(texts()));
        }
        entryFields("append entry", texts(), freeTexts());
        for (String joint : List.of("known entry", "reports.history row", "reports.several row")) {
            entryFields(joint, some(texts()), some(texts()));
        }
    }

    private void clickFields(
            String joint, Map<String, UnaryOperator<String>> ids, Map<String, UnaryOperator<String>> free) {
        field(
                joint,
                "offer id",
                ids,
                Click::offerId,
                (click, id) -> new Click(
                        click.clickId(),
                        id,
                        click.memberId(),
                        click.clickedAt(),
                        click.context(),
                        click.flag(),
                        click.memberScope()));
        field(
                joint,
                "member id",
                ids,
                Click::memberId,
                (click, id) -> new Click(
                        click.clickId(),
                        click.offerId(),
                        id,
                        click.clickedAt(),
                        click.context(),
                        click.flag(),
                        click.memberScope()));
        field(
                joint,
                "time",
                instants(),
                Click::clickedAt,
                (click, at) -> new Click(
                        click.clickId(),
                        click.offerId(),
                        click.memberId(),
                        at,
                        click.context(),
                        click.flag(),
                        click.memberScope()));
        free(
                joint,
                "ip",
                free,
                (Click click) -> click.context().ip(),
                (click, ip) -> withContext(click, copy(click.context()).ip(ip.orElse(null))));
        free(
                joint,
                "user agent",
                free,
                (Click click) -> click.context().userAgent(),
                (click, agent) -> withContext(click, copy(click.context()).userAgent(agent.orElse(null))));
        free(
                joint,
                "referrer",
                free,
                (Click click) -> click.context().referrer(),
                (click, referrer) -> withContext(click, copy(click.context()).referrer(referrer.orElse(null))));
        add(joint, "flag dropped", (Click click) -> click.with(null));
        add(
                joint,
                "flag never cleared",
                (Click click) -> click.with(
                        click.flag().map(flag -> ClickFlag.of(flag.rule())).orElse(null)));
        add(joint, "flag always cleared", (Click click) -> click.withFlagCleared(click.clickedAt()));
        Map<String, UnaryOperator<Map<String, String>>> extras = new LinkedHashMap<>();
        extras.put("dropped", map -> Map.of());
        extras.put("sorted", TreeMap::new);
        extras.put(
                "cut after 10",
                map -> map.entrySet().stream()
                        .limit(10)
                        .collect(Collectors.toMap(Map.Entry::getKey, Map.Entry::getValue)));
        extras.put(
                "without empty values",
                map -> map.entrySet().stream()
                        .filter(extra -> !extra.getValue().isEmpty())
                        .collect(Collectors.toMap(Map.Entry::getKey, Map.Entry::getValue)));
        free.forEach((way, wrong) -> {
            if (!way.startsWith("cut after")
                    && !way.equals("without control characters")
                    && !way.contains("line ends")) {
                extras.put(
                        "named " + way,
                        map -> map.entrySet().stream()
                                .collect(Collectors.toMap(
                                        extra -> wrong.apply(extra.getKey()), Map.Entry::getValue, (one, two) -> two)));
            }
            extras.put(
                    "with values " + way,
                    map -> map.entrySet().stream()
                            .collect(Collectors.toMap(Map.Entry::getKey, extra -> wrong.apply(extra.getValue()))));
        });
        extras.forEach((way, wrong) -> {
            add(joint, "extras " + way, (Click click) -> {
                ClickContext.Builder context = ClickContext.builder()
                        .ip(click.context().ip().orElse(null))
                        .userAgent(click.context().userAgent().orElse(null))
                        .referrer(click.context().referrer().orElse(null));
                wrong.apply(click.context().extras()).forEach(context::extra);
                return withContext(click, context);
            });
            if (way.equals("sorted")) {
                harmless("contexts are equal in whatever order their extras are");
            }
        });
    }

    private static Click withContext(Click click, ClickContext.Builder context) {
        return new Click(
                click.clickId(),
                click.offerId(),
                click.memberId(),
                click.clickedAt(),
                context.build(),
                click.flag(),
                click.memberScope());
    }

    private static ClickContext.Builder copy(ClickContext context) {
        ClickContext.Builder copy = ClickContext.builder()
                .ip(context.ip().orElse(null))
                .userAgent(context.userAgent().orElse(null))
                .referrer(context.referrer().orElse(null));
        context.extras().forEach(copy::extra);
        return copy;
    }

    private static final class OfferCopy {
        String link;
        List<String> schemes;
        List<String> literals;
        Optional<DuplicatePolicy> policy;
        Duration delay;
        Optional<Duration> window;
        List<String> events;
        boolean required;

        OfferCopy(Offer offer) {
            link = offer.trackingLink();
            schemes = List.copyOf(offer.linkRules().schemes());
            literals = List.copyOf(offer.linkRules().literals());
            policy = offer.duplicatePolicy();
            delay = offer.minimumDelay();
            window = offer.attributionWindow();
            events = List.copyOf(offer.acceptedEvents());
            required = offer.transactionIdRequired();
        }

        Offer build(String id) {
            Offer.Builder copy =
                    Offer.builder(id).trackingLink(link).minimumDelay(delay).acceptedEvents(events);
            schemes.forEach(copy::allowScheme);
            literals.forEach(copy::literal);
            policy.ifPresent(copy::duplicatePolicy);
            window.ifPresent(copy::attributionWindow);
            return required ? copy.requireTransactionId().build() : copy.build();
        }
    }

    private static <F> Setter<Offer, F> setting(BiFunction<OfferCopy, F, ?> setter) {
        return (offer, field) -> {
            OfferCopy copy = new OfferCopy(offer);
            setter.apply(copy, field);
            return copy.build(offer.offerId());
        };
    }

    private void offerFields(String joint, Map<String, UnaryOperator<String>> ids) {
        field(joint, "link", ids, Offer::trackingLink, setting((copy, link) -> copy.link = link));
        markLinks(joint);
        int first = faults.size();
        texts(
                joint,
                "schemes",
                ids,
                offer -> sorted(offer.linkRules().schemes()),
                setting((copy, some) -> copy.schemes = some));
        markSets(first, true);
        first = faults.size();
        texts(
                joint,
                "literals",
                ids,
                offer -> sorted(offer.linkRules().literals()),
                setting((copy, some) -> copy.literals = some));
        markSets(first, false);
        first = faults.size();
        texts(
                joint,
                "accepted events",
                ids,
                offer -> sorted(offer.acceptedEvents()),
                setting((copy, some) -> copy.events = some));
        markSets(first, false);
        optional(
                joint,
                "policy",
                Map.of(
                        "of the default",
                        policy -> DuplicatePolicy.onePerClickAndMember(),
                        "limited to 127",
                        policy -> policy.toString().length() > "at-most-127".length()
                                        && policy.toString().startsWith("at-most-")
                                ? DuplicatePolicy.atMost(127)
                                : policy),
                Offer::duplicatePolicy,
                setting((copy, policy) -> copy.policy = policy));
        Map<String, UnaryOperator<Duration>> durations = Map.of(
                "cut to milliseconds",
                duration -> duration.truncatedTo(ChronoUnit.MILLIS),
                "cut to seconds",
                duration -> duration.truncatedTo(ChronoUnit.SECONDS),
                "of a year at most",
                duration -> duration.toDays() > 365 ? Duration.ofDays(365) : duration);
        field(joint, "minimum delay", durations, Offer::minimumDelay, setting((copy, delay) -> copy.delay = delay));
        optional(joint, "window", durations, Offer::attributionWindow, setting((copy, window) -> copy.window = window));
        field(
                joint,
                "required transaction id",
                Map.of("false", required -> false, "true", required -> true),
                Offer::transactionIdRequired,
                setting((copy, required) -> copy.required = required));
    }

    private void markLinks(String joint) {
        faults.replaceAll(fault -> fault.toString().equals(joint + ": link read as a number")
                ? fault.harmlessSince("a link is never a number")
                : fault);
    }

    private static List<String> sorted(Collection<String> texts) {
        return texts.stream().sorted().toList();
    }

    /** Marks what cannot show in a set, and in schemes. */
    private void markSets(int first, boolean areSchemes) {
        for (int i = first; i < faults.size(); i++) {
            String name = faults.get(i).name();
            if (name.endsWith(" sorted") || name.endsWith(" reversed") || name.endsWith(" without repeats")) {
                faults.set(i, faults.get(i).harmlessSince("it is a set"));
            } else if (name.endsWith(" without empty ones")) {
                faults.set(i, faults.get(i).harmlessSince("none of its texts is empty"));
            } else if (areSchemes
                    && !name.endsWith(" dropped")
                    && !name.endsWith(" the first")
                    && !name.matches(".*cut after (10|50)")) {
                faults.set(
                        i,
                        faults.get(i)
                                .harmlessSince("schemes are kept in lower case, of 64 letters, digits and + . - only"));
            }
        }
    }

    private void conversionFields(String joint, Map<String, UnaryOperator<String>> ids) {
        field(
                joint,
                "offer id",
                ids,
                Conversion::offerId,
                (won, id) -> Broken.copy(won)
                        .credits(won.clickId(), id, won.memberId())
                        .build());
        field(
                joint,
                "member id",
                ids,
                Conversion::memberId,
                (won, id) -> Broken.copy(won)
                        .credits(won.clickId(), won.offerId(), id)
                        .build());
        field(
                joint,
                "time",
                instants(),
                Conversion::convertedAt,
                (won, at) -> Broken.copy(won).convertedAt(at).build());
        optional(
                joint,
                "event id",
                ids,
                Conversion::eventId,
                (won, id) -> Broken.copy(won).eventId(id.orElse(null)).build());
        optional(
                joint,
                "transaction id",
                ids,
                Conversion::transactionId,
                (won, id) -> won.isReservation() && id.isEmpty()
                        ? won
                        : Broken.copy(won).transactionId(id.orElse(null)).build());
        Map<String, UnaryOperator<BigDecimal>> amounts = new LinkedHashMap<>();
        amounts.put("without its scale", BigDecimal::stripTrailingZeros);
        amounts.put("kept with two digits", amount -> amount.setScale(2, RoundingMode.HALF_UP));
        amounts.put("kept with four digits", amount -> amount.setScale(4, RoundingMode.HALF_UP));
        amounts.put("kept as a double", amount -> BigDecimal.valueOf(amount.doubleValue()));
        amounts.put("never negative", BigDecimal::abs);
        optional(
                joint,
                "payout",
                amounts,
                Conversion::payout,
                (won, amount) -> Broken.copy(won).payout(amount.orElse(null)).build());
        add(
                joint,
                "payout dropped where there is no currency",
                (Conversion won) -> won.currency().isPresent()
                        ? won
                        : Broken.copy(won).payout(null).build());
        add(
                joint,
                "currency dropped where there is no payout",
                (Conversion won) -> won.payout().isPresent()
                        ? won
                        : Broken.copy(won).currency(null).build());
        optional(
                joint,
                "currency",
                Map.of(
                        "always EUR",
                        currency -> Currency.getInstance("EUR"),
                        "of those with two digits",
                        currency -> currency.getDefaultFractionDigits() == 2 ? currency : Currency.getInstance("EUR")),
                Conversion::currency,
                (won, currency) ->
                        Broken.copy(won).currency(currency.orElse(null)).build());
        add(
                joint,
                "currency EUR where there is none",
                (Conversion won) -> won.payout().isEmpty() || won.currency().isPresent()
                        ? won
                        : Broken.copy(won).currency(Currency.getInstance("EUR")).build());
        field(
                joint,
                "attempt id",
                uuids(),
                Conversion::attemptId,
                (won, id) -> Broken.copy(won).attemptId(id).build());
        stateFields(joint);
    }

    private void stateFields(String joint) {
        for (ConversionStatus status : ConversionStatus.values()) {
            add(
                    joint,
                    "status " + status + " taken for APPROVED",
                    (Conversion won) -> won.status() != status || won.isReservation()
                            ? won
                            : Broken.copy(won)
                                    .status(ConversionStatus.APPROVED, won.revision())
                                    .build());
        }
        faults.replaceAll(fault -> fault.toString().equals(joint + ": status APPROVED taken for APPROVED")
                ? fault.harmlessSince("it is the same")
                : fault);
        add(
                joint,
                "revision dropped",
                (Conversion won) -> Broken.copy(won).status(won.status(), 1).build());
        add(
                joint,
                "reservation taken for a conversion",
                (Conversion won) -> Broken.copy(won).reservation(false).build());
        if (Set.of("facts first", "facts sameEvent", "reports.conversions row").contains(joint)) {
            harmless("it is no reservation");
        }
        Map<String, UnaryOperator<Instant>> times = new LinkedHashMap<>(instants());
        times.keySet().retainAll(Set.of("cut to milliseconds", "kept as a time in Berlin", "kept in 32 bits"));
        optional(
                joint,
                "time of the approval",
                times,
                Conversion::approvedAt,
                (won, at) -> Broken.copy(won)
                        .changedAt(
                                at.orElse(null),
                                won.reversedAt().orElse(null),
                                won.reinstatedAt().orElse(null))
                        .build());
        optional(
                joint,
                "time of the reversal",
                times,
                Conversion::reversedAt,
                (won, at) -> Broken.copy(won)
                        .changedAt(
                                won.approvedAt().orElse(null),
                                at.or(() -> won.reversedAt().map(now -> won.convertedAt()))
                                        .orElse(null),
                                won.reinstatedAt().orElse(null))
                        .build());
        optional(
                joint,
                "time of the reinstatement",
                times,
                Conversion::reinstatedAt,
                (won, at) -> Broken.copy(won)
                        .changedAt(
                                won.approvedAt().orElse(null), won.reversedAt().orElse(null), at.orElse(null))
                        .build());
    }

    private void changeFields(String joint) {
        change(
                joint,
                "with the state before it twice",
                change -> new ConversionChange(change.before(), change.before()));
        change(joint, "with the state after it twice", change -> new ConversionChange(change.after(), change.after()));
        change(joint, "turned round", change -> new ConversionChange(change.after(), change.before()));
        Map<String, UnaryOperator<ConversionState>> states = new LinkedHashMap<>();
        states.put("without the status", state -> state(state, ConversionStatus.APPROVED, state.revision()));
        states.put("without the revision", state -> state(state, state.status(), 1));
        states.put("without the payout", state -> amount(state, Optional.empty(), state.currency()));
        states.put(
                "without the scale",
                state -> amount(state, state.payout().map(BigDecimal::stripTrailingZeros), state.currency()));
        states.put("without the currency", state -> amount(state, state.payout(), Optional.empty()));
        states.put(
                "with EUR where there is no currency",
                state -> amount(
                        state,
                        state.payout(),
                        state.currency().or(() -> state.payout().map(amount -> Currency.getInstance("EUR")))));
        states.put("without the event", state -> event(state, Optional.empty()));
        states.put(
                "with the event folded", state -> event(state, state.eventId().map(id -> id.toLowerCase(Locale.ROOT))));
        states.put("without the approval", state -> times(state, Optional.empty(), state.reversedAt()));
        states.put("without the reversal", state -> times(state, state.approvedAt(), Optional.empty()));
        states.put(
                "with milliseconds",
                state -> times(
                        state,
                        state.approvedAt().map(at -> at.truncatedTo(ChronoUnit.MILLIS)),
                        state.reversedAt().map(at -> at.truncatedTo(ChronoUnit.MILLIS))));
        states.put(
                "without the reservation",
                state -> new ConversionState(
                        state.status(),
                        state.revision(),
                        false,
                        state.eventId(),
                        state.payout(),
                        state.currency(),
                        state.approvedAt(),
                        state.reversedAt(),
                        state.reinstatedAt()));
        states.put(
                "without the reinstatement",
                state -> new ConversionState(
                        state.status(),
                        state.revision(),
                        state.isReservation(),
                        state.eventId(),
                        state.payout(),
                        state.currency(),
                        state.approvedAt(),
                        state.reversedAt(),
                        Optional.empty()));
        states.forEach((way, wrong) -> change(
                joint, way, change -> new ConversionChange(wrong.apply(change.before()), wrong.apply(change.after()))));
    }

    private void change(String joint, String way, UnaryOperator<ConversionChange> wrong) {
        add(
                joint,
                "change " + way,
                (HistoryEntry entry) -> copy(entry)
                        .change(entry.change().map(wrong).orElse(null))
                        .build());
    }

    private static ConversionState state(ConversionState state, ConversionStatus status, int revision) {
        return new ConversionState(
                status,
                revision,
                state.isReservation(),
                state.eventId(),
                state.payout(),
                state.currency(),
                state.approvedAt(),
                state.reversedAt(),
                state.reinstatedAt());
    }

    private static ConversionState amount(
            ConversionState state, Optional<BigDecimal> payout, Optional<Currency> currency) {
        return new ConversionState(
                state.status(),
                state.revision(),
                state.isReservation(),
                state.eventId(),
                payout,
                currency,
                state.approvedAt(),
                state.reversedAt(),
                state.reinstatedAt());
    }

    private static ConversionState event(ConversionState state, Optional<String> eventId) {
        return new ConversionState(
                state.status(),
                state.revision(),
                state.isReservation(),
                eventId,
                state.payout(),
                state.currency(),
                state.approvedAt(),
                state.reversedAt(),
                state.reinstatedAt());
    }

    private static ConversionState times(
            ConversionState state, Optional<Instant> approvedAt, Optional<Instant> reversedAt) {
        return new ConversionState(
                state.status(),
                state.revision(),
                state.isReservation(),
                state.eventId(),
                state.payout(),
                state.currency(),
                approvedAt,
                reversedAt,
                state.reinstatedAt());
    }

    private void entryFields(
            String joint, Map<String, UnaryOperator<String>> ids, Map<String, UnaryOperator<String>> free) {
        field(
                joint,
                "time",
                instants(),
                HistoryEntry::receivedAt,
                (entry, at) -> copy(entry).receivedAt(at).build());
        free(
                joint,
                "received click id",
                free,
                HistoryEntry::receivedClickId,
                (entry, text) -> copy(entry)
                        .clickId(text.orElse(null), entry.clickId().orElse(null))
                        .build());
        faults.replaceAll(fault -> fault.toString().equals(joint + ": received click id cut after 1,000")
                ? fault.harmlessSince("a received click id is cut at 255 when the entry is built")
                : fault);
        add(
                joint,
                "received click id of a click in its usual form",
                (HistoryEntry entry) -> copy(entry)
                        .clickId(
                                entry.clickId()
                                        .map(ClickId::value)
                                        .or(entry::receivedClickId)
                                        .orElse(null),
                                entry.clickId().orElse(null))
                        .build());
        optional(
                joint,
                "click id",
                Map.of(),
                HistoryEntry::clickId,
                (entry, id) -> copy(entry)
                        .clickId(entry.receivedClickId().orElse(null), id.orElse(null))
                        .build());
        optional(
                joint,
                "offer id",
                ids,
                HistoryEntry::offerId,
                (entry, id) -> copy(entry)
                        .click(id.orElse(null), entry.memberId().orElse(null))
                        .build());
        optional(
                joint,
                "member id",
                ids,
                HistoryEntry::memberId,
                (entry, id) -> copy(entry)
                        .click(entry.offerId().orElse(null), id.orElse(null))
                        .build());
        optional(
                joint,
                "event id",
                ids,
                HistoryEntry::eventId,
                (entry, id) -> copy(entry).eventId(id.orElse(null)).build());
        optional(
                joint,
                "transaction id",
                ids,
                HistoryEntry::transactionId,
                (entry, id) -> copy(entry).transactionId(id.orElse(null)).build());
        uuids().forEach((way, wrong) -> {
            add(
                    joint,
                    "conversion id " + way,
                    (HistoryEntry entry) -> copy(entry)
                            .conversionId(entry.conversionId().map(wrong).orElse(null))
                            .build());
            if (way.equals("given a version") && joint.equals("reports.several row")) {
                harmless("the ids in the history of several clicks are those of its rows in the history of each");
            }
            add(
                    joint,
                    "replayed attempt " + way,
                    (HistoryEntry entry) -> copy(entry)
                            .origin(entry.origin(), entry.replayOf().map(wrong).orElse(null))
                            .build());
        });
        add(
                joint,
                "origin dropped",
                (HistoryEntry entry) ->
                        copy(entry).origin(Origin.RECEIVED, null).build());
        add(
                joint,
                "origin imported taken for received",
                (HistoryEntry entry) -> entry.origin() == Origin.IMPORTED
                        ? copy(entry).origin(Origin.RECEIVED, null).build()
                        : entry);
        add(
                joint,
                "reason taken for the first of its kind",
                (HistoryEntry entry) -> entry.reason().isEmpty()
                        ? entry
                        : copy(entry)
                                .outcome(
                                        entry.kind(),
                                        List.of(dev.attribution.postback.Reason.values()).stream()
                                                .filter(reason -> reason.kind() == entry.kind())
                                                .findFirst()
                                                .orElseThrow())
                                .build());
        free(
                joint,
                "query",
                free,
                (HistoryEntry entry) -> Optional.of(entry.query()),
                (entry, query) ->
                        copy(entry).query(query.orElse(""), entry.truncated()).build());
        markQueries();
        field(
                joint,
                "truncation",
                Map.of("false", cut -> false, "true", cut -> true),
                HistoryEntry::truncated,
                (entry, cut) -> copy(entry).query(entry.query(), cut).build());
        texts(
                joint,
                "notes",
                free,
                HistoryEntry::notes,
                (entry, notes) -> copy(entry).notes(notes).build());
        changeFields(joint);
    }

    private void markQueries() {
        for (int back : List.of(1, 2)) {
            int i = faults.size() - back;
            faults.set(i, faults.get(i).harmlessSince("a query is never absent"));
        }
    }

    private static HistoryEntry.Builder copy(HistoryEntry entry) {
        return Broken.copy(entry.attemptId(), entry);
    }

    // --- lists

    private void lists() {
        for (String joint : List.of(
                "offers.find ids",
                "clicks.find ids",
                "clearFlags ids",
                "findConversions ids",
                "insert list",
                "facts queries",
                "append list",
                "lookUp queries",
                "unchanged inserts",
                "reports.several ids")) {
            cut(joint, 1, 100, 500, 999);
        }
        add("clearFlags stands", "never looked at", (Boolean stands) -> true);
        add("clearFlags stands", "turned around", (Boolean stands) -> !stands);
        add("clearFlags time", "a second late", (Instant time) -> time.plusSeconds(1));
        for (String joint : List.of(
                "reports.clicks rows", "reports.conversions rows", "reports.history rows", "reports.several rows")) {
            cut(joint, 100, 500, 999);
            add(joint, "reversed", (List<Object> list) -> reversed(list));
            add(
                    joint,
                    "without the last one",
                    (List<Object> list) -> list.isEmpty() ? list : list.subList(0, list.size() - 1));
            add(
                    joint,
                    "without the first one",
                    (List<Object> list) -> list.isEmpty() ? list : list.subList(1, list.size()));
            add(
                    joint,
                    "with the first one twice",
                    (List<Object> list) -> list.size() < 2 ? list : join(list.subList(0, 1), list));
        }
        cut("summary days", 1, 31, 366);
        cut("summary rows", 1, 100, 500);
        for (String joint : List.of("facts results", "append results", "lookUp results")) {
            add(joint, "reversed", (List<Object> list) -> reversed(list));
            add(
                    joint,
                    "sorted",
                    (List<Object> list) -> list.stream()
                            .sorted(Comparator.comparing(Object::toString))
                            .toList());
            add(
                    joint,
                    "without the last one",
                    (List<Object> list) -> list.size() < 2 ? list : list.subList(0, list.size() - 1));
            add(
                    joint,
                    "all as the first",
                    (List<Object> list) -> Collections.nCopies(list.size(), list.isEmpty() ? "" : list.get(0)));
        }
        add(
                "unchanged clicks",
                "all as one",
                (Map<Offer, List<Click>> clicks) -> clicks.entrySet().stream()
                        .limit(1)
                        .collect(Collectors.toMap(Map.Entry::getKey, Map.Entry::getValue)));
        add(
                "unchanged clicks",
                "the first of each",
                (Map<Offer, List<Click>> clicks) -> clicks.entrySet().stream()
                        .collect(Collectors.toMap(
                                Map.Entry::getKey,
                                offer -> offer.getValue()
                                        .subList(0, Math.min(1, offer.getValue().size())))));
        add("unchanged result", "empty", (Set<Offer> changed) -> Set.of());
        add(
                "unchanged result",
                "one at most",
                (Set<Offer> changed) -> changed.stream().limit(1).collect(Collectors.toSet()));
        add("unchanged link", "ignored", (String link) -> "");
        add("unchanged link", "folded to lower case", (String link) -> link.toLowerCase(Locale.ROOT));
        add("unchanged link", "cut after 254", (String link) -> link.substring(0, Math.min(254, link.length())));
        add("unchanged schemes", "ignored", (Set<String> some) -> Set.of());
        add("unchanged schemes", "counted", (Set<String> some) -> Set.of(Integer.toString(some.size())));
        add("unchanged literals", "ignored", (Set<String> some) -> Set.of());
        add("unchanged literals", "counted", (Set<String> some) -> Set.of(Integer.toString(some.size())));
        add("unchanged absent", "taken for unchanged", (Boolean same) -> true);
    }

    private static List<Object> join(List<Object> one, List<Object> two) {
        List<Object> both = new ArrayList<>(one);
        both.addAll(two);
        return both.subList(0, two.size());
    }

    private void cut(String joint, int... sizes) {
        for (int size : sizes) {
            add(joint, "cut after " + size, (List<Object> list) -> list.subList(0, Math.min(size, list.size())));
        }
    }

    // --- places

    @SuppressWarnings("unchecked")
    private void places() {
        Map<String, Function<Instant, Object>> buckets = new LinkedHashMap<>();
        buckets.put("second", at -> at.truncatedTo(ChronoUnit.SECONDS));
        buckets.put("hour", at -> at.truncatedTo(ChronoUnit.HOURS));
        buckets.put("day", at -> at.truncatedTo(ChronoUnit.DAYS));
        buckets.put(
                "month",
                at -> at.atOffset(ZoneOffset.UTC).getYear() * 12
                        + at.atOffset(ZoneOffset.UTC).getMonthValue());
        buckets.put("year", at -> at.atOffset(ZoneOffset.UTC).getYear());
        buckets.forEach((name, bucket) -> {
            for (String joint : List.of("slot place", "transaction place", "scope place")) {
                add(
                        joint,
                        "per " + name,
                        (List<Object> place) -> List.of(
                                place.get(0), place.get(1), bucket.apply(((Conversion) place.get(2)).convertedAt())));
            }
            add(
                    "attempt place",
                    "per " + name,
                    (List<Object> place) -> List.of(List.of(place.get(0), bucket.apply((Instant) place.get(1)))));
            add(
                    "click place",
                    "per " + name,
                    (List<Object> place) -> List.of(List.of(place.get(0), bucket.apply((Instant) place.get(1)))));
        });
        texts().forEach((way, wrong) -> {
            UnaryOperator<String> wrongKey = key -> {
                int form = key.indexOf(':') + 1;
                return key.substring(0, form) + wrong.apply(key.substring(form));
            };
            add(
                    "transaction place",
                    "with ids " + way,
                    (List<Object> place) -> List.of(place.get(0), wrongKey.apply((String) place.get(1)), ""));
            add(
                    "scope place",
                    "with offers " + way,
                    (List<Object> place) -> List.of(wrong.apply((String) place.get(0)), place.get(1), ""));
            add(
                    "scope place",
                    "with members " + way,
                    (List<Object> place) -> List.of(place.get(0), wrong.apply((String) place.get(1)), ""));
            add("offer key", "with ids " + way, (String id) -> wrong.apply(id));
            add("facts event", "with ids " + way, (Optional<String> id) -> id.map(wrong));
            add("facts transaction", "with ids " + way, (Optional<String> key) -> key.map(wrongKey));
            add("lookUp event", "with ids " + way, (Optional<String> id) -> id.map(wrong));
            add("lookUp transaction", "with ids " + way, (Optional<String> key) -> key.map(wrongKey));
        });
        for (String separator : List.of("", ":", "|", ",", "/", "-", "_", ".", "#", " ", "&")) {
            add(
                    "scope place",
                    "joined with '" + separator + "'",
                    (List<Object> place) -> place.get(0) + separator + place.get(1));
        }
        add("scope place", "in either order", (List<Object> place) -> Set.of(place.get(0), place.get(1) + "."));
        harmless("the dot tells the member from the offer");
        add("scope place", "as a set", (List<Object> place) -> new java.util.HashSet<>(place.subList(0, 2)));
        add(
                "scope place",
                "by hash codes",
                (List<Object> place) -> place.subList(0, 2).hashCode());
        add("scope place", "by the offer alone", (List<Object> place) -> place.get(0));
        add("scope place", "by the member alone", (List<Object> place) -> place.get(1));
        add("scope place", "never taken", (List<Object> place) -> new Object());
        add("facts scope", "one for all", (Object hash) -> "any");
        add("facts scope", "never found", (Object hash) -> new Object());
        add("slot place", "never taken", (List<Object> place) -> new Object());
        add(
                "slot place",
                "of 32 bits",
                (List<Object> place) -> List.of(place.get(0), ((Long) place.get(1)).intValue()));
        add(
                "slot place",
                "without a sign",
                (List<Object> place) -> List.of(place.get(0), Math.abs((Long) place.get(1))));
        add(
                "slot place",
                "as a double",
                (List<Object> place) -> List.of(place.get(0), ((Long) place.get(1)).doubleValue()));
        add(
                "slot place",
                "of the positive ones alone",
                (List<Object> place) -> (Long) place.get(1) < 0 ? new Object() : place.subList(0, 2));
        add(
                "slot place",
                "with the event",
                (List<Object> place) -> List.of(place.get(0), place.get(1), ((Conversion) place.get(2)).eventId()));
        add(
                "slot place",
                "with the transaction id",
                (List<Object> place) -> List.of(place.get(0), place.get(1), ((Conversion) place.get(2)).callKey()));
        add("slot place", "of all clicks", (List<Object> place) -> place.get(1));
        add("transaction place", "never taken", (List<Object> place) -> new Object());
        add("transaction place", "of all clicks", (List<Object> place) -> place.get(1));
        add(
                "transaction place",
                "with the event",
                (List<Object> place) -> List.of(place.get(0), place.get(1), ((Conversion) place.get(2)).eventId()));
        add(
                "transaction place",
                "by hash codes",
                (List<Object> place) -> List.of(place.get(0), place.get(1).hashCode()));
        add(
                "transaction place",
                "with the member",
                (List<Object> place) -> List.of(place.get(0), place.get(1), ((Conversion) place.get(2)).memberId()));
        harmless("a click has one member");
        for (boolean high : List.of(true, false)) {
            String half = "by half of the id";
            UnaryOperator<Object> cut = id -> {
                UUID uuid = id instanceof ClickId click ? click.uuid() : (UUID) id;
                return high ? uuid.getMostSignificantBits() : uuid.getLeastSignificantBits();
            };
            add(
                    "slot place",
                    half + (high ? ", the first" : ", the last"),
                    (List<Object> place) -> List.of(cut.apply(place.get(0)), place.get(1)));
            add(
                    "transaction place",
                    half + (high ? ", the first" : ", the last"),
                    (List<Object> place) -> List.of(cut.apply(place.get(0)), place.get(1)));
            add(
                    "attempt place",
                    half + (high ? ", the first" : ", the last"),
                    (List<Object> place) -> List.of(cut.apply(place.get(0))));
            add("click key", half + (high ? ", the first" : ", the last"), (Object id) -> cut.apply(id));
            add("facts click", half + (high ? ", the first" : ", the last"), (Object id) -> cut.apply(id));
        }
        add("attempt place", "never known", (List<Object> place) -> List.of(new Object()));
        add(
                "attempt place",
                "of credits alone",
                (List<Object> place) ->
                        ((HistoryEntry) place.get(2)).conversionId().isPresent()
                                ? List.of(place.get(0))
                                : List.of(new Object()));
        for (String joint : List.of("slots", "transactions", "scopes", "attempts", "clicks", "offers")) {
            with(
                    joint,
                    "kept by each instance",
                    (Object shared, PlainStore store) ->
                            store.own.computeIfAbsent(joint, key -> new ConcurrentHashMap<>()));
        }
        for (String joint : List.of("slots", "transactions", "scopes")) {
            for (int size : List.of(1, 100, 1_000)) {
                with(
                        joint,
                        "kept for the last " + size + " credits",
                        (Map<Object, Instant> taken, PlainStore store) -> kept(taken, size));
            }
            with(joint, "kept for the first credit of a click", (Map<Object, Instant> taken, PlainStore store) -> {
                Map<Object, Instant> first = (Map<Object, Instant>) store.data.memory.computeIfAbsent(
                        joint, key -> new ConcurrentHashMap<>() {
                            private final Map<Object, Object> firsts = new HashMap<>();

                            @Override
                            public Object put(Object place, Object at) {
                                Object click = ((List<Object>) place).get(0);
                                return firsts.putIfAbsent(click, place) == null ? super.put(place, at) : "";
                            }
                        });
                return first;
            });
            if (joint.equals("scopes")) {
                faults.remove(faults.size() - 1); // which would forget another member's
            }
            with(joint, "kept for 30 days of conversions", (Map<Object, Instant> taken, PlainStore store) -> {
                Instant newest =
                        taken.values().stream().max(Comparator.naturalOrder()).orElse(Instant.MIN);
                taken.values().removeIf(at -> at.isBefore(newest.minus(Duration.ofDays(30))));
                return taken;
            });
        }
        for (int size : List.of(1, 100, 1_000)) {
            with("attempts", "kept for the last " + size, (Map<Object, HistoryEntry> attempts, PlainStore store) -> {
                List<HistoryEntry> history = store.data.history;
                while (attempts.size() > size) {
                    HistoryEntry oldest = history.get(history.size() - attempts.size());
                    attempts.values().removeIf(entry -> entry == oldest);
                }
                return attempts;
            });
            with("clicks by id", "kept for the last " + size, (Map<Object, Click> clicks, PlainStore store) -> {
                if (clicks.size() > size) {
                    clicks.values().stream()
                            .sorted(Comparator.comparing(Click::clickedAt).thenComparing(Click::clickId))
                            .limit(clicks.size() - size)
                            .toList()
                            .forEach(click -> clicks.values().remove(click));
                }
                return clicks;
            });
        }
        for (String what :
                List.of("slots", "transactions", "scopes", "attempts", "clicks", "offers", "facts", "reports")) {
            with("clock", "forgets " + what, (Duration moved, PlainStore store) -> {
                switch (what) {
                    case "slots" -> store.data.slots.clear();
                    case "transactions" -> store.data.transactions.clear();
                    case "scopes" -> store.data.scopes.clear();
                    case "attempts" -> store.data.attempts.clear();
                    case "clicks" -> store.data.clicksById.clear();
                    case "offers" -> store.data.offers.clear();
                    case "facts" -> store.data.byScope.clear();
                    default -> {
                        store.data.history.clear();
                        store.data.conversions.clear();
                    }
                }
                return moved;
            });
        }
    }

    private static Map<Object, Instant> kept(Map<Object, Instant> taken, int size) {
        return new ConcurrentHashMap<>(taken) {
            @Override
            public Instant put(Object place, Instant at) {
                if (taken.size() >= size) {
                    taken.entrySet().stream()
                            .min(Map.Entry.comparingByValue())
                            .ifPresent(oldest -> taken.remove(oldest.getKey()));
                }
                taken.put(place, at);
                return at;
            }
        };
    }

    // --- caches

    private void caches() {
        cacheFirst("offers.find result");
        cacheFirst("clicks.find result");
        cacheFirst("facts results");
        cacheFirst("findConversions result");
        cacheFirst("lookUp results");
        cacheFirst("summary rows");
        cacheFirst("reports.clicks rows");
        cacheFirst("reports.conversions rows");
        cacheFirst("reports.history rows");
        with(
                "offers",
                "cached by each instance",
                (Map<Object, Offer> offers, PlainStore store) -> cached(offers, store));
        with(
                "clicks by id",
                "cached by each instance",
                (Map<Object, Click> clicks, PlainStore store) -> cached(clicks, store));
        harmless("a click never changes, and its absence is not cached here");
        with(
                "offers",
                "whose absence is cached by each instance",
                (Map<Object, Offer> offers, PlainStore store) -> absent(offers, store));
        with(
                "clicks by id",
                "whose absence is cached by each instance",
                (Map<Object, Click> clicks, PlainStore store) -> absent(clicks, store));
        with(
                "facts conversions",
                "cached by each instance",
                (List<Conversion> all, PlainStore store) -> all.isEmpty()
                        ? all
                        : store.own.computeIfAbsent(all.get(0).clickId(), key -> List.copyOf(all)));
        with(
                "lookUp conversions",
                "cached by each instance",
                (List<Conversion> all, PlainStore store) -> all.isEmpty()
                        ? all
                        : store.own.computeIfAbsent(all.get(0).clickId(), key -> List.copyOf(all)));
    }

    /** An answer that is given again to the next caller who gets as many rows. */
    private void cacheFirst(String joint) {
        with(joint, "cached while it is as long", (Object answer, PlainStore store) -> {
            int size = answer instanceof Map<?, ?> map ? map.size() : ((Collection<?>) answer).size();
            return store.own.computeIfAbsent(joint + size, key -> answer);
        });
    }

    private static <V> Map<Object, V> cached(Map<Object, V> shared, PlainStore store) {
        return new HashMap<>(shared) {
            @Override
            @SuppressWarnings("unchecked")
            public V get(Object key) {
                V now = shared.get(key);
                return now == null ? now : (V) store.own.computeIfAbsent(key, any -> now);
            }
        };
    }

    private static <V> Map<Object, V> absent(Map<Object, V> shared, PlainStore store) {
        return new HashMap<>(shared) {
            @Override
            public V get(Object key) {
                V now = store.own.containsKey(key) ? null : shared.get(key);
                if (now == null) {
                    store.own.put(key, "absent");
                }
                return now;
            }
        };
    }

    // --- races

    private void races() {
        for (String joint : List.of("atomic place", "atomic attempt", "atomic click", "atomic put")) {
            add(joint, "looks, then writes", (Boolean atomic) -> true);
        }
    }

    // --- facts and look-ups

    private void factsAndLookUps() {
        for (String joint : List.of("facts ", "lookUp ")) {
            for (int size : List.of(1, 2, 100, 1_000)) {
                add(
                        joint + "conversions",
                        "of the first " + size,
                        (List<Conversion> all) -> all.subList(0, Math.min(size, all.size())));
            }
            add(
                    joint + "event conversions",
                    "of the first alone",
                    (List<Conversion> all) -> all.subList(0, Math.min(1, all.size())));
            add(
                    joint + "transaction conversions",
                    "of the first alone",
                    (List<Conversion> all) -> all.subList(0, Math.min(1, all.size())));
            add(
                    joint + "transaction conversions",
                    "of the last alone",
                    (List<Conversion> all) -> all.isEmpty() ? all : all.subList(all.size() - 1, all.size()));
            add(
                    joint + "event",
                    "no event taken for any",
                    (Optional<String> id) -> id.isEmpty() ? Optional.of("e1") : id);
            add(
                    joint + "order",
                    "by id alone",
                    (Comparator<Cursor> order) -> Comparator.comparing((Cursor cursor) -> ClickId.of(cursor.id())));
            add(
                    joint + "order",
                    "by milliseconds",
                    (Comparator<Cursor> order) -> milliseconds().reversed());
            add(
                    joint + "order",
                    "by signed ids",
                    (Comparator<Cursor> order) ->
                            Comparator.comparing(Cursor::time).thenComparing(Cursor::id));
            add(joint + "order", "the newest first", (Comparator<Cursor> order) -> order.reversed());
            add(joint + "order", "of arrival", (Comparator<Cursor> order) -> (Comparator<Cursor>) (one, two) -> 0);
        }
        add("facts count", "of 100 at most", (Long count) -> Math.min(100, count));
        add("facts count", "of 1,000 at most", (Long count) -> Math.min(1_000, count));
        add("facts count", "one at most", (Long count) -> Math.min(1, count));
        add("facts count", "in 8 bits", (Long count) -> count & 0xff);
        add(
                "facts query",
                "without its event",
                (FactsQuery query) ->
                        new FactsQuery(query.clickId(), query.scope(), null, query.callKey(), query.status()));
        add(
                "facts query",
                "without its transaction id",
                (FactsQuery query) ->
                        new FactsQuery(query.clickId(), query.scope(), query.eventId(), null, query.status()));
        add(
                "lookUp query",
                "without its event",
                (LookUpQuery query) -> new LookUpQuery(query.clickId(), null, query.callKey(), query.status()));
        add(
                "lookUp query",
                "without its transaction id",
                (LookUpQuery query) -> new LookUpQuery(query.clickId(), query.eventId(), null, query.status()));
        add("lookUp policy", "of the default", (List<DuplicatePolicy> policies) -> policies.subList(1, 2));
        add(
                "lookUp policy",
                "per click",
                (List<DuplicatePolicy> policies) -> List.of(DuplicatePolicy.onePerClickAndMember()));
        add("lookUp facts", "none", (Facts facts) -> Facts.NONE);
        add(
                "same click",
                "by its ids alone",
                (List<Click> both) -> both.get(0).offerId().equals(both.get(1).offerId())
                                && both.get(0).memberId().equals(both.get(1).memberId())
                        ? List.of(both.get(0), both.get(0))
                        : both);
        add(
                "same click",
                "by all but its context",
                (List<Click> both) ->
                        withContext(both.get(1), copy(both.get(0).context())).equals(both.get(0))
                                ? List.of(both.get(0), both.get(0))
                                : both);
        add("same click", "never", (List<Click> both) -> List.of());
        add("click conflict", "kept silent", (Boolean raised) -> false);
        add("stale", "told appended", (AppendResult stale) -> new AppendResult.Appended());
        add("taken", "written nevertheless", (Boolean free) -> true);
        add("append order", "ignored", (Boolean broken) -> false);
        with(
                "known conversions",
                "of the click alone",
                (List<Conversion> all, PlainStore store) -> all.isEmpty() ? all : all.subList(0, 1));
        add("known conversions", "of none", (List<Conversion> all) -> List.of());
    }

    // --- statuses

    private void statuses() {
        for (String joint : List.of("facts ", "lookUp ")) {
            add(
                    joint + "addressing",
                    "without the event",
                    (FactsQuery query) ->
                            new FactsQuery(query.clickId(), query.scope(), null, query.callKey(), query.status()));
            for (ConversionStatus status : ConversionStatus.values()) {
                add(
                        joint + "addressing",
                        "always for " + status,
                        (FactsQuery query) -> new FactsQuery(
                                query.clickId(), query.scope(), query.eventId(), query.callKey(), status));
            }
            Map<String, Predicate<Conversion>> some = new LinkedHashMap<>();
            some.put("that are pending", won -> won.status() == ConversionStatus.PENDING);
            some.put("that are not reversed", won -> won.status() != ConversionStatus.REVERSED);
            some.put("without a transaction id", won -> won.transactionId().isEmpty());
            some.put("with revision 1", won -> won.revision() == 1);
            some.forEach((which, condition) -> add(
                    joint + "click conversions",
                    which,
                    (List<Conversion> all) -> all.stream().filter(condition).toList()));
            add(
                    joint + "click conversions",
                    "of the first alone",
                    (List<Conversion> all) -> all.subList(0, Math.min(1, all.size())));
            add(joint + "click conversions", "the last first", (List<Conversion> all) -> reversed(all));
            add(joint + "ambiguous", "never", (Boolean ambiguous) -> false);
            add(joint + "reservation", "counted", (Boolean reservation) -> false);
        }
        add("reports.conversions reservation", "listed", (Boolean reservation) -> false);
        add("revision", "not compared", (Conversion any) -> "");
        add("revision", "compared by status", Conversion::status);
        add("revision", "compared by the last time", (Conversion won) -> won.reversedAt());
        add("absent conversion", "taken for any revision", (Boolean stale) -> false);
        add("atomic revision", "looks, then writes", (Boolean atomic) -> true);
        add("reinstated slot", "not taken", (OptionalLong slot) -> OptionalLong.empty());
        add("reinstated scope", "not taken", (Optional<Object> scope) -> Optional.empty());
        add("reserved transaction", "not taken", (Optional<String> id) -> Optional.empty());
        add(
                "listed entry",
                "dropped for a change",
                (Optional<HistoryEntry> entry) ->
                        entry.filter(one -> one.change().isEmpty()));
        add(
                "listed entry",
                "dropped for a reservation",
                (Optional<HistoryEntry> entry) -> entry.filter(
                        one -> one.kind() != Kind.REJECTED || one.conversionId().isEmpty()));
        for (String joint : List.of("stored", "stored facts")) {
            add(joint, "without changes", (Optional<Conversion> won) -> won.filter(one -> one.revision() == 1));
            add(joint, "without second changes", (Optional<Conversion> won) -> won.filter(one -> one.revision() < 3));
            add(joint, "without reservations", (Optional<Conversion> won) -> won.filter(one -> !one.isReservation()));
        }
        add(
                "ordered effect",
                "without changes",
                (Optional<Settlement.Effect> effect) -> effect.filter(one -> !(one instanceof Settlement.Change)));
        add(
                "ordered effect",
                "without reservations",
                (Optional<Settlement.Effect> effect) -> effect.filter(one -> !(one instanceof Settlement.Reservation)));
        for (String what : List.of("slots", "transactions")) {
            with("after append", "a change frees " + what, (Settlement settlement, PlainStore store) -> {
                if (settlement.change().isPresent()) {
                    (what.equals("slots") ? store.data.slots : store.data.transactions).clear();
                }
                return settlement;
            });
        }
    }

    private static Comparator<Cursor> milliseconds() {
        return Comparator.<Cursor, Instant>comparing(cursor -> cursor.time().truncatedTo(ChronoUnit.MILLIS))
                .thenComparing(cursor -> ClickId.of(cursor.id()))
                .reversed();
    }

    // --- reports

    private void reports() {
        for (String report : List.of("reports.clicks", "reports.conversions", "reports.history", "reports.several")) {
            add(report + " order", "by milliseconds", (Comparator<Cursor> order) -> milliseconds());
            add(
                    report + " order",
                    "by signed ids",
                    (Comparator<Cursor> order) -> Comparator.comparing(Cursor::time)
                            .thenComparing(Cursor::id)
                            .reversed());
            add(
                    report + " order",
                    "by time alone",
                    (Comparator<Cursor> order) ->
                            Comparator.comparing(Cursor::time).reversed());
            add(report + " order", "the oldest first", (Comparator<Cursor> order) -> order.reversed());
            add(report + " after", "ignored", (Optional<Cursor> after) -> Optional.empty());
            add(report + " inclusive", "with the row of the cursor", (Boolean inclusive) -> true);
            add(report + " limit", "one less", (Integer limit) -> Math.max(1, limit - 1));
            add(report + " limit", "one more", (Integer limit) -> limit + 1);
            add(report + " limit", "ignored", (Integer limit) -> Integer.MAX_VALUE);
            if (report.equals("reports.several")) {
                continue;
            }
            add(report + " from", "exclusive", (Instant from) -> from.plusNanos(1_000));
            add(report + " from", "by the second", (Instant from) -> from.truncatedTo(ChronoUnit.SECONDS));
            add(report + " until", "inclusive", (Instant until) -> until.plusNanos(1_000));
            add(report + " until", "by the second", (Instant until) -> until.truncatedTo(ChronoUnit.SECONDS));
            filters(report);
        }
        add(
                "summary day",
                "a microsecond longer",
                (Day day) -> new Day(day.date(), day.from(), day.until().plusNanos(1_000)));
        add(
                "summary day",
                "begun a microsecond late",
                (Day day) -> new Day(day.date(), day.from().plusNanos(1_000), day.until()));
        add(
                "summary day",
                "of 24 hours",
                (Day day) -> new Day(day.date(), day.from(), day.from().plus(Duration.ofHours(24))));
        add("summary day", "in UTC", (Day day) -> Day.of(day.date(), ZoneOffset.UTC));
        add(
                "summary row",
                "without clicks",
                (SummaryRow row) ->
                        row(row, 0, row.conversions(), row.duplicates(), row.rejected(), row.unattributed()));
        add(
                "summary row",
                "without conversions",
                (SummaryRow row) -> row(row, row.clicks(), 0, row.duplicates(), row.rejected(), row.unattributed()));
        add(
                "summary row",
                "without duplicates",
                (SummaryRow row) -> row(row, row.clicks(), row.conversions(), 0, row.rejected(), row.unattributed()));
        add(
                "summary row",
                "without rejected",
                (SummaryRow row) -> row(row, row.clicks(), row.conversions(), row.duplicates(), 0, row.unattributed()));
        add(
                "summary row",
                "without unattributed",
                (SummaryRow row) -> row(row, row.clicks(), row.conversions(), row.duplicates(), row.rejected(), 0));
        for (boolean held : List.of(true, false)) {
            add(
                    "summary row",
                    held ? "without held" : "without adjusted",
                    (SummaryRow row) -> new SummaryRow(
                            row.day(),
                            row.offerId(),
                            row.clicks(),
                            row.conversions(),
                            held ? 0 : row.held(),
                            held ? row.adjusted() : 0,
                            row.duplicates(),
                            row.rejected(),
                            row.unattributed(),
                            row.statuses(),
                            row.payouts(),
                            row.withoutPayout(),
                            row.callers()));
        }
        add(
                "summary row",
                "of 100 at most",
                (SummaryRow row) -> row(
                        row,
                        Math.min(100, row.clicks()),
                        row.conversions(),
                        row.duplicates(),
                        row.rejected(),
                        row.unattributed()));
        add(
                "summary row",
                "with entries of 100 at most",
                (SummaryRow row) -> row(
                        row,
                        row.clicks(),
                        row.conversions(),
                        row.duplicates(),
                        Math.min(100, row.rejected()),
                        row.unattributed()));
        for (ConversionStatus status : ConversionStatus.values()) {
            add(
                    "summary row",
                    "without what is " + status,
                    (SummaryRow row) -> row(
                            row, without(row.statuses(), status), row.payouts(), row.withoutPayout(), row.callers()));
        }
        add(
                "summary row",
                "without sums",
                (SummaryRow row) -> row(row, row.statuses(), List.of(), row.withoutPayout(), row.callers()));
        add(
                "summary row",
                "without the number of those without a payout",
                (SummaryRow row) -> row(row, row.statuses(), row.payouts(), 0, row.callers()));
        add(
                "summary row",
                "without callers",
                (SummaryRow row) -> row(row, row.statuses(), row.payouts(), row.withoutPayout(), new TreeMap<>()));
        add("summary caller", "folded to lower case", (String caller) -> caller.toLowerCase(Locale.ROOT));
        add("summary caller", "of all", (String caller) -> Caller.STANDARD);
        add("summary reason", "none", (Optional<Reason> reason) -> Optional.empty());
        add("summary reason", "of all", (Optional<Reason> reason) -> Optional.of(Reason.TOO_EARLY));
        add("summary origin", "of all", (Origin origin) -> Origin.RECEIVED);
        add("summary currency", "of all", (Optional<Currency> currency) -> Optional.empty());
        add("summary currency", "dollars", (Optional<Currency> currency) -> Optional.of(Currency.getInstance("USD")));
        add("summary payout", "as a double", (BigDecimal payout) -> BigDecimal.valueOf(payout.doubleValue()));
        add("summary payout", "of two digits", (BigDecimal payout) -> payout.setScale(2, RoundingMode.HALF_UP));
        add("summary payout", "without zeros", (BigDecimal payout) -> payout.stripTrailingZeros());
        add("summary payout", "of 18 digits", (BigDecimal payout) -> payout.setScale(18, RoundingMode.HALF_UP));
        add("summary payout", "without a sign", (BigDecimal payout) -> payout.abs());
        add(
                "summary conversion",
                "as it was approved",
                (Conversion conversion) -> conversion.toBuilder()
                        .status(ConversionStatus.APPROVED, 1)
                        .changedAt(conversion.convertedAt(), null, null)
                        .build());
        add(
                "summary conversion",
                "with reservations",
                (Conversion conversion) ->
                        conversion.toBuilder().reservation(false).build());
        add(
                "summary conversion",
                "by the time of the last change",
                (Conversion conversion) -> conversion.toBuilder()
                        .convertedAt(conversion.reversedAt().orElse(conversion.convertedAt()))
                        .build());
        texts().forEach((way, wrong) -> add("summary offer", way, (Optional<String> id) -> id.map(wrong)));
        add("summary offer", "of all", (Optional<String> id) -> Optional.of("a"));
        add(
                "summary rows",
                "without those without an offer",
                (List<SummaryRow> rows) ->
                        rows.stream().filter(row -> row.offerId().isPresent()).toList());
        add(
                "summary rows",
                "without those without clicks",
                (List<SummaryRow> rows) ->
                        rows.stream().filter(row -> row.clicks() > 0).toList());
        add(
                "summary rows",
                "without those without entries",
                (List<SummaryRow> rows) -> rows.stream()
                        .filter(row -> row.conversions() + row.duplicates() + row.rejected() + row.unattributed() > 0)
                        .toList());
        add("summary rows", "reversed", (List<Object> list) -> reversed(list));
        harmless("the rows of a summary are in any order");
    }

    private static SummaryRow row(
            SummaryRow row, long clicks, long conversions, long duplicates, long rejected, long unattributed) {
        return new SummaryRow(
                row.day(),
                row.offerId(),
                clicks,
                conversions,
                row.held(),
                row.adjusted(),
                duplicates,
                rejected,
                unattributed,
                row.statuses(),
                row.payouts(),
                row.withoutPayout(),
                row.callers());
    }

    private static SummaryRow row(
            SummaryRow row,
            Map<ConversionStatus, Long> statuses,
            List<Payouts> payouts,
            long withoutPayout,
            Map<String, CallerCounts> callers) {
        return new SummaryRow(
                row.day(),
                row.offerId(),
                row.clicks(),
                row.conversions(),
                row.held(),
                row.adjusted(),
                row.duplicates(),
                row.rejected(),
                row.unattributed(),
                statuses,
                payouts,
                withoutPayout,
                callers);
    }

    private static Map<ConversionStatus, Long> without(Map<ConversionStatus, Long> statuses, ConversionStatus status) {
        Map<ConversionStatus, Long> others = new HashMap<>(statuses);
        others.remove(status);
        return others;
    }

    private void filters(String report) {
        List<String> conditions = switch (report) {
            case "reports.clicks" -> List.of("click", "offer", "member", "from", "until");
            case "reports.conversions" -> List.of("click", "offer", "member", "event", "status", "from", "until");
            default ->
                List.of(
                        "click",
                        "received",
                        "offer",
                        "member",
                        "event",
                        "kind",
                        "reason",
                        "severity",
                        "origin",
                        "caller",
                        "attempt",
                        "from",
                        "until");
        };
        for (String condition : conditions) {
            add(
                    report + " filter",
                    "without " + condition,
                    (ReportFilter filter) -> filter(filter, condition, text -> text));
        }
        if (conditions.contains("caller")) { // its name is of plain characters
            add(
                    report + " filter",
                    "caller folded to lower case",
                    (ReportFilter filter) -> filter(filter, "", text -> text, "caller", text -> text));
        }
        for (String condition : conditions) {
            if (Set.of("offer", "member", "event", "received").contains(condition)) {
                texts().forEach((way, wrong) -> add(
                        report + " filter",
                        condition + " " + way,
                        (ReportFilter filter) -> filter(filter, "", text -> text, condition, wrong)));
            }
        }
    }

    private static ReportFilter filter(ReportFilter filter, String without, UnaryOperator<String> wrong) {
        return filter(filter, without, wrong, "", wrong);
    }

    private static ReportFilter filter(
            ReportFilter filter,
            String without,
            UnaryOperator<String> right,
            String condition,
            UnaryOperator<String> wrong) {
        ReportFilter.Builder copy = ReportFilter.builder();
        Function<String, UnaryOperator<String>> fold = name -> name.equals(condition) ? wrong : right;
        filter.clickId().filter(id -> !without.equals("click")).ifPresent(copy::clickId);
        filter.receivedClickId()
                .filter(id -> !without.equals("received"))
                .map(fold.apply("received"))
                .ifPresent(copy::clickId);
        filter.offerId()
                .filter(id -> !without.equals("offer"))
                .map(fold.apply("offer"))
                .ifPresent(copy::offerId);
        filter.memberId()
                .filter(id -> !without.equals("member"))
                .map(fold.apply("member"))
                .ifPresent(copy::memberId);
        filter.eventId()
                .filter(id -> !without.equals("event"))
                .map(fold.apply("event"))
                .ifPresent(copy::eventId);
        filter.status().filter(status -> !without.equals("status")).ifPresent(copy::status);
        filter.kind().filter(kind -> !without.equals("kind")).ifPresent(copy::kind);
        filter.reason().filter(reason -> !without.equals("reason")).ifPresent(copy::reason);
        filter.severity().filter(severity -> !without.equals("severity")).ifPresent(copy::severity);
        filter.origin().filter(origin -> !without.equals("origin")).ifPresent(copy::origin);
        filter.caller()
                .filter(caller -> !without.equals("caller"))
                .map(caller -> condition.equals("caller") ? caller.toLowerCase(Locale.ROOT) : caller)
                .ifPresent(copy::caller);
        filter.attemptId().filter(id -> !without.equals("attempt")).ifPresent(copy::attemptId);
        filter.from().filter(from -> !without.equals("from")).ifPresent(copy::from);
        filter.until().filter(until -> !without.equals("until")).ifPresent(copy::until);
        return copy.build();
    }

    // --- side effects

    private void sideEffects() {
        for (String what : List.of("clicks", "conversions", "history", "facts", "slots", "transactions")) {
            with("after put", "forgets " + what, (Offer offer, PlainStore store) -> {
                switch (what) {
                    case "clicks" -> {
                        store.data
                                .clicks
                                .values()
                                .removeIf(click -> click.offerId().equals(offer.offerId()));
                        store.data
                                .clicksById
                                .values()
                                .removeIf(click -> click.offerId().equals(offer.offerId()));
                    }
                    case "conversions" ->
                        store.data.conversions.removeIf(won -> won.offerId().equals(offer.offerId()));
                    case "history" ->
                        store.data.history.removeIf(entry -> entry.offerId().equals(Optional.of(offer.offerId())));
                    case "facts" -> store.data.byScope.clear();
                    case "slots" -> store.data.slots.clear();
                    default -> store.data.transactions.clear();
                }
                return offer;
            });
        }
        for (String joint : List.of("offers.find result", "clicks.find result", "findConversions result")) {
            add(
                    joint,
                    "empty for an interrupted caller",
                    (Map<Object, Object> found) -> Thread.currentThread().isInterrupted() ? Map.of() : found);
        }
        for (String joint : List.of(
                "reports.clicks rows",
                "reports.conversions rows",
                "reports.history rows",
                "reports.several rows",
                "summary rows")) {
            add(
                    joint,
                    "empty for an interrupted caller",
                    (List<Object> found) -> Thread.currentThread().isInterrupted() ? List.of() : found);
        }
        add(
                "facts results",
                "none for an interrupted caller",
                (List<Facts> found) ->
                        Thread.currentThread().isInterrupted() ? Collections.nCopies(found.size(), Facts.NONE) : found);
        add(
                "lookUp results",
                "empty for an interrupted caller",
                (List<Object> found) -> Thread.currentThread().isInterrupted()
                        ? Collections.nCopies(found.size(), Optional.empty())
                        : found);
        add(
                "insert list",
                "lost for an interrupted caller",
                (List<Click> clicks) -> Thread.currentThread().isInterrupted() ? List.of() : clicks);
        add(
                "append results",
                "told appended to an interrupted caller",
                (List<AppendResult> results) -> Thread.currentThread().isInterrupted()
                        ? Collections.nCopies(results.size(), new AppendResult.Appended())
                        : results);
        with("after append", "a duplicate frees the slots", (Settlement settlement, PlainStore store) -> {
            if (settlement.credit().isEmpty()) {
                store.data.slots.clear();
            }
            return settlement;
        });
        with("after append", "a credit frees the scopes", (Settlement settlement, PlainStore store) -> {
            if (settlement.credit().isPresent()
                    && settlement.credit().get().exclusiveScope().isEmpty()) {
                store.data.scopes.clear();
            }
            return settlement;
        });
    }
}
