package dev.attribution.testkit.contract;

import static dev.attribution.testkit.contract.Samples.MEMBER;
import static dev.attribution.testkit.contract.Samples.NOON;
import static dev.attribution.testkit.contract.Samples.OFFER;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.attribution.click.Click;
import dev.attribution.conversion.Conversion;
import dev.attribution.conversion.Facts;
import dev.attribution.report.Cursor;
import dev.attribution.report.ReportFilter;
import dev.attribution.spi.AppendResult;
import dev.attribution.spi.DeletedRows;
import dev.attribution.spi.RetentionRepository;
import dev.attribution.spi.Settlement;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** The deletion of what is old. */
abstract class DeletionContract extends ContractTest {
    private static final AppendResult APPENDED = new AppendResult.Appended();
    private static final AppendResult STALE = new AppendResult.Stale();
    private static final Instant LONG_AGO = NOON.minus(Duration.ofDays(20));
    private static final Instant LATER = NOON.plus(Duration.ofDays(1)); // everything was settled before

    DeletionContract(AttributionStoreContract contract) {
        super(contract);
    }

    @BeforeEach
    void needsRetention() {
        assumeTrue(store().retention().isPresent(), "The store has no retention: it leaves out this capability");
        assumeTrue(has(Capability.IDS_WITHOUT_TIME), "The store is partitioned by time, and detaches partitions");
        assumeTrue(has(Capability.REPORTS), "The store has no reports, in which the rows that are left are listed");
    }

    /**
     * retention 1: A batch deletes nothing that was clicked, converted or received at or after the given instant, except the
     * conversions and entries of a click that it deletes.
     */
    @Test
    @DisplayName(
            "retention 1: A batch deletes nothing that was clicked, converted or received at or after the given instant, except the conversions and entries of a click that it deletes.")
    void leavesWhatIsNotOld() {
        Click old = click(LONG_AGO);
        Click young = click(NOON);
        Settlement late = Samples.credit(old).at(NOON.plusSeconds(9)).build();
        Settlement kept = Samples.credit(young).at(NOON).build();
        Settlement unattributed = Samples.unattributed("x", NOON);
        append(late, kept, Samples.rejected(old, NOON.plusSeconds(9)), unattributed);

        deleteAll(NOON);

        assertThat(clicks()).containsExactly(young);
        assertThat(conversions()).containsExactly(conversion(kept));
        assertThat(append(kept, unattributed)).containsExactly(known(kept), known(unattributed));
        assertThat(historySize()).isEqualTo(2);
    }

    /**
     * retention 2: A batch leaves a click that has a pending conversion, with its conversions and its entries.
     */
    @Test
    @DisplayName(
            "retention 2: A batch leaves a click that has a pending conversion, with its conversions and its entries.")
    void leavesPendingConversions() {
        Click old = click(LONG_AGO);
        Settlement pending = Samples.credit(old).at(LONG_AGO).pending().build();
        Settlement other = Samples.credit(old).at(LONG_AGO).slot(2).build();
        Settlement entry = Samples.rejected(old, LONG_AGO);
        append(pending, other, entry);

        DeletedRows deleted = retention().deleteClicks(NOON, LATER, null, 10);
        deleteAll(NOON);

        assertThat(deleted.pendingClicks()).isOne();
        assertThat(clicks()).containsExactly(old);
        assertThat(append(pending, other, entry)).containsExactly(known(pending), known(other), known(entry));
        assertThat(historySize()).isEqualTo(3);
    }

    /**
     * retention 3: No reader and no crash ever sees a click whose conversions or entries a batch has deleted, or a conversion
     * whose entries it has deleted.
     */
    @Test
    @DisplayName(
            "retention 3: No reader and no crash ever sees a click whose conversions or entries a batch has deleted, or a conversion whose entries it has deleted.")
    void deletesAClickBeforeWhatBelongsToIt() throws Exception {
        List<Settlement> credits = new ArrayList<>();
        for (int i = 0; i < 40; i++) {
            Click click = click(LONG_AGO.plusSeconds(i));
            credits.add(Samples.credit(click).at(LONG_AGO.plusSeconds(i)).build());
        }
        append(credits.toArray(Settlement[]::new));

        readWhile(() -> deleteAll(NOON, 3), () -> {
            List<Click> stored = clicks();
            for (Conversion conversion : conversions()) {
                boolean hasHistory = history(conversion) > 0;
                boolean isStored = store().conversions()
                        .findConversions(List.of(conversion.conversionId()))
                        .containsKey(conversion.conversionId());
                assertThat(hasHistory || !isStored)
                        .as("a conversion that is stored has its entry")
                        .isTrue();
            }
            for (Click click : stored) {
                boolean isCredited = facts(click).count() == 1;
                boolean isStored =
                        store().clicks().find(List.of(click.clickId())).containsKey(click.clickId());
                assertThat(isCredited || !isStored)
                        .as("a click that is stored has its conversion")
                        .isTrue();
            }
        });

        assertThat(clicks()).isEmpty();
        assertThat(conversions()).isEmpty();
        assertThat(historySize()).isZero();
    }

    /**
     * retention 4: A batch looks at no more than limit clicks, and deletes no more than limit conversions and limit entries.
     */
    @Test
    @DisplayName(
            "retention 4: A batch looks at no more than limit clicks, and deletes no more than limit conversions and limit entries.")
    void deletesInBatches() {
        Click hot = click(LONG_AGO);
        for (int i = 1; i <= 7; i++) {
            append(Samples.credit(hot).at(LONG_AGO).slot(i).build());
        }
        for (int i = 1; i <= 4; i++) {
            click(LONG_AGO.plusSeconds(i));
        }

        DeletedRows first = retention().deleteClicks(NOON, LATER, null, 3);
        assertThat(first.clicks()).isEqualTo(3);
        assertThat(first.conversions()).isLessThanOrEqualTo(3);
        assertThat(first.entries()).isLessThanOrEqualTo(3);
        assertThat(clicks()).hasSize(2);

        deleteAll(NOON, 3);
        assertThat(conversions()).isEmpty();
        assertThat(historySize()).isZero();
    }

    /**
     * retention 5: The exclusive scope of a deleted conversion stays taken.
     */
    @Test
    @DisplayName("retention 5: The exclusive scope of a deleted conversion stays taken.")
    void keepsExclusiveScopes() {
        needs(Capability.MEMBER_AND_OFFER_SCOPE);
        append(Samples.credit(click(LONG_AGO)).at(LONG_AGO).sole().build());

        deleteAll(NOON);

        assertThat(conversions()).isEmpty();
        assertThat(append(Samples.credit(click(NOON)).sole().build())).isEqualTo(STALE);
        Click another = Samples.click(OFFER, "another", NOON);
        assertThat(append(Samples.credit(another).sole().build())).isEqualTo(APPENDED);
    }

    /**
     * retention 6: Facts of the scope of a member count a deleted conversion that holds this scope exclusively: it has its ids
     * of conversion, attempt, click and offer, its scope, its time and its status, and some other member id.
     */
    @Test
    @DisplayName(
            "retention 6: Facts of the scope of a member count a deleted conversion that holds this scope exclusively: it has its ids of conversion, attempt, click and offer, its scope, its time and its status, and some other member id.")
    void findsWhoHoldsAScope() {
        needs(Capability.MEMBER_AND_OFFER_SCOPE);
        for (boolean isReversed : List.of(false, true)) {
            Click old = Samples.click(OFFER, "reversed " + isReversed, LONG_AGO);
            store().clicks().insert(List.of(old));
            Settlement credit = Samples.credit(old).at(LONG_AGO).sole().build();
            append(credit);
            Conversion last = conversion(credit);
            if (isReversed) {
                Settlement change = Samples.change(last);
                append(change);
                last = conversion(change);
            }
            Conversion expected = last;
            Click again = Samples.click(OFFER, old.memberId(), NOON);

            deleteAll(NOON);

            for (Facts facts : List.of(
                    facts(again, ofMember(again), null, null),
                    store().conversions()
                            .facts(List.of(
                                    query(again, ofMember(again), null, null), query(again, ofMember(again), "e", "t")))
                            .get(1))) {
                assertThat(facts.count()).isOne();
                assertThat(facts.first()).hasValueSatisfying(kept -> {
                    assertThat(kept.conversionId()).isEqualTo(expected.conversionId());
                    assertThat(kept.attemptId()).isEqualTo(expected.attemptId());
                    assertThat(kept.clickId()).isEqualTo(expected.clickId());
                    assertThat(kept.offerId()).isEqualTo(expected.offerId());
                    assertThat(kept.memberScope()).isEqualTo(expected.memberScope());
                    assertThat(kept.convertedAt()).isEqualTo(expected.convertedAt());
                    assertThat(kept.status()).isEqualTo(expected.status());
                    assertThat(kept.memberId()).isNotEqualTo(expected.memberId());
                });
            }
            append(Samples.credit(again).at(NOON).build());
            assertThat(facts(again, ofMember(again), null, null).count()).isEqualTo(2);
            assertThat(facts(again, ofMember(again), null, null).first().map(Conversion::conversionId))
                    .contains(expected.conversionId());
        }
    }

    /**
     * retention 7: The map has the number of clicks that were made before the instant for each offer that has any.
     */
    @Test
    @DisplayName(
            "retention 7: The map has the number of clicks that were made before the instant for each offer that has any.")
    void countsOldClicks() {
        click(LONG_AGO);
        click(NOON.minusNanos(1_000));
        click(NOON);
        store().clicks().insert(List.of(Samples.click("another", MEMBER, LONG_AGO)));

        assertThat(retention().countClicks(NOON)).isEqualTo(Map.of(OFFER, 2L, "another", 1L));
        assertThat(retention().countClicks(LONG_AGO)).isEmpty();
    }

    /**
     * retention 12: If each list begins after the last id of the one before until one is shorter than its limit, each offer with
     * a click that was made before the instant is listed once, in an order that the store chooses.
     */
    @Test
    @DisplayName(
            "retention 12: If each list begins after the last id of the one before until one is shorter than its limit, each offer with a click that was made before the instant is listed once, in an order that the store chooses.")
    void listsOffersWithOldClicks() {
        List<String> old = List.of("a", "B", "b", "é", "z", "\uffff", "\ud83d\ude00", "10");
        for (String offerId : old) {
            store().clicks()
                    .insert(List.of(
                            Samples.click(offerId, MEMBER, LONG_AGO),
                            Samples.click(offerId, MEMBER, NOON.minusNanos(1_000)),
                            Samples.click(offerId, MEMBER, NOON.plusSeconds(1))));
        }
        store().clicks()
                .insert(List.of(Samples.click("c", MEMBER, NOON), Samples.click("d", MEMBER, NOON.plusSeconds(1))));

        for (int limit : List.of(1, 2, 3, old.size(), old.size() + 1)) {
            assertThat(listedOffers(NOON, limit)).as("lists of %d", limit).containsExactlyInAnyOrderElementsOf(old);
        }
        assertThat(listedOffers(LONG_AGO, 2)).isEmpty();
    }

    private List<String> listedOffers(Instant before, int limit) {
        List<String> listed = new ArrayList<>();
        List<String> some = retention().offersWithClicks(before, null, limit);
        listed.addAll(some);
        while (some.size() == limit && listed.size() < 100) { // a store that begins again would go on for ever
            some = retention().offersWithClicks(before, some.get(limit - 1), limit);
            listed.addAll(some);
        }
        return listed;
    }

    /**
     * retention 8: If each batch begins after the last one until there are no more rows, every click that was made before the
     * first instant is deleted, unless it has a pending conversion, or a conversion or reservation that was made, approved or
     * reinstated at or after the second instant.
     */
    @Test
    @DisplayName(
            "retention 8: If each batch begins after the last one until there are no more rows, every click that was made before the first instant is deleted, unless it has a pending conversion, or a conversion or reservation that was made, approved or reinstated at or after the second instant.")
    void deletesEveryOldClick() {
        List<Click> pending = new ArrayList<>();
        for (int i = 0; i < 23; i++) {
            Click click = click(LONG_AGO.plusSeconds(i / 5)); // several of one time
            if (i % 4 == 0) {
                pending.add(click);
                append(Samples.credit(click).at(LONG_AGO).pending().build());
            }
        }

        int kept = 0;
        DeletedRows deleted = retention().deleteClicks(NOON, LATER, null, 4);
        while (deleted.next().isPresent()) {
            kept += deleted.pendingClicks();
            deleted = retention().deleteClicks(NOON, LATER, deleted.next().get(), 4);
        }

        assertThat(clicks()).containsExactlyInAnyOrderElementsOf(pending);
        assertThat(kept + deleted.pendingClicks()).isEqualTo(pending.size());
    }

    /**
     * retention 11: A batch leaves a click that has a conversion or reservation that was made, approved or reinstated at or after
     * the second instant, with its conversions and its entries.
     */
    @Test
    @DisplayName(
            "retention 11: A batch leaves a click that has a conversion or reservation that was made, approved or reinstated at or after the second instant, with its conversions and its entries.")
    void leavesClicksOfYoungConversions() {
        Click made = click(LONG_AGO);
        Click approved = click(LONG_AGO.plusSeconds(1));
        Click reinstated = click(LONG_AGO.plusSeconds(2));
        Click reserved = click(LONG_AGO.plusSeconds(3));
        Click settled = click(LONG_AGO.plusSeconds(4));
        Settlement late = Samples.credit(made).at(NOON).build();
        Settlement earlier = Samples.credit(made).at(LONG_AGO).slot(2).build();
        Settlement entry = Samples.rejected(made, LONG_AGO);
        Settlement pending = Samples.credit(approved).at(LONG_AGO).pending().build();
        Settlement credit = Samples.credit(reinstated).at(LONG_AGO).build();
        Settlement reservation = Samples.reservation(reserved, NOON, "t");
        append(late, earlier, entry, pending, credit, reservation);
        append(Samples.credit(settled).at(NOON.minusNanos(1_000)).build());
        Settlement approval = Samples.change(conversion(pending)); // after noon
        Settlement reversal = Samples.change(conversion(credit));
        append(approval, reversal);
        Settlement reinstatement = Samples.change(conversion(reversal));
        append(reinstatement);

        deleteClicks(NOON, NOON, 100);

        assertThat(clicks()).containsExactlyInAnyOrder(made, approved, reinstated, reserved);
        assertThat(append(late, earlier, entry, reservation))
                .containsExactly(known(late), known(earlier), known(entry), known(reservation));
        assertThat(conversions()).hasSize(4);
        assertThat(historySize()).isEqualTo(9);
    }

    /**
     * retention 9: If each batch begins after the last one until there are no more rows, every conversion and reservation that
     * was made before the instant is deleted, unless it is pending or its click is stored.
     */
    @Test
    @DisplayName(
            "retention 9: If each batch begins after the last one until there are no more rows, every conversion and reservation that was made before the instant is deleted, unless it is pending or its click is stored.")
    void deletesConversionsWithoutClicks() {
        Settlement pending =
                Samples.credit(Samples.click()).at(LONG_AGO).pending().build();
        Settlement ofClick = Samples.credit(click(LONG_AGO)).at(LONG_AGO).build();
        Settlement young = Samples.credit(Samples.click()).at(NOON).build();
        append(pending, ofClick, young);
        for (int i = 0; i < 7; i++) {
            append(Samples.credit(Samples.click()).at(LONG_AGO).build());
            append(Samples.reservation(Samples.click(), LONG_AGO, "t"));
        }

        int deleted = all(retention()::deleteConversions, NOON, 3).conversions();

        assertThat(deleted).isEqualTo(14);
        assertThat(conversions())
                .containsExactlyInAnyOrder(conversion(pending), conversion(ofClick), conversion(young));
    }

    /**
     * retention 10: If each batch begins after the last one until there are no more rows, every entry that was received before
     * the instant is deleted, unless its click or its conversion is stored.
     */
    @Test
    @DisplayName(
            "retention 10: If each batch begins after the last one until there are no more rows, every entry that was received before the instant is deleted, unless its click or its conversion is stored.")
    void deletesHistoryOfNothing() {
        Settlement ofClick = Samples.rejected(click(LONG_AGO), LONG_AGO);
        Settlement ofConversion = Samples.credit(Samples.click()).at(LONG_AGO).build();
        Settlement young = Samples.unattributed("x", NOON);
        append(ofClick, ofConversion, young);
        for (int i = 0; i < 7; i++) {
            append(Samples.unattributed("x", LONG_AGO));
            append(Samples.rejected(Samples.click(), LONG_AGO));
        }

        int deleted = all(retention()::deleteHistory, NOON, 3).entries();

        assertThat(deleted).isEqualTo(14);
        assertThat(append(ofClick, ofConversion, young))
                .containsExactly(known(ofClick), known(ofConversion), known(young));
    }

    private interface BatchDeletion {
        DeletedRows delete(Instant before, @Nullable Cursor after, int limit);
    }

    private static DeletedRows all(BatchDeletion deletion, Instant before, int limit) {
        int clicks = 0;
        int conversions = 0;
        int entries = 0;
        Optional<Cursor> last = Optional.empty();
        int batches = 0;
        do {
            DeletedRows deleted = deletion.delete(before, last.orElse(null), limit);
            clicks += deleted.clicks();
            conversions += deleted.conversions();
            entries += deleted.entries();
            last = deleted.next();
            assertThat(++batches).as("the number of batches").isLessThan(1_000);
        } while (last.isPresent());
        return new DeletedRows(clicks, conversions, entries, 0, last);
    }

    private void deleteAll(Instant before) {
        deleteAll(before, 100);
    }

    private void deleteAll(Instant before, int limit) {
        deleteClicks(before, LATER, limit);
        all(retention()::deleteConversions, before, limit);
        all(retention()::deleteHistory, before, limit);
    }

    private void deleteClicks(Instant before, Instant settledBefore, int limit) {
        all((end, after, most) -> retention().deleteClicks(end, settledBefore, after, most), before, limit);
    }

    private Click click(Instant at) {
        Click click = Samples.click(OFFER, MEMBER, at);
        store().clicks().insert(List.of(click));
        return click;
    }

    private List<Click> clicks() {
        return store().reports().orElseThrow().clicks(ReportFilter.all(), null, 1_000);
    }

    private List<Conversion> conversions() {
        return store().reports().orElseThrow().conversions(ReportFilter.all(), null, 1_000);
    }

    private int historySize() {
        return store().reports()
                .orElseThrow()
                .history(ReportFilter.all(), null, 1_000)
                .size();
    }

    private int history(Conversion conversion) {
        return store().reports()
                .orElseThrow()
                .history(ReportFilter.builder().clickId(conversion.clickId()).build(), null, 10)
                .size();
    }

    private RetentionRepository retention() {
        return store().retention().orElseThrow();
    }
}
