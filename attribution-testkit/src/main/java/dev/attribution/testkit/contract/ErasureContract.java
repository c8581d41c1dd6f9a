package dev.attribution.testkit.contract;

import static dev.attribution.testkit.contract.Samples.MEMBER;
import static dev.attribution.testkit.contract.Samples.NOON;
import static dev.attribution.testkit.contract.Samples.OFFER;
import static dev.attribution.testkit.contract.Samples.TOKEN;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.attribution.click.Click;
import dev.attribution.click.ClickContext;
import dev.attribution.conversion.Conversion;
import dev.attribution.conversion.Facts;
import dev.attribution.history.HistoryEntry;
import dev.attribution.postback.PostbackOutcome.Kind;
import dev.attribution.postback.Reason;
import dev.attribution.report.ReportFilter;
import dev.attribution.spi.AppendResult;
import dev.attribution.spi.ErasedRows;
import dev.attribution.spi.ErasureRepository;
import dev.attribution.spi.Settlement;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** The erasure of a member. */
abstract class ErasureContract extends ContractTest {
    private static final AppendResult APPENDED = new AppendResult.Appended();
    private static final AppendResult STALE = new AppendResult.Stale();

    ErasureContract(AttributionStoreContract contract) {
        super(contract);
    }

    @BeforeEach
    void needsErasure() {
        assumeTrue(store().erasure().isPresent(), "The store has no erasure: it leaves out this capability");
    }

    /**
     * erase 1: An erased click has the token for its member and an empty context; its other parts, the hash of the member
     * among them, stay.
     */
    @Test
    @DisplayName(
            "erase 1: An erased click has the token for its member and an empty context; its other parts, the hash of the member among them, stay.")
    void erasesClicks() {
        Click click = click(OFFER, MEMBER);

        assertThat(erase(MEMBER)).isEqualTo(new ErasedRows(1, 0, 0));

        assertReads(Samples.forgotten(click));
    }

    /**
     * erase 2: An erased conversion or reservation has the token for its member; its other parts stay.
     */
    @Test
    @DisplayName("erase 2: An erased conversion or reservation has the token for its member; its other parts stay.")
    void erasesConversions() {
        Click click = click(OFFER, MEMBER);
        Settlement credit =
                Samples.credit(click).event("e").transaction("t").payout("1.50").build();
        Settlement reservation = Samples.reservation(click, "r");
        append(credit, reservation);

        assertThat(erase(MEMBER).conversions()).isEqualTo(2);

        Conversion credited = erased(conversion(credit));
        Conversion reserved = erased(conversion(reservation));
        assertThat(store().conversions().findConversions(List.of(credited.conversionId(), reserved.conversionId())))
                .containsEntry(credited.conversionId(), credited)
                .containsEntry(reserved.conversionId(), reserved);
        if (has(Capability.REPORTS)) {
            assertThat(store().reports().orElseThrow().conversions(ofClick(click), null, 9))
                    .containsExactly(credited);
        }
    }

    /**
     * erase 3: An erased history entry has the token for its member and is otherwise as HistoryEntry#erased describes.
     */
    @Test
    @DisplayName(
            "erase 3: An erased history entry has the token for its member and is otherwise as HistoryEntry#erased describes.")
    void erasesHistory() {
        Click click = click(OFFER, MEMBER);
        Settlement credit = Samples.credit(click).transaction("t").build();
        HistoryEntry spoken = Samples.entry(click, NOON)
                .outcome(Kind.REJECTED, Reason.OFFER_MISMATCH)
                .eventId("e")
                .body("{\"member\":\"" + MEMBER + "\"}", "application/json")
                .notes(List.of("payout is '" + MEMBER + "'"))
                .build();
        Settlement changed = Samples.change(conversion(credit));
        append(credit, Samples.entryOnly(spoken));
        append(changed);

        assertThat(erase(MEMBER).entries()).isEqualTo(3);

        for (Settlement settlement : List.of(credit, Samples.entryOnly(spoken), changed)) {
            HistoryEntry expected = settlement.entry().erased(TOKEN);
            assertThat(append(settlement))
                    .isInstanceOfSatisfying(
                            AppendResult.Known.class,
                            known -> assertThat(known.entry()).isEqualTo(expected));
            if (has(Capability.REPORTS)) {
                assertThat(store().reports()
                                .orElseThrow()
                                .history(
                                        ReportFilter.builder()
                                                .attemptId(expected.attemptId())
                                                .build(),
                                        null,
                                        1))
                        .containsExactly(expected);
            }
        }
    }

    /**
     * erase 4: Places and facts stay as they are: an erased conversion counts, is addressed and is changed as before.
     */
    @Test
    @DisplayName(
            "erase 4: Places and facts stay as they are: an erased conversion counts, is addressed and is changed as before.")
    void keepsPlacesAndFacts() {
        Click click = click(OFFER, MEMBER);
        boolean hasMembers = has(Capability.MEMBER_AND_OFFER_SCOPE);
        SampleCredit sample = Samples.credit(click).event("e").transaction("t");
        Settlement credit = (hasMembers ? sample.sole() : sample).build();
        append(credit);

        erase(MEMBER);

        Conversion erased = erased(conversion(credit));
        Optional<Conversion> found = Optional.of(erased);
        assertThat(facts(click, "e", "t")).isEqualTo(new Facts(1, found, found, found, false));
        assertThat(append(Samples.credit(click).build())).isEqualTo(STALE);
        assertThat(append(Samples.credit(click).slot(2).transaction("t").build()))
                .isEqualTo(STALE);
        if (hasMembers) {
            Click again = Samples.click();
            assertThat(facts(again, ofMember(again), null, null).first()).isEqualTo(found);
            assertThat(append(Samples.credit(again).sole().build())).isEqualTo(STALE);
        }
        assertThat(append(Samples.change(erased))).isEqualTo(APPENDED);
    }

    /**
     * erase 5: A change that was decided before an erasure and is appended after it leaves the conversion erased.
     */
    @Test
    @DisplayName(
            "erase 5: A change that was decided before an erasure and is appended after it leaves the conversion erased.")
    void leavesAChangedConversionErased() {
        Click click = click(OFFER, MEMBER);
        Settlement credit = Samples.credit(click).pending().build();
        append(credit);
        Settlement change = Samples.change(conversion(credit));

        erase(MEMBER);

        assertThat(append(change)).isEqualTo(APPENDED);
        Conversion changed = erased(conversion(change));
        assertThat(store().conversions().findConversions(List.of(changed.conversionId())))
                .containsEntry(changed.conversionId(), changed);
    }

    /**
     * erase 6: An insert of a click that is stored and was erased since leaves it erased, and raises nothing.
     */
    @Test
    @DisplayName(
            "erase 6: An insert of a click that is stored and was erased since leaves it erased, and raises nothing.")
    void leavesAClickErasedThatIsInsertedAgain() {
        Click click = click(OFFER, MEMBER);
        Click another = Samples.click();

        erase(MEMBER);
        store().clicks().insert(List.of(another, click));

        assertReads(Samples.forgotten(click));
        assertReads(another);
    }

    /**
     * erase 7: The method erases at most limit rows, each of them as a whole.
     */
    @Test
    @DisplayName("erase 7: The method erases at most limit rows, each of them as a whole.")
    void erasesInBatches() {
        List<Click> clicks = new ArrayList<>();
        for (int i = 0; i < 5; i++) {
            clicks.add(click(OFFER, MEMBER));
            append(Samples.credit(clicks.get(i)).build());
        }

        ErasedRows all = new ErasedRows(0, 0, 0);
        ErasedRows some;
        int calls = 0;
        do {
            some = erasure().erase(MEMBER, TOKEN, 4);
            assertThat(some.all()).isLessThanOrEqualTo(4);
            all = new ErasedRows(
                    all.clicks() + some.clicks(),
                    all.conversions() + some.conversions(),
                    all.entries() + some.entries());
            for (Click click : clicks) {
                assertThat(store().clicks().find(List.of(click.clickId())).get(click.clickId()))
                        .isIn(click, Samples.forgotten(click));
            }
            calls++;
        } while (some.all() > 0 && calls < 20);
        assertThat(all).isEqualTo(new ErasedRows(5, 5, 5));
    }

    /**
     * erase 8: If the method returns 0, no click, conversion or entry that was stored before the call has the id of the
     * member.
     */
    @Test
    @DisplayName(
            "erase 8: If the method returns 0, no click, conversion or entry that was stored before the call has the id of the member.")
    void erasesEverything() {
        List<Click> clicks = new ArrayList<>();
        List<Settlement> settlements = new ArrayList<>();
        for (int i = 0; i < 30; i++) {
            Click click = click(i % 2 == 0 ? OFFER : "another", MEMBER);
            clicks.add(click);
            settlements.add(Samples.credit(click).build());
            settlements.add(Samples.rejected(click, NOON));
        }
        append(settlements.toArray(Settlement[]::new));

        int calls = 0;
        while (erasure().erase(MEMBER, TOKEN, 7).all() > 0) {
            assertThat(++calls).as("calls for 120 rows").isLessThan(200);
        }

        for (Click click : clicks) {
            assertReads(Samples.forgotten(click));
        }
        for (Settlement settlement : settlements) {
            assertThat(append(settlement)).isInstanceOfSatisfying(AppendResult.Known.class, known -> {
                assertThat(known.entry().memberId()).contains(TOKEN);
                known.conversion()
                        .ifPresent(
                                conversion -> assertThat(conversion.memberId()).isEqualTo(TOKEN));
            });
        }
        assertThat(erase("nobody")).isEqualTo(new ErasedRows(0, 0, 0));
    }

    /**
     * erase 9: Rows of other members stay as they are.
     */
    @Test
    @DisplayName("erase 9: Rows of other members stay as they are.")
    void leavesOtherMembersAlone() {
        click(OFFER, MEMBER);
        List<Click> others = new ArrayList<>();
        for (String member : List.of("MEMBER-7", MEMBER + " ", "member-70", "member-", OFFER, "mémber-7")) {
            Click other = click(OFFER, member);
            others.add(other);
            append(Samples.credit(other).build(), Samples.rejected(other, NOON));
        }

        erase(MEMBER);

        for (Click other : others) {
            assertReads(other);
            assertThat(facts(other).first().map(Conversion::memberId)).contains(other.memberId());
        }
    }

    /**
     * erase 10: The method erases the entries that have one of the ids, and no other.
     */
    @Test
    @DisplayName("erase 10: The method erases the entries that have one of the ids, and no other.")
    void erasesEntriesByTheirIds() {
        Click click = click(OFFER, MEMBER);
        Settlement named = Samples.rejected(click, NOON);
        Settlement other = Samples.rejected(click, NOON);
        Settlement unattributed = Samples.unattributed(MEMBER, NOON);
        append(named, other, unattributed);

        assertThat(erasure()
                        .eraseEntries(List.of(
                                named.entry().attemptId(), unattributed.entry().attemptId(), Samples.attemptId())))
                .isEqualTo(new ErasedRows(0, 0, 2));

        assertThat(append(named, other, unattributed))
                .containsExactly(
                        new AppendResult.Known(named.entry().erased(null), Optional.empty()),
                        known(other),
                        new AppendResult.Known(unattributed.entry().erased(null), Optional.empty()));
        assertThat(erasure().eraseEntries(List.of())).isEqualTo(new ErasedRows(0, 0, 0));
    }

    private Click click(String offerId, String memberId) {
        Click plain = Samples.click(offerId, memberId, NOON);
        ClickContext context = ClickContext.builder()
                .ip("203.0.113.9")
                .userAgent("Agent/1.0")
                .referrer("https://example.com/?m=" + MEMBER)
                .extra("session", MEMBER)
                .build();
        Click click = new Click(plain.clickId(), offerId, memberId, plain.clickedAt(), context);
        store().clicks().insert(List.of(click));
        return click;
    }

    private static Conversion erased(Conversion conversion) {
        return conversion.toBuilder()
                .credits(conversion.clickId(), conversion.offerId(), TOKEN)
                .memberScope(conversion.memberScope())
                .build();
    }

    private static ReportFilter ofClick(Click click) {
        return ReportFilter.builder().clickId(click.clickId()).build();
    }

    private ErasedRows erase(String memberId) {
        return erasure().erase(memberId, TOKEN, 1_000);
    }

    private ErasureRepository erasure() {
        return store().erasure().orElseThrow();
    }
}
