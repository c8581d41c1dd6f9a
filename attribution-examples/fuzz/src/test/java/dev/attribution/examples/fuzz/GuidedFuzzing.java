package dev.attribution.examples.fuzz;

/** The entry for a fuzzer that coverage guides. */
public final class GuidedFuzzing {
    private static final Target TARGET = Target.of(System.getProperty("fuzz.target", "links"));

    private GuidedFuzzing() {}

    public static void fuzzerTestOneInput(byte[] bytes) {
        TARGET.check(new Choices(bytes));
    }
}
