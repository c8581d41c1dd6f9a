package dev.attribution.click;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.security.GeneralSecurityException;
import java.security.SecureRandom;
import java.time.InstantSource;
import java.util.Objects;
import java.util.UUID;
import javax.crypto.Cipher;
import javax.crypto.spec.IvParameterSpec;
import javax.crypto.spec.SecretKeySpec;

/**
 * Random bits for one thread: an AES-CTR keystream, keyed anew from {@link SecureRandom} for every 4 KiB. The threads
 * meet at the seed only, once in some four hundred ids, instead of at each id.
 */
final class RandomBits {
    private static final int BLOCK = 4096;
    private static final byte[] ZEROS = new byte[BLOCK];
    private static final VarHandle LONG = MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.BIG_ENDIAN);
    private static final VarHandle SHORT = MethodHandles.byteArrayViewVarHandle(short[].class, ByteOrder.BIG_ENDIAN);

    private final SecureRandom seeds;
    private final Cipher cipher;
    private final byte[] block = new byte[BLOCK];
    private int used = BLOCK;

    private RandomBits(SecureRandom seeds) {
        this.seeds = seeds;
        try {
            this.cipher = Cipher.getInstance("AES/CTR/NoPadding");
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("This Java runtime has no AES/CTR cipher; click ids need it", e);
        }
    }

    static ClickIdGenerator timeOrdered(InstantSource clock) {
        Objects.requireNonNull(clock, "clock");
        ThreadLocal<RandomBits> bits = perThread();
        return () -> {
            RandomBits mine = bits.get();
            int at = mine.take(Short.BYTES + Long.BYTES);
            long high = clock.millis() << 16 | 0x7000L | ((short) SHORT.get(mine.block, at) & 0x0fffL);
            return ClickId.of(new UUID(high, variant((long) LONG.get(mine.block, at + Short.BYTES))));
        };
    }

    static ClickIdGenerator random() {
        ThreadLocal<RandomBits> bits = perThread();
        return () -> {
            RandomBits mine = bits.get();
            int at = mine.take(2 * Long.BYTES);
            long high = ((long) LONG.get(mine.block, at) & ~0xf000L) | 0x4000L;
            return ClickId.of(new UUID(high, variant((long) LONG.get(mine.block, at + Long.BYTES))));
        };
    }

    private static ThreadLocal<RandomBits> perThread() {
        SecureRandom seeds = new SecureRandom(); // not static: a native image must not carry a seed from its build
        return ThreadLocal.withInitial(() -> new RandomBits(seeds));
    }

    private static long variant(long random) {
        return (random & 0x3fffffffffffffffL) | 0x8000000000000000L;
    }

    private int take(int bytes) {
        if (used + bytes > BLOCK) {
            refill();
        }
        int at = used;
        used += bytes;
        return at;
    }

    private void refill() {
        byte[] seed = new byte[48];
        seeds.nextBytes(seed);
        try {
            cipher.init(Cipher.ENCRYPT_MODE, new SecretKeySpec(seed, 0, 32, "AES"), new IvParameterSpec(seed, 32, 16));
            cipher.update(ZEROS, 0, BLOCK, block);
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("The AES/CTR cipher of this Java runtime failed", e);
        }
        used = 0;
    }
}
