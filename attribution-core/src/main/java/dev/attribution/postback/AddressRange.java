package dev.attribution.postback;

import dev.attribution.internal.IpAddress;
import dev.attribution.internal.Printable;
import java.util.Arrays;
import java.util.Optional;

/**
 * A range of IP addresses in CIDR notation, or one address. An IPv4 address that is mapped into IPv6 is that IPv4 address.
 * Nothing is looked up in the DNS. Immutable and thread-safe.
 */
final class AddressRange {
    private final byte[] base;
    private final int bits;

    private AddressRange(byte[] base, int bits) {
        this.base = base;
        this.bits = bits;
    }

    static AddressRange parse(String text) {
        int slash = text.indexOf('/');
        String address = slash < 0 ? text : text.substring(0, slash);
        byte[] base = address(address).orElseThrow(() -> notARange(text, "the address is not an IPv4 or IPv6 address"));
        int length = base.length * 8;
        int bits = length;
        if (slash >= 0) {
            String prefix = text.substring(slash + 1);
            boolean isMapped = address.indexOf(':') >= 0 && base.length == 4;
            if (!prefix.matches("0|[1-9][0-9]{0,2}")) {
                throw notARange(text, "the length of the prefix is not a number");
            }
            bits = Integer.parseInt(prefix) - (isMapped ? 96 : 0);
        }
        if (bits < 0 || bits > length) {
            throw notARange(text, "the length of the prefix is out of range");
        }
        AddressRange range = new AddressRange(base, bits);
        if (!Arrays.equals(range.masked(base), base)) {
            throw notARange(text, "the address has bits after the prefix");
        }
        return range;
    }

    private static IllegalArgumentException notARange(String text, String why) {
        return new IllegalArgumentException("'" + Printable.quoted(text) + "' is not a range of addresses such as"
                + " 203.0.113.0/24 or 2001:db8::/32: " + why);
    }

    boolean contains(byte[] address) {
        return address.length == base.length && Arrays.equals(masked(address), base);
    }

    private byte[] masked(byte[] address) {
        byte[] masked = new byte[address.length];
        for (int i = 0; i < address.length; i++) {
            int kept = Math.min(8, Math.max(0, bits - 8 * i));
            masked[i] = (byte) (address[i] & (0xff00 >> kept));
        }
        return masked;
    }

    /**
     * Reads an address, with a zone (which is ignored) or without.
     *
     * @return 4 or 16 bytes; empty if the text is anything else
     */
    static Optional<byte[]> address(String text) {
        return IpAddress.parse(text);
    }
}
