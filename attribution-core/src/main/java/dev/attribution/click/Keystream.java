package dev.attribution.click;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.security.GeneralSecurityException;
import java.security.SecureRandom;
import java.util.concurrent.atomic.AtomicBoolean;
import javax.crypto.Cipher;
import javax.crypto.spec.IvParameterSpec;
import javax.crypto.spec.SecretKeySpec;
import org.jspecify.annotations.Nullable;

/**
 * Random bits for one thread at a time: an AES-CTR keystream, drawn 4 KiB at a time. About every second it gets a new
 * key from {@link SecureRandom}, and bits drawn under the old key are discarded: if a running machine is cloned, its
 * copies soon produce different bits.
 */
final class Keystream {
    private static final int BLOCK = 4096;
    private static final byte[] ZEROS = new byte[BLOCK];
    private static final VarHandle LONG = MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.BIG_ENDIAN);
    private static final VarHandle SHORT = MethodHandles.byteArrayViewVarHandle(short[].class, ByteOrder.BIG_ENDIAN);

    private final SecureRandom seeds;
    private final AtomicBoolean taken = new AtomicBoolean();
    private final byte[] block = new byte[BLOCK];
    private int used;
    private @Nullable Cipher cipher;
    private long keyedAt;

    Keystream(SecureRandom seeds) {
        this.seeds = seeds;
    }

    boolean tryTake() {
        return !taken.get() && taken.compareAndSet(false, true);
    }

    void release() {
        taken.setRelease(false);
    }

    /** Draws a new block if fewer than the given bytes are left, or if the key is too old. */
    void prepare(int bytes, long millis) {
        long second = millis >> 10;
        if (cipher == null || second != keyedAt) {
            cipher = keyed();
            keyedAt = second;
            used = BLOCK;
        }
        if (used + bytes > BLOCK) {
            draw(cipher);
        }
    }

    short nextShort() {
        used += Short.BYTES;
        return (short) SHORT.get(block, used - Short.BYTES);
    }

    long nextLong() {
        used += Long.BYTES;
        return (long) LONG.get(block, used - Long.BYTES);
    }

    private Cipher keyed() {
        byte[] seed = new byte[48];
        seeds.nextBytes(seed);
        try {
            Cipher keyed = Cipher.getInstance("AES/CTR/NoPadding");
            keyed.init(Cipher.ENCRYPT_MODE, new SecretKeySpec(seed, 0, 32, "AES"), new IvParameterSpec(seed, 32, 16));
            return keyed;
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("This Java runtime has no AES/CTR cipher; click ids need it", e);
        }
    }

    private void draw(Cipher from) {
        try {
            from.update(ZEROS, 0, BLOCK, block);
            used = 0;
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("The AES/CTR cipher of this Java runtime failed", e);
        }
    }
}
