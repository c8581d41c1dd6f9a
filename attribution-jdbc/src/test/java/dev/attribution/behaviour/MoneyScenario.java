package dev.attribution.behaviour;

import dev.attribution.click.ClickId;
import dev.attribution.conversion.ConversionStatus;
import dev.attribution.conversion.DuplicatePolicy;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * Messages about one click, and perhaps one more, in the order in which each list fires them. Different lists are fired at
 * the same time.
 *
 * @param ownClick the click of the second transaction: the same one, if a click can have two places
 */
record MoneyScenario(DuplicatePolicy policy, ClickId click, ClickId ownClick, List<List<Message>> lists) {
    /** What a message says. */
    enum Says {
        PENDING("&status=pending", ConversionStatus.PENDING),
        APPROVED("&status=approved", ConversionStatus.APPROVED),
        NO_STATUS("", ConversionStatus.APPROVED),
        REVERSED("&status=reversed", ConversionStatus.REVERSED);

        private final String query;
        private final ConversionStatus status;

        Says(String query, ConversionStatus status) {
            this.query = query;
            this.status = status;
        }
    }

    /** What is said of the first transaction, or of the second. */
    record Message(int transaction, Says says) {}

    /** {@return every sequence of messages up to a length about the first transaction, the empty one among them} */
    static List<List<Message>> sequences(int length) {
        List<List<Message>> sequences = new ArrayList<>(List.of(List.of()));
        for (int from = 0, i = 0; i < length; i++) {
            int to = sequences.size();
            for (List<Message> sequence : List.copyOf(sequences.subList(from, to))) {
                for (Says says : Says.values()) {
                    sequences.add(with(sequence, sequence.size(), new Message(1, says)));
                }
            }
            from = to;
        }
        return sequences;
    }

    /** {@return every sequence with messages of a second transaction, in their order, at every place} */
    static List<List<Message>> interleaved(List<List<Message>> sequences, Says... second) {
        List<List<Message>> all = new ArrayList<>();
        for (List<Message> sequence : sequences) {
            interleave(sequence, 0, Arrays.asList(second), all);
        }
        return all;
    }

    private static void interleave(List<Message> sequence, int from, List<Says> second, List<List<Message>> all) {
        if (second.isEmpty()) {
            all.add(sequence);
            return;
        }
        for (int at = from; at <= sequence.size(); at++) {
            List<Message> more = with(sequence, at, new Message(2, second.get(0)));
            interleave(more, at + 1, second.subList(1, second.size()), all);
        }
    }

    private static List<Message> with(List<Message> sequence, int at, Message message) {
        List<Message> more = new ArrayList<>(sequence);
        more.add(at, message);
        return List.copyOf(more);
    }

    /** {@return every pair of lists, neither empty, that together hold no more messages than a limit; each pair once} */
    static List<List<List<Message>>> pairs(List<List<Message>> sequences, int length) {
        List<List<List<Message>>> pairs = new ArrayList<>();
        for (int i = 0; i < sequences.size(); i++) {
            List<Message> one = sequences.get(i);
            for (List<Message> other : sequences.subList(0, i + 1)) {
                if (!one.isEmpty() && !other.isEmpty() && one.size() + other.size() <= length) {
                    pairs.add(List.of(one, other));
                }
            }
        }
        return pairs;
    }

    /** {@return the query of a message; every transaction has an event of its own} */
    String query(Message message) {
        return "gk_click_id=" + clickOf(message.transaction()) + "&transaction_id=T" + message.transaction()
                + "&event_id=E" + message.transaction() + "&payout=1" + message.says().query;
    }

    ClickId clickOf(int transaction) {
        return transaction == 1 ? click : ownClick;
    }

    /** {@return the highest status said of a transaction, or empty if nothing was said} */
    Optional<ConversionStatus> highest(int transaction) {
        return said(transaction).map(message -> message.says().status).max(ConversionStatus::compareTo);
    }

    /** {@return how many messages are about a transaction} */
    long count(int transaction) {
        return said(transaction).count();
    }

    private Stream<Message> said(int transaction) {
        return lists.stream().flatMap(List::stream).filter(message -> message.transaction() == transaction);
    }
}
