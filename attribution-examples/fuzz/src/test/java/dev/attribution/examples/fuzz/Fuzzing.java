package dev.attribution.examples.fuzz;

import java.util.Arrays;
import java.util.HexFormat;
import java.util.SplittableRandom;

/** Runs inputs of a target and makes the first one that fails as short as it can. */
final class Fuzzing {
    private static final int MAX_SHRINKS = 3_000;

    private Fuzzing() {}

    /** {@return the number of inputs that ran} */
    static long run(Target target, long inputs, long seed) {
        SplittableRandom random = new SplittableRandom(seed * 31 + target.id().hashCode());
        for (long i = 0; i < inputs; i++) {
            byte[] bytes = new byte[1 + random.nextInt(8 << random.nextInt(6))];
            random.nextBytes(bytes);
            one(target, bytes, "seed " + seed + ", input " + i);
        }
        return inputs;
    }

    static void one(Target target, byte[] bytes, String origin) {
        Throwable failure = failure(target, bytes);
        if (failure != null) {
            throw new AssertionError(told(target, bytes, failure, origin), failure);
        }
    }

    private static Throwable failure(Target target, byte[] bytes) {
        try {
            target.check(new Choices(bytes));
            return null;
        } catch (Throwable e) { // whatever it is: nothing but what is documented may come
            return e;
        }
    }

    private static String told(Target target, byte[] bytes, Throwable failure, String origin) {
        byte[] shortest = shortest(target, bytes, failure);
        Choices choices = new Choices(shortest);
        try {
            target.check(choices);
        } catch (Throwable e) {
            // which is the failure that is told
        }
        String hex = HexFormat.of().formatHex(shortest);
        return target.id() + " (" + origin + "): " + failure + "\n" + choices.log()
                + "\nRepeat it: -Dtest=FuzzTest -Dfuzz.target="
                + target.id() + " -Dfuzz.input=" + hex + "\nKeep it after the fix: src/test/resources/corpus/"
                + target.id()
                + "/, a file of these bytes";
    }

    private static byte[] shortest(Target target, byte[] bytes, Throwable failure) {
        byte[] shortest = bytes;
        int tries = 0;
        for (int size = Math.max(1, bytes.length / 2); size > 0; size = size == 1 ? 0 : size / 2) {
            for (int at = 0; at < shortest.length && tries < MAX_SHRINKS; tries++) {
                byte[] less = without(shortest, at, size);
                byte[] zero = shortest.clone();
                Arrays.fill(zero, at, Math.min(at + size, zero.length), (byte) 0);
                if (less.length < shortest.length && isSame(failure(target, less), failure)) {
                    shortest = less;
                } else {
                    if (!Arrays.equals(zero, shortest) && isSame(failure(target, zero), failure)) {
                        shortest = zero;
                    }
                    at += size;
                }
            }
        }
        return shortest;
    }

    private static byte[] without(byte[] bytes, int at, int size) {
        int end = Math.min(at + size, bytes.length);
        byte[] less = Arrays.copyOf(bytes, bytes.length - (end - at));
        System.arraycopy(bytes, end, less, at, bytes.length - end);
        return less;
    }

    private static boolean isSame(Throwable one, Throwable other) {
        return one != null && one.getClass() == other.getClass() && Arrays.equals(top(one), top(other));
    }

    private static Object[] top(Throwable e) {
        StackTraceElement[] trace = e.getStackTrace();
        return Arrays.copyOf(trace, Math.min(3, trace.length));
    }
}
