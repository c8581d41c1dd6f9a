package dev.attribution.testkit.contract;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.attribution.click.Click;
import dev.attribution.conversion.Conversion;
import dev.attribution.conversion.Facts;
import dev.attribution.conversion.Scope;
import dev.attribution.spi.AppendResult;
import dev.attribution.spi.AttributionStore;
import dev.attribution.spi.FactsQuery;
import dev.attribution.spi.Settlement;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
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
        return facts(new Scope.OfClick(click.clickId()), eventId, transactionId);
    }

    final Facts facts(Scope scope, @Nullable String eventId, @Nullable String transactionId) {
        return store().conversions()
                .facts(List.of(query(scope, eventId, transactionId)))
                .get(0);
    }

    static FactsQuery query(Scope scope, @Nullable String eventId, @Nullable String transactionId) {
        return new FactsQuery(scope, eventId, transactionId);
    }

    static Scope ofMember(Click click) {
        return new Scope.OfMember(click.offerId(), click.memberId());
    }

    /** The result of appending a stored settlement again. */
    static AppendResult known(Settlement stored) {
        return new AppendResult.Known(stored.entry(), stored.credit().map(Settlement.Credit::conversion));
    }

    static Conversion conversion(Settlement settlement) {
        return settlement.credit().orElseThrow().conversion();
    }
}
