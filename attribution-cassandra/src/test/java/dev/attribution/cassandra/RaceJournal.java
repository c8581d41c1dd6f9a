package dev.attribution.cassandra;

import dev.attribution.cassandra.Said.What;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Queue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

/** The messages of a race, and what its processes said about them. */
final class RaceJournal {
    private final Map<Integer, Message> messages = new ConcurrentHashMap<>();
    private final AtomicInteger next = new AtomicInteger();
    private final Queue<Line> lines = new ConcurrentLinkedQueue<>();
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition isAnswered = lock.newCondition();
    private int answers;
    private int running;

    /** A message to be sent. A message of a process that was killed is sent again by another process. */
    record Message(int number, Said said) {
        String line() {
            return number + " "
                    + (said.what() == What.LOOK
                            ? RaceClient.LOOK + " " + said.click()
                            : "postback " + said.query(number));
        }
    }

    /** A call of a process, by the number of the message and of the attempt. */
    private record Call(RaceProcess process, int message, int attempt) {}

    private record Line(String what, Call call, long nanos, String text) {}

    Message message(Said said) {
        Message message = new Message(next.incrementAndGet(), said);
        messages.put(message.number(), message);
        return message;
    }

    void add(RaceProcess process, String line) {
        String[] words = line.split("\t", 5);
        lines.add(new Line(
                words[0],
                new Call(process, Integer.parseInt(words[1]), Integer.parseInt(words[2])),
                Long.parseLong(words[3]),
                words.length > 4 ? words[4] : ""));
        if (words[0].equals("answered")) {
            lock.lock();
            try {
                answers++;
                isAnswered.signalAll();
            } finally {
                lock.unlock();
            }
        }
    }

    /** A process begins to be heard, or ends. */
    void count(int processes) {
        lock.lock();
        try {
            running += processes;
            isAnswered.signalAll();
        } finally {
            lock.unlock();
        }
    }

    /** Waits for so many answers since the beginning of the race. */
    void awaitAnswers(int count) throws InterruptedException {
        lock.lock();
        try {
            while (answers < count) {
                if (running == 0) {
                    throw new AssertionError("All processes have ended after " + answers + " answers");
                }
                isAnswered.await();
            }
        } finally {
            lock.unlock();
        }
    }

    int answers() {
        lock.lock();
        try {
            return answers;
        } finally {
            lock.unlock();
        }
    }

    /** Returns how many calls have begun and not ended. */
    long underWay() {
        return lines.stream()
                .mapToLong(line -> line.what.equals("begun") ? 1 : -1)
                .sum();
    }

    /** Returns all calls, with their answers if they have any. */
    List<RecordedCall> calls() {
        Map<Call, Line> answered = new HashMap<>();
        lines.stream().filter(line -> line.what.equals("answered")).forEach(line -> answered.put(line.call, line));
        List<RecordedCall> calls = new ArrayList<>();
        for (Line line : lines) {
            if (line.what.equals("begun")) {
                Message message = messages.get(line.call.message);
                Optional<Line> end = Optional.ofNullable(answered.get(line.call));
                calls.add(new RecordedCall(
                        message.number(),
                        message.said(),
                        line.nanos,
                        end.map(Line::nanos).orElse(Long.MAX_VALUE),
                        end.map(answer -> new Outcome(answer.text))));
            }
        }
        return calls;
    }

    /** Returns the messages to which nobody has an answer. */
    List<Message> unanswered() {
        Map<Integer, Message> left = new HashMap<>(messages);
        lines.stream().filter(line -> line.what.equals("answered")).forEach(line -> left.remove(line.call.message));
        return List.copyOf(left.values());
    }

    /** Returns the exceptions of a kind: {@code failed} with a transient one of the store, {@code broken} with any other. */
    List<String> exceptions(String kind) {
        return lines.stream()
                .filter(line -> line.what.equals(kind))
                .map(Line::text)
                .toList();
    }
}
