package dev.attribution;

import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import dev.attribution.click.Click;
import dev.attribution.click.ClickContext;
import dev.attribution.click.ClickFlag;
import dev.attribution.click.ClickId;
import dev.attribution.click.ClickRequest;
import dev.attribution.click.Redirect;
import dev.attribution.click.ScreenVerdict;
import dev.attribution.conversion.Conversion;
import dev.attribution.conversion.ConversionChange;
import dev.attribution.conversion.ConversionStatus;
import dev.attribution.conversion.DuplicatePolicy;
import dev.attribution.conversion.Facts;
import dev.attribution.history.HistoryEntry;
import dev.attribution.link.LinkTemplate;
import dev.attribution.link.LinkTemplater;
import dev.attribution.offer.Offer;
import dev.attribution.postback.Postback;
import dev.attribution.postback.PostbackOutcome.Kind;
import dev.attribution.postback.PostbackParser;
import dev.attribution.postback.PostbackStatus;
import dev.attribution.report.ReportFilter;
import dev.attribution.spi.Settlement;
import java.lang.reflect.Constructor;
import java.lang.reflect.Modifier;
import java.lang.reflect.ParameterizedType;
import java.lang.reflect.RecordComponent;
import java.lang.reflect.Type;
import java.math.BigDecimal;
import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Currency;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.function.Function;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** No {@code toString()} tells a person: in every type that can be printed, persons are put, and looked for. */
class NoPersonInTextTest {
    private static final String PERSON = "p3rson";
    private static final UUID ID = new UUID(0x7000L, Long.MIN_VALUE);
    private static final ClickContext CONTEXT = ClickContext.builder()
            .ip(PERSON)
            .userAgent(PERSON)
            .referrer(PERSON)
            .extra("e-mail", PERSON)
            .build();
    private static final Conversion CONVERSION = Conversion.builder(ID)
            .attemptId(ID)
            .credits(ClickId.of(ID), "offer", PERSON)
            .convertedAt(Instant.EPOCH)
            .build();
    private static final Conversion REVERSED = CONVERSION.toBuilder()
            .status(ConversionStatus.REVERSED, 2)
            .changedAt(Instant.EPOCH, Instant.EPOCH, null)
            .build();
    private static final Conversion RESERVATION = CONVERSION.toBuilder()
            .transactionId("t")
            .reservation(true)
            .status(ConversionStatus.REVERSED, 1)
            .changedAt(null, Instant.EPOCH, null)
            .build();
    private static final HistoryEntry ENTRY = HistoryEntry.builder(ID)
            .receivedAt(Instant.EPOCH)
            .outcome(Kind.ATTRIBUTED, null)
            .conversionId(ID)
            .clickId(PERSON, ClickId.of(ID))
            .click("offer", PERSON)
            .query("member_id=" + PERSON, false)
            .build();
    private static final Map<Class<?>, Object> SAMPLES = Map.ofEntries(
            Map.entry(ClickId.class, ClickId.of(ID)),
            Map.entry(UUID.class, ID),
            Map.entry(Instant.class, Instant.EPOCH),
            Map.entry(Duration.class, Duration.ZERO),
            Map.entry(LocalDate.class, LocalDate.EPOCH),
            Map.entry(ZoneId.class, ZoneOffset.UTC),
            Map.entry(URI.class, URI.create("https://e.com/?m=" + PERSON)),
            Map.entry(BigDecimal.class, BigDecimal.ONE),
            Map.entry(Currency.class, Currency.getInstance("EUR")),
            Map.entry(ClickContext.class, CONTEXT),
            Map.entry(Click.class, new Click(ClickId.of(ID), "offer", PERSON, Instant.EPOCH, CONTEXT)),
            Map.entry(ClickFlag.class, ClickFlag.of("head")),
            Map.entry(ScreenVerdict.class, ScreenVerdict.flagged("head")),
            Map.entry(Redirect.class, new Redirect(ClickId.of(ID), URI.create("https://e.com/?m=" + PERSON))),
            Map.entry(
                    ClickRequest.class,
                    new ClickRequest("offer", PERSON, CONTEXT, "GET", Map.of("cookie", List.of(PERSON)))),
            Map.entry(Conversion.class, CONVERSION),
            Map.entry(Facts.class, new Facts(1, Optional.of(CONVERSION), Optional.empty(), Optional.empty(), false)),
            Map.entry(ConversionChange.class, new ConversionChange(CONVERSION.state(), REVERSED.state())),
            Map.entry(
                    Settlement.class,
                    new Settlement(ENTRY, Optional.of(new Settlement.Credit(CONVERSION, 1, Optional.empty())))),
            Map.entry(Settlement.Change.class, Settlement.Change.of(CONVERSION, REVERSED)),
            Map.entry(Settlement.Reservation.class, new Settlement.Reservation(RESERVATION)),
            Map.entry(HistoryEntry.class, ENTRY),
            Map.entry(Postback.class, PostbackParser.parse("gk_click_id=x&member_id=" + PERSON)),
            Map.entry(
                    PostbackStatus.class,
                    new PostbackStatus(Optional.of(ConversionStatus.APPROVED), Optional.empty(), false, true)),
            Map.entry(
                    ReportFilter.class, ReportFilter.builder().memberId(PERSON).build()),
            Map.entry(DuplicatePolicy.class, DuplicatePolicy.onePerEvent()),
            Map.entry(
                    Offer.class,
                    Offer.builder("offer")
                            .trackingLink("https://e.com?s={gk_click_id}")
                            .build()),
            Map.entry(LinkTemplate.class, LinkTemplater.standard().parse("https://e.com?s={gk_click_id}")));

    /** Parts of a type that are about a person, by their names. */
    private static final Set<String> PERSONS =
            Set.of("memberId", "ip", "userAgent", "referrer", "query", "receivedClickId", "text", "location");

    @Test
    void noTypeOfTheApiPrintsAPerson() {
        List<String> printed = new ArrayList<>();
        for (JavaClass javaClass : new ClassFileImporter()
                .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
                .importPackages("dev.attribution")) {
            Class<?> type = javaClass.reflect();
            boolean isApi = Modifier.isPublic(type.getModifiers())
                    && !type.getPackageName().contains("engine")
                    && !type.getPackageName().contains("internal")
                    && !type.getPackageName().contains("reconcile")
                    && !type.getPackageName().contains("repair");
            if (isApi && (type.isRecord() || SAMPLES.containsKey(type))) {
                String text = sample(type, type.getSimpleName()).toString();
                assertThat(text).as(type.getName()).doesNotContain(PERSON);
                printed.add(type.getSimpleName());
            }
        }

        assertThat(printed)
                .contains(
                        "Click", "ClickRequest", "Redirect", "Claim", "OfMember", "Conversion", "HistoryEntry", "Trace")
                .hasSizeGreaterThan(20);
    }

    private static Object sample(Type type, String name) {
        if (type instanceof ParameterizedType generic) {
            Class<?> raw = (Class<?>) generic.getRawType();
            Type[] of = generic.getActualTypeArguments();
            if (raw == Optional.class) {
                return Optional.of(sample(of[0], name));
            }
            if (raw == Function.class) {
                return Function.identity();
            }
            return raw == Map.class
                    ? Map.of(sample(of[0], name), sample(of[1], name))
                    : raw == Set.class ? Set.of(sample(of[0], name)) : List.of(sample(of[0], name));
        }
        if (!(type instanceof Class<?> known)) {
            return "x"; // a type variable
        }
        if (SAMPLES.containsKey(known)) {
            return SAMPLES.get(known);
        }
        if (known == String.class) {
            return PERSONS.contains(name) ? PERSON : "x";
        }
        if (known == int.class || known == long.class || known == Long.class || known == boolean.class) {
            return known == long.class || known == Long.class
                    ? (Object) 1L
                    : known == int.class ? (Object) 1 : (Object) true;
        }
        if (known.isEnum()) {
            return Stream.of(known.getEnumConstants())
                    .filter(constant -> !constant.toString().equals("ATTRIBUTED"))
                    .findFirst()
                    .orElseThrow();
        }
        if (known.isRecord()) {
            return record(known);
        }
        assertThat(known.isSealed()).as("a sample of " + known).isTrue();
        return sample(known.getPermittedSubclasses()[0], name);
    }

    private static Object record(Class<?> type) {
        RecordComponent[] components = type.getRecordComponents();
        Class<?>[] types = Stream.of(components).map(RecordComponent::getType).toArray(Class<?>[]::new);
        Object[] values = Stream.of(components)
                .map(component -> sample(component.getGenericType(), component.getName()))
                .toArray();
        try {
            Constructor<?> constructor = type.getDeclaredConstructor(types);
            constructor.setAccessible(true);
            return constructor.newInstance(values);
        } catch (ReflectiveOperationException e) {
            throw new LinkageError("No sample of " + type, e);
        }
    }
}
