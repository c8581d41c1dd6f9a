package dev.attribution.testkit.contract;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.attribution.click.Click;
import dev.attribution.click.ClickId;
import dev.attribution.conversion.CallKey;
import dev.attribution.conversion.Conversion;
import dev.attribution.conversion.ConversionStatus;
import dev.attribution.conversion.DuplicatePolicy;
import dev.attribution.conversion.Facts;
import dev.attribution.conversion.Scope;
import dev.attribution.history.HistoryEntry;
import dev.attribution.offer.Offer;
import dev.attribution.postback.PostbackOutcome.Kind;
import dev.attribution.report.ReportFilter;
import dev.attribution.spi.AppendResult;
import dev.attribution.spi.AttributionStore;
import dev.attribution.spi.FactsQuery;
import dev.attribution.spi.LookUpQuery;
import dev.attribution.spi.LookUpResult;
import dev.attribution.spi.ReportRepository;
import dev.attribution.spi.Settlement;
import dev.attribution.testkit.Race;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.extension.TestExecutionExceptionHandler;

/** Tests of a part of the contract, each on its own empty store. A failure quotes the broken sentence. */
abstract class ContractTest {
    @RegisterExtension
    final TestExecutionExceptionHandler quoting = ContractTest::quote;

    @RegisterExtension
    final TimeLimit timeLimit;

    /** The time of an id, in its place. */
    private static final long TIME = Samples.attemptId().getMostSignificantBits() & ~0xffffL;

    final AttributionStoreContract contract;
    private @Nullable AttributionStore opened;

    ContractTest(AttributionStoreContract contract) {
        this.contract = contract;
        this.timeLimit = new TimeLimit(contract::timeLimit);
    }

    @BeforeEach
    void openStore() throws Exception {
        opened = Objects.requireNonNull(contract.openStore(), "openStore() returned null");
    }

    @AfterEach
    void closeStore() throws Exception {
        close(opened);
    }

    static void close(@Nullable AttributionStore store) throws Exception {
        if (store instanceof AutoCloseable closeable) {
            closeable.close();
        }
    }

    private static void quote(ExtensionContext context, Throwable thrown) throws Throwable {
        boolean aborted = thrown.getClass()
                .getSimpleName()
                .equals("TestAbortedException"); // of opentest4j, which the kit does not require
        if (!aborted) {
            throw new AssertionError("The store breaks '" + context.getDisplayName() + "'\n" + thrown, thrown);
        }
        throw thrown;
    }

    final AttributionStore store() {
        return Objects.requireNonNull(opened);
    }

    final void needs(Capability capability) {
        assumeTrue(contract.capabilities().contains(capability), () -> "The store does not declare " + capability);
    }

    /** Opens another store on the data of the store, or aborts the test. */
    final AttributionStore openAgain() throws Exception {
        Optional<AttributionStore> another = contract.openAgain(store());
        assumeTrue(another.isPresent(), "openAgain(…) returned empty: only one store can have the data");
        return another.get();
    }

    final boolean has(Capability capability) {
        return contract.capabilities().contains(capability);
    }

    /**
     * Returns an id. If the store needs ids with a time, it has one, and is in the same order to other such ids: by the
     * high part, which is taken as it is if it is less than 4,096, then by the low one.
     */
    final UUID id(long high, long low) {
        if (has(Capability.IDS_WITHOUT_TIME)) {
            return new UUID(high, low);
        }
        long twelveBits = high >= 0 && high < 4_096 ? high : high >>> 52;
        return new UUID(TIME | 0x7000L | twelveBits, Long.MIN_VALUE | ((low >>> 2) & ~7L) | (low & 7));
    }

    /** UUIDs in ascending order, around the values at which signed numbers change their sign. */
    final UUID[] unsignedIds() {
        return new UUID[] {id(0, 1), id(0, Long.MIN_VALUE), id(Long.MAX_VALUE, 0), id(Long.MIN_VALUE, 7)};
    }

    /** Reads again and again while another thread writes, and once more after that. */
    static void readWhile(Runnable write, Runnable read) throws InterruptedException {
        AtomicBoolean written = new AtomicBoolean();
        Race.run(List.of(
                () -> {
                    try {
                        write.run();
                    } finally {
                        written.set(true);
                    }
                    return true;
                },
                () -> {
                    boolean last;
                    do {
                        last = written.get();
                        read.run();
                    } while (!last);
                    return true;
                }));
    }

    final AppendResult append(Settlement settlement) {
        return store().conversions().append(List.of(settlement)).get(0);
    }

    final List<AppendResult> append(Settlement... settlements) {
        return store().conversions().append(List.of(settlements));
    }

    final Facts facts(Click click) {
        return facts(click, null, null);
    }

    final Facts facts(Click click, @Nullable String eventId, @Nullable String transactionId) {
        return facts(click, Scope.ofClick(click), eventId, transactionId);
    }

    final Facts facts(Click click, Scope scope, @Nullable String eventId, @Nullable String transactionId) {
        return facts(query(click, scope, eventId, transactionId));
    }

    final Facts facts(FactsQuery query) {
        return store().conversions().facts(List.of(query)).get(0);
    }

    static FactsQuery query(Scope.OfClick scope, @Nullable String eventId, @Nullable String transactionId) {
        return new FactsQuery(scope.clickId(), scope, eventId, keyOf(transactionId), ConversionStatus.APPROVED);
    }

    /** The query for an approval. */
    static FactsQuery query(Click click, Scope scope, @Nullable String eventId, @Nullable String transactionId) {
        return new FactsQuery(click.clickId(), scope, eventId, keyOf(transactionId), ConversionStatus.APPROVED);
    }

    static LookUpQuery lookUpOf(Click click, @Nullable String eventId, @Nullable String transactionId) {
        return new LookUpQuery(click.clickId(), eventId, keyOf(transactionId), ConversionStatus.APPROVED);
    }

    static @Nullable String keyOf(@Nullable String transactionId) {
        return CallKey.TRANSACTION_ID.of(transactionId, null);
    }

    static Scope ofMember(Click click) {
        return Scope.ofMember(click);
    }

    /** Asserts that every method that finds a stored click returns it as it was given. */
    final void assertReads(Click click) {
        assertThat(store().clicks().find(List.of(click.clickId()))).containsEntry(click.clickId(), click);
        assertThat(lookUp(click).map(LookUpResult::click))
                .as("the click of a look-up")
                .contains(click);
        if (has(Capability.REPORTS)) {
            assertThat(reports().clicks(ofClick(click.clickId()), null, 1))
                    .as("the click in a report")
                    .containsExactly(click);
        }
    }

    /** Asserts that every method that finds a stored offer returns it as it was given. */
    final void assertReads(Offer offer) {
        Click click = Samples.click(offer.offerId(), Samples.MEMBER, Samples.NOON);
        store().clicks().insert(List.of(click));
        assertThat(store().offers().find(List.of(offer.offerId()))).containsEntry(offer.offerId(), offer);
        boolean isFactsKnown = has(Capability.MEMBER_AND_OFFER_SCOPE)
                || !offer.duplicatePolicy().equals(Optional.of(DuplicatePolicy.onePerMemberAndOffer()));
        if (isFactsKnown) {
            assertThat(lookUp(click).flatMap(LookUpResult::offer))
                    .as("the offer of a look-up")
                    .contains(offer);
        }
    }

    /** Asserts that every method that finds a stored settlement returns it as it was given. */
    final void assertReads(Settlement settlement) {
        HistoryEntry entry = settlement.entry();
        settlement.effect().map(Settlement.Effect::conversion).ifPresent(this::assertReads);
        if (entry.kind() != Kind.DUPLICATE) {
            assertThat(append(settlement)).as("a second append").isEqualTo(known(settlement));
        }
        if (has(Capability.REPORTS)) {
            ReportFilter filter =
                    ReportFilter.builder().attemptId(entry.attemptId()).build();
            assertThat(reports().history(filter, null, 1))
                    .as("the entry in a report")
                    .containsExactly(entry);
            entry.clickId()
                    .ifPresent(clickId -> assertThat(reports().history(List.of(clickId), null, 100))
                            .as("the entry in the history of clicks")
                            .contains(entry));
        }
    }

    private void assertReads(Conversion won) {
        Facts facts = facts(new FactsQuery(
                won.clickId(),
                Scope.ofClick(won),
                won.eventId().orElse(null),
                won.callKey().orElse(null),
                ConversionStatus.APPROVED));
        Optional<Conversion> placed = won.isReservation() ? Optional.empty() : Optional.of(won);
        assertThat(facts.first()).as("the first conversion").isEqualTo(placed);
        assertThat(facts.sameEvent()).as("the conversion of the same event").isEqualTo(placed);
        if (won.callKey().isPresent()) {
            assertThat(facts.addressed()).as("the conversion of the same call").contains(won);
        }
        assertThat(store().conversions().findConversions(List.of(won.conversionId())))
                .as("the conversion of an id")
                .containsEntry(won.conversionId(), won);
        if (has(Capability.REPORTS) && !won.isReservation()) {
            assertThat(reports().conversions(ofClick(won.clickId()), null, 1))
                    .as("the conversion in a report")
                    .containsExactly(won);
        }
    }

    private ReportRepository reports() {
        return store().reports().orElseThrow(() -> new AssertionError("The store declares REPORTS but has no reports"));
    }

    private static ReportFilter ofClick(ClickId clickId) {
        return ReportFilter.builder().clickId(clickId).build();
    }

    private Optional<LookUpResult> lookUp(Click click) {
        return store().lookUp(List.of(lookUpOf(click, null, null)), DuplicatePolicy.onePerClickAndMember())
                .get(0);
    }

    /** The result of appending a stored settlement again. */
    static AppendResult known(Settlement stored) {
        return new AppendResult.Known(stored.entry(), stored.effect().map(Settlement.Effect::conversion));
    }

    static Conversion conversion(Settlement settlement) {
        return settlement.effect().orElseThrow().conversion();
    }
}
