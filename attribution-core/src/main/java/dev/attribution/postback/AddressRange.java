package dev.attribution.postback;

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
        if (text.indexOf(':') < 0) {
            return v4(text);
        }
        int zone = text.indexOf('%');
        return v6(zone < 0 ? text : text.substring(0, zone)).map(AddressRange::unmapped);
    }

    private static Optional<byte[]> v4(String text) {
        String[] parts = text.split("\\.", -1);
        if (parts.length != 4) {
            return Optional.empty();
        }
        byte[] address = new byte[4];
        for (int i = 0; i < 4; i++) {
            if (!parts[i].matches("0|[1-9][0-9]{0,2}") || Integer.parseInt(parts[i]) > 255) {
                return Optional.empty();
            }
            address[i] = (byte) Integer.parseInt(parts[i]);
        }
        return Optional.of(address);
    }

    private static Optional<byte[]> v6(String text) {
        if (text.length() > 45) {
            return Optional.empty();
        }
        int gap = text.indexOf("::");
        if (gap < 0) {
            return groups(text).filter(address -> address.length == 16);
        }
        Optional<byte[]> left = groups(text.substring(0, gap));
        Optional<byte[]> right = groups(text.substring(gap + 2));
        if (left.isEmpty() || right.isEmpty() || text.substring(0, gap).indexOf('.') >= 0) {
            return Optional.empty();
        }
        int length = left.get().length + right.get().length;
        if (length > 14) {
            return Optional.empty();
        }
        byte[] address = Arrays.copyOf(left.get(), 16);
        System.arraycopy(right.get(), 0, address, 16 - right.get().length, right.get().length);
        return Optional.of(address);
    }

    private static Optional<byte[]> groups(String text) {
        if (text.isEmpty()) {
            return Optional.of(new byte[0]);
        }
        String[] parts = text.split(":", -1);
        byte[] bytes = new byte[2 * parts.length + 2];
        int length = 0;
        for (int i = 0; i < parts.length; i++) {
            if (i == parts.length - 1 && parts[i].indexOf('.') >= 0) {
                Optional<byte[]> v4 = v4(parts[i]);
                if (v4.isEmpty()) {
                    return Optional.empty();
                }
                System.arraycopy(v4.get(), 0, bytes, length, 4);
                length += 4;
            } else if (parts[i].matches("[0-9A-Fa-f]{1,4}")) {
                int group = Integer.parseInt(parts[i], 16);
                bytes[length++] = (byte) (group >> 8);
                bytes[length++] = (byte) group;
            } else {
                return Optional.empty();
            }
        }
        return Optional.of(Arrays.copyOf(bytes, length));
    }

    private static byte[] unmapped(byte[] address) {
        for (int i = 0; i < 12; i++) {
            if (address[i] != (i < 10 ? 0 : (byte) 0xff)) {
                return address;
            }
        }
        return Arrays.copyOfRange(address, 12, 16);
    }
}
