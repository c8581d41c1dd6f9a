package dev.attribution.internal;

import java.util.Arrays;
import java.util.Optional;

/** Reads and prints IP addresses. Nothing is looked up in the DNS. */
public final class IpAddress {
    private IpAddress() {}

    /**
     * Reads an address, with a zone (which is ignored) or without. An IPv4 address that is mapped into IPv6 is that IPv4
     * address.
     *
     * @return 4 or 16 bytes; empty if the text is anything else
     */
    public static Optional<byte[]> parse(String text) {
        if (text.indexOf(':') < 0) {
            return v4(text);
        }
        int zone = text.indexOf('%');
        return v6(zone < 0 ? text : text.substring(0, zone)).map(IpAddress::unmapped);
    }

    /** {@return the first bits of an address as text, followed by zeros} */
    public static String truncated(byte[] address, int ipv4Bits, int ipv6Bits) {
        byte[] kept = new byte[address.length];
        System.arraycopy(address, 0, kept, 0, (address.length == 4 ? ipv4Bits : ipv6Bits) / 8);
        return address.length == 4 ? v4Text(kept) : v6Text(kept);
    }

    private static String v4Text(byte[] address) {
        return (address[0] & 0xff) + "." + (address[1] & 0xff) + "." + (address[2] & 0xff) + "." + (address[3] & 0xff);
    }

    private static String v6Text(byte[] address) {
        StringBuilder text = new StringBuilder();
        for (int i = 0; i < 16 && !isZeroFrom(address, i); i += 2) {
            text.append(i == 0 ? "" : ":")
                    .append(Integer.toHexString((address[i] & 0xff) << 8 | (address[i + 1] & 0xff)));
        }
        return text.append("::").toString();
    }

    private static boolean isZeroFrom(byte[] address, int from) {
        for (int i = from; i < address.length; i++) {
            if (address[i] != 0) {
                return false;
            }
        }
        return true;
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
