package dev.attribution.cassandra;

import java.util.Optional;

/**
 * A call of a race as its process has recorded it.
 *
 * @param message the number of the message; a message whose call fails is sent again
 * @param said what it says
 * @param begun when the call began, by a clock of the machine that all processes share
 * @param ended when it was answered, or {@link Long#MAX_VALUE} if it may still take effect
 * @param outcome the answer, or empty if there is none: the call may have taken effect, or may not
 */
record RecordedCall(int message, Said said, long begun, long ended, Optional<Outcome> outcome) {
    static RecordedCall answered(int message, Said said, long begun, long ended, Outcome outcome) {
        return new RecordedCall(message, said, begun, ended, Optional.of(outcome));
    }

    static RecordedCall unanswered(int message, Said said, long begun) {
        return new RecordedCall(message, said, begun, Long.MAX_VALUE, Optional.empty());
    }
}
