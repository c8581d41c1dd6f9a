package dev.attribution.conversion;

import static org.assertj.core.api.Assertions.assertThat;

import dev.attribution.click.ClickId;
import java.io.ByteArrayOutputStream;
import java.io.DataOutputStream;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.HashSet;
import java.util.Set;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ScopeTest {
    @Test
    void aClicksKeyIsItsId() {
        ClickId clickId = ClickId.parse("efb2a7d2-c01a-4e3f-b8a1-81b4568e9f32");

        assertThat(new Scope.OfClick(clickId).key()).isEqualTo(clickId.uuid());
    }

    /** Computed elsewhere: a store keeps these keys, so that they must never change. */
    @ParameterizedTest
    @CsvSource({
        "spring-sale, member-7, 5ec7ba5f-cbf1-83ff-a685-580a0ae6b8c7",
        "ab, c, f2939f90-3016-85bb-a9b1-e4a61cdbd376",
        "日本, 😀, d3bb3587-e06a-8946-935f-7ef8f2005308",
    })
    void aMembersKeyNeverChanges(String offerId, String memberId, UUID key) {
        assertThat(new Scope.OfMember(offerId, memberId).key()).isEqualTo(key);
    }

    @ParameterizedTest
    @CsvSource({"spring-sale, member-7", "a, b", "ü, ' m '", "😀, 日本", "0, 0"})
    void aMembersKeyIsAVersion8UuidOfBothIdsBehindTheirLengths(String offerId, String memberId) throws Exception {
        UUID key = new Scope.OfMember(offerId, memberId).key();

        assertThat(key.version()).isEqualTo(8);
        assertThat(key.variant()).isEqualTo(2);
        assertThat(key).isEqualTo(version8(hash(offerId, memberId)));
    }

    @Test
    void differentMembersHaveDifferentKeys() {
        Set<UUID> keys = new HashSet<>();
        String[][] pairs = {
            {"ab", "c"},
            {"a", "bc"},
            {"c", "ab"},
            {"abc", ""},
            {"", "abc"},
            {"a", "b"},
            {"A", "b"},
            {"a", "b "},
            {"é", "b"},
            {"e\u0301", "b"}
        };
        for (String[] pair : pairs) {
            keys.add(new Scope.OfMember(pair[0], pair[1]).key());
        }

        assertThat(keys).hasSize(pairs.length);
    }

    private static byte[] hash(String... ids) throws Exception {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        DataOutputStream data = new DataOutputStream(bytes);
        for (String id : ids) {
            byte[] utf8 = id.getBytes(StandardCharsets.UTF_8);
            data.writeInt(utf8.length);
            data.write(utf8);
        }
        return MessageDigest.getInstance("SHA-256").digest(bytes.toByteArray());
    }

    private static UUID version8(byte[] hash) {
        StringBuilder hex = new StringBuilder(
                String.format("%064x", new BigInteger(1, hash)).substring(0, 32));
        hex.setCharAt(12, '8');
        hex.setCharAt(16, "89ab".charAt(Character.digit(hex.charAt(16), 16) & 3));
        return UUID.fromString(hex.insert(20, '-')
                .insert(16, '-')
                .insert(12, '-')
                .insert(8, '-')
                .toString());
    }
}
