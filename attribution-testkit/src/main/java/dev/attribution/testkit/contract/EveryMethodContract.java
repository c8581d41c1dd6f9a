package dev.attribution.testkit.contract;

import static dev.attribution.testkit.contract.Samples.NOON;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;
import static org.junit.jupiter.api.Assumptions.abort;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.attribution.StorageException;
import dev.attribution.click.Click;
import dev.attribution.click.ClickContext;
import dev.attribution.click.ClickFlag;
import dev.attribution.click.ClickId;
import dev.attribution.conversion.Conversion;
import dev.attribution.conversion.ConversionStatus;
import dev.attribution.conversion.DuplicatePolicy;
import dev.attribution.conversion.Facts;
import dev.attribution.conversion.Scope;
import dev.attribution.history.HistoryEntry;
import dev.attribution.offer.Offer;
import dev.attribution.postback.PostbackOutcome.Kind;
import dev.attribution.postback.PostbackParser;
import dev.attribution.postback.Reason;
import dev.attribution.report.Day;
import dev.attribution.report.ReportFilter;
import dev.attribution.spi.AppendResult;
import dev.attribution.spi.AttributionStore;
import dev.attribution.spi.FactsQuery;
import dev.attribution.spi.LookUpResult;
import dev.attribution.spi.ReportRepository;
import dev.attribution.spi.Settlement;
import dev.attribution.testkit.Race;
import java.math.BigDecimal;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.Currency;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.UUID;
import java.util.concurrent.Callable;
import java.util.function.Supplier;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** The rules for every method. */
abstract class EveryMethodContract extends ContractTest {
    EveryMethodContract(AttributionStoreContract contract) {
        super(contract);
    }

    /**
     * every 1: A method may be called from many threads at the same time.
     */
    @Test
    @DisplayName("every 1: A method may be called from many threads at the same time.")
    void isSafeToCallFromManyThreads() throws InterruptedException {
        List<List<Click>> inserted = Race.run(AttributionStoreContract.THREADS, thread -> {
            List<Click> clicks = new ArrayList<>();
            for (int i = 0; i < 8; i++) {
                Click click = Samples.click("offer-" + thread, "member-" + i, NOON.plusMillis(i));
                store().offers().put(Samples.offer("offer-" + thread));
                store().clicks().insert(List.of(click));
                clicks.add(click);
                assertThat(append(Samples.credit(click).build())).isEqualTo(new AppendResult.Appended());
                assertThat(facts(click).count()).isOne();
            }
            return clicks;
        });

        for (List<Click> clicks : inserted) {
            List<ClickId> ids = clicks.stream().map(Click::clickId).toList();
            assertThat(store().clicks().find(ids).values()).containsExactlyInAnyOrderElementsOf(clicks);
            String offerId = clicks.get(0).offerId();
            assertThat(store().offers().find(List.of(offerId))).containsOnlyKeys(offerId);
        }
    }

    /**
     * every 2: What a method wrote is durable when the method returns, and every process reads it; in a transaction of
     * the host, this holds after the host's commit.
     */
    @Test
    @DisplayName(
            "every 2: What a method wrote is durable when the method returns, and every process reads it; in a transaction of the host, this holds after the host's commit.")
    void showsWhatItWroteInEveryProcess() throws Exception {
        Click click = Samples.click();
        Settlement credit = Samples.credit(click).build();
        Optional<AttributionStore> another = contract.openAgain(store());
        assumeTrue(another.isPresent(), "openAgain(…) returned empty: only one store can have the data");
        try {
            AttributionStore other = another.get(); // asked before the writes too: it may cache that nothing exists
            assertThat(other.offers().find(List.of(click.offerId()))).isEmpty();
            assertThat(other.clicks().find(List.of(click.clickId()))).isEmpty();
            assertThat(factsOf(click, other)).isEqualTo(Facts.NONE);

            store().offers().put(Samples.offer(click.offerId()));
            store().clicks().insert(List.of(click));
            append(credit);

            assertThat(other.offers().find(List.of(click.offerId()))).containsOnlyKeys(click.offerId());
            assertThat(other.clicks().find(List.of(click.clickId()))).containsValue(click);
            assertThat(factsOf(click, other).first()).contains(conversion(credit));
            assertThat(other.conversions().append(List.of(credit))).containsExactly(known(credit));
            Settlement reversal = Samples.change(conversion(credit));
            append(reversal);
            assertThat(factsOf(click, other).first()).contains(conversion(reversal));
            assertThat(find(other, conversion(credit))).containsValue(conversion(reversal));
            assertThat(other.conversions().append(List.of(reversal))).containsExactly(known(reversal));
        } finally {
            close(another.get());
        }
    }

    private static Map<UUID, Conversion> find(AttributionStore store, Conversion conversion) {
        return store.conversions().findConversions(List.of(conversion.conversionId()));
    }

    private static Facts factsOf(Click click, AttributionStore store) {
        return store.conversions()
                .facts(List.of(query(new Scope.OfClick(click.clickId()), null, null)))
                .get(0);
    }

    /**
     * every 3: A method of an open store raises StorageException if it cannot do its work; it never answers that
     * nothing exists because it could not look.
     */
    @Test
    @DisplayName(
            "every 3: A method of an open store raises StorageException if it cannot do its work; it never answers that nothing exists because it could not look.")
    void raisesAStorageExceptionWhenItsBackendIsDown() throws Exception {
        Optional<AttributionStore> without = openWithoutBackend();
        assumeTrue(without.isPresent(), "openWithoutBackend() returned empty: the store has no backend");
        AttributionStore store = without.get();
        try {
            for (Supplier<Throwable> raised : Race.run(callsOf(store))) {
                assertThat(raised.get()).isInstanceOf(StorageException.class);
            }
        } finally {
            close(store);
        }
    }

    private Optional<AttributionStore> openWithoutBackend() throws Exception {
        try {
            return contract.openWithoutBackend();
        } catch (StorageException e) {
            return abort("openWithoutBackend() raised a StorageException: open the store, then stop its backend");
        }
    }

    /** Calls that return what they raised. They run concurrently, since a store may wait for its backend. */
    private List<Callable<Supplier<Throwable>>> callsOf(AttributionStore store) {
        Click click = Samples.click();
        List<FactsQuery> queries = List.of(query(new Scope.OfClick(click.clickId()), null, null));
        List<ThrowingCallable> calls = new ArrayList<>(List.of(
                () -> store.offers().find(List.of(click.offerId())),
                () -> store.offers().put(Samples.offer(click.offerId())),
                () -> store.clicks().find(List.of(click.clickId())),
                () -> store.clicks().insert(List.of(click)),
                () -> store.clicks().clearFlags(List.of(click.clickId()), NOON),
                () -> store.clicks().insert(List.of(Samples.click(), Samples.click())),
                () -> store.conversions().facts(queries),
                () -> store.conversions().findConversions(List.of(UUID.randomUUID())),
                () -> store.conversions().append(List.of(Samples.credit(click).build())),
                () -> store.conversions().append(List.of(Samples.rejected(click, NOON)))));
        if (contract.capabilities().contains(Capability.REPORTS)) {
            ReportRepository reports = store.reports().orElseThrow();
            calls.add(() -> reports.clicks(ReportFilter.all(), null, 10));
            calls.add(() -> reports.conversions(ReportFilter.all(), null, 10));
            calls.add(() -> reports.history(ReportFilter.all(), null, 10));
            calls.add(() -> reports.summarize(List.of(Day.of(LocalDate.of(2026, 3, 1), ZoneOffset.UTC))));
        }
        return calls.stream()
                .<Callable<Supplier<Throwable>>>map(call -> () -> {
                    Throwable raised = catchThrowable(call);
                    return () -> raised;
                })
                .toList();
    }

    /**
     * every 4: A method returns every id and text exactly as it was given: with its case, its blanks, every code point
     * and its full length.
     */
    @Test
    @DisplayName(
            "every 4: A method returns every id and text exactly as it was given: with its case, its blanks, every code point and its full length.")
    void returnsIdsAndTextsExactlyAsGiven() {
        for (String id : ExactIds.ALL) {
            ClickContext context = ClickContext.builder()
                    .ip(id)
                    .userAgent(id)
                    .referrer(id)
                    .extra("Key \ud83d\ude00", id)
                    .build();
            Click click = new Click(Samples.click().clickId(), id, id, NOON, context);
            Settlement credit = Samples.credit(click).event(id).transaction(id).build();
            Settlement strange = Samples.entryOnly(Samples.entry(click, NOON)
                    .outcome(Kind.UNATTRIBUTED, Reason.MALFORMED_CLICK_ID)
                    .clickId(id + " ", null)
                    .click(null, null)
                    .eventId(id)
                    .transactionId(id)
                    .query("gk_click_id=%20&x=" + id + "&sub1= \t\r\n" + ClickContract.CONTROLS, true)
                    .notes(List.of(id, "a line", "", ClickContract.CONTROLS))
                    .build());
            Settlement upperCase = Samples.entryOnly(Samples.entry(click, NOON)
                    .outcome(Kind.REJECTED, Reason.OFFER_MISMATCH)
                    .clickId(" " + click.clickId().value().toUpperCase(Locale.ROOT) + "\r\n", click.clickId())
                    .query(id, true)
                    .notes(strange.entry().notes())
                    .build());
            Settlement text = Samples.entryOnly(Samples.entry(click, NOON)
                    .outcome(Kind.UNATTRIBUTED, Reason.MALFORMED_CLICK_ID)
                    .clickId(id, null)
                    .click(null, null)
                    .query(id, false)
                    .build());
            Offer offer = Offer.builder(id)
                    .trackingLink("https://example.com/?sub1={gk_click_id}&x=" + id)
                    .build();
            store().offers().put(offer);
            store().clicks().insert(List.of(click));
            append(credit, strange, upperCase, text);

            assertReads(offer);
            assertReads(click);
            assertReads(credit);
            assertReads(strange);
            assertReads(upperCase);
            assertReads(text);
            assertThat(append(credit, strange, upperCase))
                    .containsExactly(known(credit), known(strange), known(upperCase));
        }
        returnsTheLongestTexts();
        returnsTheNamesOfExtras();
        returnsTheTextsOfReservationsAndChanges();
        returnsEntriesOfAClickWithAllTheirTexts();
    }

    private void returnsEntriesOfAClickWithAllTheirTexts() {
        Click click = Samples.click();
        for (String received : Arrays.asList(null, "", "x".repeat(255))) {
            Settlement entry = Samples.entryOnly(Samples.entry(click, NOON)
                    .outcome(Kind.REJECTED, Reason.OFFER_MISMATCH)
                    .clickId(received, click.clickId())
                    .query(" " + "Q".repeat(2_000) + ClickContract.CONTROLS, true)
                    .notes(Stream.concat(
                                    Stream.of("b", "a", "a", "", "x, Y", "x".repeat(1_500)),
                                    IntStream.range(0, 60).mapToObj(i -> "note " + i))
                            .toList())
                    .build());
            append(entry);
            assertReads(entry);
        }
    }

    private void returnsTheTextsOfReservationsAndChanges() {
        for (String id : ExactIds.ALL) {
            Settlement reservation = Samples.reservation(Samples.click(id, id, NOON), id);
            append(reservation);
            assertReads(reservation);
            Conversion before = conversion(reservation);
            Settlement reinstated = Samples.change(new Settlement.Change(
                    before,
                    Samples.next(before).toBuilder().eventId(id).build(),
                    OptionalLong.of(1),
                    Optional.empty()));
            append(reinstated);
            assertReads(reinstated);
        }
    }

    private void returnsTheNamesOfExtras() {
        List<String> names =
                ExactIds.ALL.stream().filter(id -> id.length() <= 64).toList();
        int half = names.size() / 2;
        for (List<String> some : List.of(names.subList(0, half), names.subList(half, names.size()))) {
            ClickContext.Builder context = ClickContext.builder();
            some.forEach(name -> context.extra(name, name));
            Click click = new Click(Samples.click().clickId(), Samples.OFFER, Samples.MEMBER, NOON, context.build());
            store().clicks().insert(List.of(click));
            assertReads(click);
        }
    }

    private void returnsTheLongestTexts() {
        String longest = "\u20ac".repeat(ClickContext.MAX_VALUE);
        ClickContext.Builder context =
                ClickContext.builder().ip(longest).userAgent(longest).referrer(longest);
        IntStream.range(0, ClickContext.MAX_EXTRAS).forEach(i -> context.extra("extra-" + i, longest));
        Click plain = Samples.click();
        Click click = new Click(plain.clickId(), plain.offerId(), plain.memberId(), plain.clickedAt(), context.build());
        Settlement entry = Samples.entryOnly(Samples.entry(click, NOON)
                .outcome(Kind.REJECTED, Reason.OFFER_MISMATCH)
                .query("\u20ac".repeat(PostbackParser.MAX_LENGTH), false)
                .build());
        store().clicks().insert(List.of(click));
        append(entry);

        assertReads(click);
        assertReads(entry);
    }

    /**
     * every 5: A method compares ids exactly: two ids that differ in any code unit are different ids.
     */
    @Test
    @DisplayName("every 5: A method compares ids exactly: two ids that differ in any code unit are different ids.")
    void takesIdsThatDifferInAnythingForTwo() {
        Click click = Samples.click("none", "none", NOON);
        store().clicks().insert(List.of(click));
        int slot = 1;
        for (String id : ExactIds.ALL) {
            store().offers()
                    .put(Offer.builder(id)
                            .trackingLink("https://example.com/" + slot + "?sub1={gk_click_id}")
                            .build());
            assertThat(append(Samples.credit(click)
                            .slot(slot)
                            .event(id)
                            .transaction(id)
                            .build()))
                    .as("a credit with the transaction id '%s'", id)
                    .isEqualTo(new AppendResult.Appended());
            slot++;
        }

        Map<String, Offer> offers = store().offers().find(ExactIds.ALL);
        assertThat(offers).containsOnlyKeys(ExactIds.ALL);
        for (int i = 0; i < ExactIds.ALL.size(); i++) {
            String id = ExactIds.ALL.get(i);
            assertThat(offers)
                    .extractingByKey(id)
                    .extracting(Offer::trackingLink)
                    .asString()
                    .startsWith("https://example.com/" + (i + 1) + "?");
            Facts facts = facts(click, id, id);
            assertThat(facts.sameEvent().flatMap(Conversion::eventId)).contains(id);
            assertThat(facts.addressed().flatMap(Conversion::transactionId)).contains(id);
            assertThat(lookUp(click, id, null).sameEvent().flatMap(Conversion::eventId))
                    .as("the event of a look-up")
                    .contains(id);
            assertThat(lookUp(click, null, id).addressed().flatMap(Conversion::transactionId))
                    .as("the transaction id of a look-up")
                    .contains(id);
        }
        assertThat(lookUp(click, "OFfer", null).sameEvent()).isEmpty();
        assertThat(lookUp(click, null, "offer   ").addressed()).isEmpty();
        assertThat(store().offers().find(List.of("OFfer", "offer   "))).isEmpty();
        assertThat(facts(click, "OFfer", "offer   "))
                .extracting(Facts::sameEvent, Facts::addressed)
                .containsExactly(Optional.empty(), Optional.empty());
        if (contract.capabilities().contains(Capability.MEMBER_AND_OFFER_SCOPE)) {
            takesScopesThatDifferInAnythingForTwo();
        }
        if (contract.capabilities().contains(Capability.REPORTS)) {
            filtersByExactIds();
        }
    }

    private Facts lookUp(Click click, @Nullable String eventId, @Nullable String transactionId) {
        return store().lookUp(List.of(lookUpOf(click, eventId, transactionId)), DuplicatePolicy.onePerEvent())
                .get(0)
                .orElseThrow()
                .facts();
    }

    private void takesScopesThatDifferInAnythingForTwo() {
        for (String id : ExactIds.ALL) {
            for (Click click :
                    List.of(Samples.click(id, Samples.MEMBER, NOON), Samples.click(Samples.OFFER, id, NOON))) {
                assertThat(append(Samples.credit(click).sole().build()))
                        .as("the sole credit of the member '%s' on the offer '%s'", click.memberId(), click.offerId())
                        .isEqualTo(new AppendResult.Appended());
                assertThat(facts(click, ofMember(click), null, null).count())
                        .as("the credits of the member '%s' on the offer '%s'", click.memberId(), click.offerId())
                        .isOne();
            }
        }
    }

    private void filtersByExactIds() {
        ReportRepository reports = store().reports().orElseThrow();
        Instant later = NOON.plus(Duration.ofDays(1)); // than all other rows
        List<Settlement> credits = new ArrayList<>();
        for (String id : ExactIds.ALL) {
            Click click = Samples.click(id, id, later);
            store().clicks().insert(List.of(click));
            credits.add(Samples.credit(click).event(id).at(later).build());
        }
        append(credits.toArray(Settlement[]::new));
        for (String id : ExactIds.ALL) {
            if (ClickId.tryParse(id).isEmpty()) {
                append(Samples.unattributed(id, later));
            }
        }
        for (String id : ExactIds.ALL) {
            if (ClickId.tryParse(id).isEmpty()) {
                ReportFilter filter =
                        ReportFilter.builder().clickId(id).from(later).build();
                assertThat(reports.history(filter, null, 10))
                        .as("the history with %s", Samples.text(filter))
                        .extracting(HistoryEntry::receivedClickId)
                        .containsExactly(filter.receivedClickId());
            }
        }
        for (Settlement credit : credits) {
            Conversion won = conversion(credit);
            for (ReportFilter filter : List.of(
                    ReportFilter.builder().offerId(won.offerId()).from(later).build(),
                    ReportFilter.builder().memberId(won.memberId()).from(later).build())) {
                assertThat(reports.clicks(filter, null, 10))
                        .as("the clicks with %s", Samples.text(filter))
                        .extracting(Click::clickId)
                        .containsExactly(won.clickId());
                assertListed(reports, filter, credit);
            }
            assertListed(
                    reports,
                    ReportFilter.builder()
                            .eventId(won.eventId().orElseThrow())
                            .from(later)
                            .build(),
                    credit);
        }
    }

    private static void assertListed(ReportRepository reports, ReportFilter filter, Settlement credit) {
        assertThat(reports.conversions(filter, null, 10))
                .as("the conversions with %s", Samples.text(filter))
                .containsExactly(conversion(credit));
        assertThat(reports.history(filter, null, 10))
                .as("the history with %s", Samples.text(filter))
                .containsExactly(credit.entry());
    }

    /**
     * every 6: A method returns every instant to the microsecond.
     */
    @Test
    @DisplayName("every 6: A method returns every instant to the microsecond.")
    void returnsInstantsToTheMicrosecond() {
        for (String instant : List.of(
                "2026-03-01T12:00:00.123456Z",
                "2026-03-29T01:30:00.000001Z",
                "2026-10-25T01:30:00.999999Z",
                "1999-12-31T23:59:59.999999Z",
                "2100-02-28T00:00:00Z",
                "2026-03-01T12:00:00.123451Z",
                "1969-12-31T23:59:59.999999Z",
                "2026-11-01T05:30:00.5Z", // twice on the clocks of New York, as the next one
                "2026-11-01T06:30:00.5Z",
                "2026-03-08T07:30:00Z",
                "2026-04-04T14:15:00Z", // twice on the clocks of the Chatham Islands
                "2026-04-04T13:15:00Z",
                "2026-10-25T00:30:00.999999Z")) {
            Click click = Samples.click(Samples.OFFER, Samples.MEMBER, Instant.parse(instant));
            Settlement credit = Samples.credit(click)
                    .event("e")
                    .transaction("t")
                    .at(Instant.parse(instant))
                    .build();
            store().clicks().insert(List.of(click));
            append(credit);

            assertReads(click);
            assertReads(credit);
            returnsTheTimesOfChanges(Instant.parse(instant));
        }
    }

    /** Each time of a conversion is another one, so that a store that mixes them up shows. */
    private void returnsTheTimesOfChanges(Instant at) {
        Settlement pending = Samples.credit(Samples.click())
                .transaction("t")
                .at(at)
                .pending()
                .build();
        append(pending);
        assertReads(pending);
        Conversion state = conversion(pending);
        List<@Nullable Instant> times = new ArrayList<>(Arrays.asList(null, null, null));
        for (int i = 0; i < times.size(); i++) {
            times.set(i, at.plusNanos(1_000L * i).plusSeconds(i));
            Conversion after = state.toBuilder()
                    .status(i == 1 ? ConversionStatus.REVERSED : ConversionStatus.APPROVED, i + 2)
                    .changedAt(times.get(0), times.get(1), times.get(2))
                    .build();
            Settlement change = Samples.change(Settlement.Change.of(state, after));
            append(change);
            assertReads(change);
            state = after;
        }
    }

    /**
     * every 7: A method returns every amount with its scale, up to 20 digits before the decimal point and 18 digits
     * after it.
     */
    @Test
    @DisplayName(
            "every 7: A method returns every amount with its scale, up to 20 digits before the decimal point and 18 digits after it.")
    void returnsAmountsWithTheirScale() {
        for (String amount : List.of("4.5", "4.50", "0", "0.00", "-1.10", "99999999999999999999.999999999999999999")) {
            Click click = Samples.click();
            Settlement credit = Samples.credit(click)
                    .event("e")
                    .transaction("t")
                    .payout(amount)
                    .build();
            append(credit);

            assertReads(credit);
            for (String currency : Arrays.asList("JPY", null)) {
                Settlement pending =
                        Samples.credit(Samples.click()).payout("0.10").pending().build();
                Conversion before = conversion(pending);
                Settlement approval = Samples.change(Settlement.Change.of(
                        before,
                        Samples.next(before).toBuilder()
                                .payout(new BigDecimal(amount))
                                .currency(currency == null ? null : Currency.getInstance(currency))
                                .build()));
                append(pending, approval);
                assertReads(approval);
            }
        }
    }

    private void clears1000Flags() {
        List<Click> flagged = Stream.generate(Samples::click)
                .map(click -> click.with(ClickFlag.of("crawler")))
                .limit(1_000)
                .toList();
        List<ClickId> ids = flagged.stream().map(Click::clickId).toList();
        store().clicks().insert(flagged);
        store().clicks().clearFlags(ids, NOON);
        assertThat(store().clicks().find(ids).values()).hasSize(1_000).allMatch(Click::isCreditable);
    }

    /**
     * every 8: A method accepts lists of 0 to 1,000 elements and answers for each of them.
     */
    @Test
    @DisplayName("every 8: A method accepts lists of 0 to 1,000 elements and answers for each of them.")
    void takesNoneTo1000Elements() {
        assertThat(store().offers().find(List.of())).isEmpty();
        store().clicks().insert(List.of());
        store().clicks().clearFlags(List.of(), NOON);
        assertThat(store().clicks().find(List.of())).isEmpty();
        assertThat(store().conversions().facts(List.of())).isEmpty();
        assertThat(store().conversions().append(List.of())).isEmpty();

        List<Click> clicks = Stream.generate(Samples::click).limit(1_000).toList();
        store().clicks().insert(clicks);
        assertThat(store().clicks().find(clicks.stream().map(Click::clickId).toList()))
                .hasSize(1_000);
        assertThat(store().conversions()
                        .append(clicks.stream()
                                .map(click -> Samples.credit(click).build())
                                .toList()))
                .isEqualTo(Collections.nCopies(1_000, new AppendResult.Appended()));
        assertThat(store().conversions()
                        .facts(clicks.stream()
                                .map(click -> query(new Scope.OfClick(click.clickId()), null, null))
                                .toList()))
                .extracting(Facts::count)
                .isEqualTo(Collections.nCopies(1_000, 1L));
        changes1000Conversions();
        clears1000Flags();
        assertThat(store().offers()
                        .find(IntStream.range(0, 1_000)
                                .mapToObj(i -> "offer-" + i)
                                .toList()))
                .isEmpty();
        takes1000ElementsAtOnce();
    }

    private void changes1000Conversions() {
        List<Settlement> credits = Stream.generate(
                        () -> Samples.credit(Samples.click()).build())
                .limit(500)
                .toList();
        List<Settlement> changes = credits.stream()
                .map(credit -> Samples.change(conversion(credit)))
                .toList();
        List<Settlement> all = Stream.of(credits, changes).flatMap(List::stream).toList();
        assertThat(store().conversions().append(all))
                .isEqualTo(Collections.nCopies(1_000, new AppendResult.Appended()));
        assertThat(store().conversions()
                        .findConversions(credits.stream()
                                .flatMap(credit -> Stream.of(
                                        UUID.randomUUID(), conversion(credit).conversionId()))
                                .toList())
                        .values())
                .containsExactlyInAnyOrderElementsOf(
                        changes.stream().map(ContractTest::conversion).toList());
    }

    private void takes1000ElementsAtOnce() {
        assertThat(store().insertIfUnchanged(Map.of())).isEmpty();
        assertThat(store().lookUp(List.of(), DuplicatePolicy.onePerClickAndMember()))
                .isEmpty();
        List<Offer> offers = IntStream.range(0, 1_000)
                .mapToObj(i -> Samples.offer("put-" + i))
                .toList();
        Map<Offer, List<Click>> clicks = new HashMap<>();
        for (Offer offer : offers) {
            store().offers().put(offer);
            clicks.put(offer, List.of(Samples.click(offer.offerId(), Samples.MEMBER, NOON)));
        }
        assertThat(store().offers().find(offers.stream().map(Offer::offerId).toList()))
                .hasSize(1_000);
        assertThat(store().insertIfUnchanged(clicks)).isEmpty();
        List<Click> inserted = offers.stream()
                .map(offer -> Objects.requireNonNull(clicks.get(offer)).get(0))
                .toList();
        assertThat(store().lookUp(
                                inserted.stream()
                                        .map(click -> lookUpOf(click, null, null))
                                        .toList(),
                                DuplicatePolicy.onePerClickAndMember()))
                .extracting(found -> found.map(LookUpResult::click).orElse(null))
                .isEqualTo(inserted);
    }

    /**
     * every 11: An interrupt of the calling thread never changes an answer: the method returns the same as without it,
     * or raises StorageException.
     */
    @Test
    @DisplayName(
            "every 11: An interrupt of the calling thread never changes an answer: the method returns the same as without it, or raises StorageException.")
    void answersAnInterruptedCallerAsAnyOther() {
        Click click = Samples.click();
        Settlement credit = Samples.credit(click).build();
        store().offers().put(Samples.offer(click.offerId()));
        store().clicks().insert(List.of(click));
        append(credit);
        List<Supplier<Object>> reads = new ArrayList<>(List.of(
                () -> store().offers().find(List.of(click.offerId())),
                () -> store().clicks().find(List.of(click.clickId())),
                () -> facts(click),
                () -> find(store(), conversion(credit)),
                () -> append(credit),
                () -> store().lookUp(List.of(lookUpOf(click, null, null)), DuplicatePolicy.onePerClickAndMember())));
        if (has(Capability.REPORTS)) {
            ReportRepository reports = store().reports().orElseThrow();
            reads.add(() -> reports.clicks(ReportFilter.all(), null, 10));
            reads.add(() -> reports.conversions(ReportFilter.all(), null, 10));
            reads.add(() -> reports.history(ReportFilter.all(), null, 10));
            reads.add(() -> reports.history(List.of(click.clickId()), null, 10));
            reads.add(() -> reports.summarize(List.of(Day.of(LocalDate.of(2026, 3, 1), ZoneOffset.UTC))));
        }
        for (Supplier<Object> read : reads) {
            Object expected = read.get();
            interrupted(read)
                    .ifPresent(answer -> assertThat(answer)
                            .as("the answer to an interrupted caller")
                            .isEqualTo(expected));
            assertThat(read.get()).as("the answer after an interrupt").isEqualTo(expected);
        }
        writesForAnInterruptedCaller();
    }

    private void writesForAnInterruptedCaller() {
        Click click = Samples.click();
        Settlement credit = Samples.credit(click).build();
        Offer offer = Samples.offer("interrupted");
        Optional<Object> inserted = interrupted(() -> {
            store().clicks().insert(List.of(click));
            return true;
        });
        Optional<Object> appended = interrupted(() -> append(credit));
        Optional<Object> put = interrupted(() -> {
            store().offers().put(offer);
            return true;
        });

        inserted.ifPresent(done ->
                assertThat(store().clicks().find(List.of(click.clickId()))).containsEntry(click.clickId(), click));
        appended.ifPresent(result -> assertThat(result).isEqualTo(new AppendResult.Appended()));
        appended.ifPresent(result -> assertThat(append(credit)).isEqualTo(known(credit)));
        put.ifPresent(done ->
                assertThat(store().offers().find(List.of("interrupted"))).containsEntry("interrupted", offer));
        append(credit);
        assertThat(append(credit)).as("an append after an interrupted one").isEqualTo(known(credit));
    }

    /** Calls on an interrupted thread; empty if the store raises its exception. */
    private static Optional<Object> interrupted(Supplier<Object> call) {
        Thread.currentThread().interrupt();
        try {
            return Optional.of(call.get());
        } catch (StorageException e) {
            return Optional.empty();
        } finally {
            Thread.interrupted();
        }
    }
}
