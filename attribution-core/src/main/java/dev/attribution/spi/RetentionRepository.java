package dev.attribution.spi;

import dev.attribution.report.Cursor;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The deletion of what is old. {@link AttributionStore} states the rules for every method.
 *
 * <p>The core decides what is old enough. A deletion reads and writes in batches, oldest rows first, and each batch is atomic:
 * whoever stops between two batches has deleted a prefix, and begins again with the oldest rows that are left.
 *
 * <ol>
 *   <li id="retention-1">A batch deletes nothing that was clicked, converted or received at or after the given instant, except
 *       the conversions and entries of a click that it deletes.
 *   <li id="retention-2">A batch leaves a click that has a pending conversion, with its conversions and its entries.
 *   <li id="retention-3">No reader and no crash ever sees a click whose conversions or entries a batch has deleted, or a
 *       conversion whose entries it has deleted.
 *   <li id="retention-4">A batch looks at no more than {@code limit} clicks, and deletes no more than {@code limit}
 *       conversions and {@code limit} entries.
 *   <li id="retention-5">The exclusive scope of a deleted conversion stays taken.
 *   <li id="retention-6">Facts of the scope of a member count a deleted conversion that holds this scope exclusively: it has its
 *       ids of conversion, attempt, click and offer, its scope, its time and its status, and some other member id.
 * </ol>
 */
public interface RetentionRepository {
    /**
     * Counts old clicks.
     *
     * <ol>
     *   <li id="retention-7">The map has the number of clicks that were made before the instant for each offer that has any.
     * </ol>
     *
     * @param before the instant
     * @return the numbers by offer id
     */
    Map<String, Long> countClicks(Instant before);

    /**
     * Lists the offers that have old clicks, without reading all of these.
     *
     * <ol>
     *   <li id="retention-12">If each list begins after the last id of the one before until one is shorter than its limit, each
     *       offer with a click that was made before the instant is listed once, in an order that the store chooses.
     * </ol>
     *
     * @param before the instant
     * @param after the id after which the list begins, or {@code null} to begin with the first id
     * @param limit the maximum number of ids, at least 1
     * @return ids of offers, which need not be stored
     */
    List<String> offersWithClicks(Instant before, @Nullable String after, int limit);

    /**
     * Deletes old clicks with their conversions and their history. What exceeds the limit is left to the other
     * methods.
     *
     * <ol>
     *   <li id="retention-8">If each batch begins after the last one until there are no more rows, every click that was made
     *       before the first instant is deleted, unless it has a pending conversion, or a conversion or reservation that was made,
     *       approved or reinstated at or after the second instant.
     *   <li id="retention-11">A batch leaves a click that has a conversion or reservation that was made, approved or reinstated at
     *       or after the second instant, with its conversions and its entries.
     * </ol>
     *
     * @param before deletes what was clicked before this instant
     * @param settledBefore leaves what became a credit at this instant or later
     * @param after the row after which the batch begins, or {@code null} to begin with the oldest row
     * @param limit the maximum number of rows of each kind, at least 1
     * @return what was deleted
     */
    DeletedRows deleteClicks(Instant before, Instant settledBefore, @Nullable Cursor after, int limit);

    /**
     * Deletes old conversions that have no stored click and are not pending.
     *
     * <ol>
     *   <li id="retention-9">If each batch begins after the last one until there are no more rows, every conversion and
     *       reservation that was made before the instant is deleted, unless it is pending or its click is stored.
     * </ol>
     *
     * @param before deletes what was converted before this instant
     * @param after the row after which the batch begins, or {@code null} to begin with the oldest row
     * @param limit the maximum number of rows, at least 1
     * @return what was deleted
     */
    DeletedRows deleteConversions(Instant before, @Nullable Cursor after, int limit);

    /**
     * Deletes old history entries that name no stored click and no stored conversion.
     *
     * <ol>
     *   <li id="retention-10">If each batch begins after the last one until there are no more rows, every entry that was
     *       received before the instant is deleted, unless its click or its conversion is stored.
     * </ol>
     *
     * @param before deletes what was received before this instant
     * @param after the row after which the batch begins, or {@code null} to begin with the oldest row
     * @param limit the maximum number of rows, at least 1
     * @return what was deleted
     */
    DeletedRows deleteHistory(Instant before, @Nullable Cursor after, int limit);

    /**
     * Detaches the partitions of a store that is partitioned by time, instead of deleting rows. Such a store keeps a partition
     * that has a pending conversion, or one that was made, approved or reinstated at or after the second instant, and the history
     * of a month as long as the clicks of this month or an earlier one. The default is for stores without partitions.
     *
     * @param before detaches what lies before this instant as a whole
     * @param settledBefore keeps what became a credit at this instant or later
     * @return the names of the detached tables, which hold their rows until they are dropped, in the order of their detachment;
     *     empty if this store has no partitions and deletes rows
     */
    default Optional<List<String>> detach(Instant before, Instant settledBefore) {
        return Optional.empty();
    }
}
