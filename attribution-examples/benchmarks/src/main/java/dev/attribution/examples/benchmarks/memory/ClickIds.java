package dev.attribution.examples.benchmarks.memory;

import com.fasterxml.uuid.Generators;
import com.fasterxml.uuid.NoArgGenerator;
import com.github.f4b6a3.uuid.UuidCreator;
import dev.attribution.click.ClickId;
import dev.attribution.click.ClickIdGenerator;
import java.util.UUID;
import java.util.concurrent.ThreadLocalRandom;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.State;

/** Minting a click id. */
@State(Scope.Benchmark)
public class ClickIds {
    private final ClickIdGenerator timeOrdered = ClickIdGenerator.timeOrdered();
    private final NoArgGenerator javaUuidGenerator = Generators.timeBasedEpochGenerator();

    /**
     * Mints an id as the library does.
     *
     * @return the id
     */
    @Benchmark
    public ClickId timeOrdered() {
        return timeOrdered.next();
    }

    /**
     * Mints a version 7 id whose bits anyone can guess: what is left when randomness costs nothing.
     *
     * @return the id
     */
    @Benchmark
    public UUID guessable() {
        ThreadLocalRandom random = ThreadLocalRandom.current();
        long high = System.currentTimeMillis() << 16 | 0x7000L | (random.nextLong() & 0x0fffL);
        return new UUID(high, (random.nextLong() & 0x3fffffffffffffffL) | 0x8000000000000000L);
    }

    /**
     * Mints a version 4 id with the JDK.
     *
     * @return the id
     */
    @Benchmark
    public UUID jdk() {
        return UUID.randomUUID();
    }

    /**
     * Mints a version 7 id with uuid-creator.
     *
     * @return the id
     */
    @Benchmark
    public UUID uuidCreator() {
        return UuidCreator.getTimeOrderedEpoch();
    }

    /**
     * Mints a version 7 id with java-uuid-generator, which adds 1 within a millisecond.
     *
     * @return the id
     */
    @Benchmark
    public UUID javaUuidGenerator() {
        return javaUuidGenerator.generate();
    }
}
