package dev.attribution.spi;

import dev.attribution.history.HistoryEntry;
import dev.attribution.internal.MemberToken;
import java.util.Collection;
import java.util.UUID;

/**
 * The erasure of what identifies a member. {@link AttributionStore} states the rules for every method.
 *
 * <p>An erased row stays: its ids, times, statuses and places, and the hash of its member, decide later messages as before.
 *
 * <ol>
 *   <li id="erase-1">An erased click has the token for its member and an empty context; its
 *       other parts, the hash of the member among them, stay.
 *   <li id="erase-2">An erased conversion or reservation has the token for its member; its other parts stay.
 *   <li id="erase-3">An erased history entry has the token for its member and is otherwise as {@link HistoryEntry#erased}
 *       describes.
 *   <li id="erase-4">Places and facts stay as they are: an erased conversion counts, is addressed and is changed as before.
 *   <li id="erase-5">A change that was decided before an erasure and is appended after it leaves the conversion erased.
 *   <li id="erase-6">An insert of a click that is stored and was erased since leaves it erased, and raises nothing.
 * </ol>
 */
public interface ErasureRepository {
    /** What the token of a forgotten member begins with. What a postback says of such a member is not kept. */
    String TOKEN_PREFIX = MemberToken.PREFIX;

    /**
     * Erases rows with the id of a member: clicks first, then conversions, then history.
     *
     * <ol>
     *   <li id="erase-7">The method erases at most {@code limit} rows, each of them as a whole.
     *   <li id="erase-8">If the method returns 0, no click, conversion or entry that was stored before the call has the id of
     *       the member.
     *   <li id="erase-9">Rows of other members stay as they are.
     * </ol>
     *
     * @param memberId the member
     * @param token what replaces the id of the member
     * @param limit the maximum number of rows, at least 1
     * @return how many rows were erased; a row that several calls erase at the same time may count for each of them
     */
    ErasedRows erase(String memberId, String token, int limit);

    /**
     * Erases what history entries say of a person in their texts. Their member stays.
     *
     * <ol>
     *   <li id="erase-10">The method erases the entries that have one of the ids, and no other.
     * </ol>
     *
     * @param attemptIds the keys of the entries, at most 1,000
     * @return how many entries were erased
     */
    ErasedRows eraseEntries(Collection<UUID> attemptIds);
}
