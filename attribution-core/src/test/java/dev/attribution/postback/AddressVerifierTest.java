package dev.attribution.postback;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Instant;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class AddressVerifierTest {
    private static String check(PostbackVerifier verifier, String address, String header, String... lines) {
        PostbackRequest.Builder request = PostbackRequest.get("a=b").remoteAddress(address);
        for (String line : lines) {
            request.header(header, line);
        }
        return verifier.verify(request.build(), Instant.EPOCH).failedCheck().orElse("authentic");
    }

    @ParameterizedTest
    @CsvSource({
        "203.0.113.0/24, 203.0.113.0, authentic",
        "203.0.113.0/24, 203.0.113.255, authentic",
        "203.0.113.0/24, 203.0.114.0, address",
        "203.0.113.0/24, 203.0.112.255, address",
        "203.0.113.7, 203.0.113.7, authentic",
        "203.0.113.7, 203.0.113.8, address",
        "198.134.6.0/23, 198.134.7.255, authentic",
        "198.134.6.0/23, 198.134.8.0, address",
        "0.0.0.0/0, 1.2.3.4, authentic",
        "0.0.0.0/0, ::1, address",
        "128.0.0.0/1, 200.1.1.1, authentic",
        "128.0.0.0/1, 100.1.1.1, address",
        "2001:db8::/32, 2001:db8:ffff::1, authentic",
        "2001:db8::/32, 2001:db9::, address",
        "2001:db8::/32, 2001:DB8::1, authentic",
        "2001:db8::1, 2001:0db8:0:0:0:0:0:1, authentic",
        "2001:db8::1, 2001:db8::0.0.0.1, authentic",
        "::/0, 2001:db8::1, authentic",
        "::/0, 1.2.3.4, address",
        "::1, 0:0:0:0:0:0:0:1%0, authentic",
        "fe80::/10, fe80::1%eth0, authentic",
        "203.0.113.0/24, ::ffff:203.0.113.9, authentic",
        "203.0.113.0/24, ::FFFF:cb00:7109, authentic",
        "203.0.113.0/24, 0:0:0:0:0:ffff:203.0.113.9, authentic",
        "203.0.113.0/24, ::203.0.113.9, address",
        "::ffff:203.0.113.0/120, 203.0.113.9, authentic",
        "203.0.113.0/24, 203.0.113.09, address-unreadable",
        "203.0.113.0/24, 203.0.113, address-unreadable",
        "203.0.113.0/24, 203.0.113.256, address-unreadable",
        "203.0.113.0/24, 0xcb.0.113.9, address-unreadable",
        "203.0.113.0/24, 3405803785, address-unreadable",
        "203.0.113.0/24, 203.0.113.9.1, address-unreadable",
        "203.0.113.0/24, '203.0.113.9 ', address-unreadable",
        "203.0.113.0/24, localhost, address-unreadable",
        "203.0.113.0/24, '', address-unreadable",
        "::/0, :::, address-unreadable",
        "::/0, 1::2::3, address-unreadable",
        "::/0, 1:2:3:4:5:6:7, address-unreadable",
        "::/0, 1:2:3:4:5:6:7:8:9, address-unreadable",
        "::/0, 12345::, address-unreadable",
        "::/0, 1:2:3:4:5:6:7::8, address-unreadable",
        "::/0, 1.2.3.4::, address-unreadable",
        "::/0, ':1', address-unreadable",
        "::/0, g::, address-unreadable"
    })
    void comparesAnAddressWithARange(String range, String address, String result) {
        assertThat(check(PostbackVerifier.addresses("192.0.2.1", range), address, "x"))
                .isEqualTo(result);
    }

    @Test
    void anAddressThatIsNotGivenIsNotAuthentic() {
        assertThat(check(PostbackVerifier.addresses("0.0.0.0/0"), null, "x")).isEqualTo("address-absent");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "203.0.113.0/33",
                "203.0.113.0/-1",
                "203.0.113.0/",
                "203.0.113.0/024",
                "203.0.113.9/24",
                "::/129",
                "e.com",
                "203.0.113.0-9",
                "2001:db8::1/32",
                "::ffff:1.2.3.4/90",
                "1.2.3.4/24/8",
                "*"
            })
    void refusesWhatIsNotARange(String range) {
        assertThatThrownBy(() -> PostbackVerifier.addresses("192.0.2.1", range))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("such as");
        assertThatThrownBy(() -> PostbackVerifier.addresses()).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> PostbackVerifier.addresses("1.2.3.4").throughXForwardedFor())
                .isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void aHeaderCountsOnlyFromAListedProxyAndFromTheRight() {
        String h = "x-forwarded-for";
        PostbackVerifier direct = PostbackVerifier.addresses("203.0.113.0/24");
        PostbackVerifier verifier =
                PostbackVerifier.addresses("203.0.113.0/24").throughXForwardedFor("10.0.0.0/8", "fd00::/8");

        assertThat(check(direct, "10.0.0.1", h, "203.0.113.9")).isEqualTo("address");
        assertThat(check(verifier, "10.0.0.1", h, "203.0.113.9")).isEqualTo("authentic");
        assertThat(check(verifier, "fd00::1", h, "203.0.113.9")).isEqualTo("authentic");
        assertThat(check(verifier, "::ffff:10.0.0.1", h, "203.0.113.9")).isEqualTo("authentic");
        assertThat(check(verifier, "11.0.0.1", h, "203.0.113.9")).isEqualTo("address");
        assertThat(check(verifier, "203.0.113.9", h, "198.51.100.1")).isEqualTo("authentic");
        assertThat(check(verifier, "10.0.0.1", h, "203.0.113.9, 198.51.100.1")).isEqualTo("address");
        assertThat(check(verifier, "10.0.0.1", h, "198.51.100.1, 203.0.113.9")).isEqualTo("authentic");
        assertThat(check(verifier, "10.0.0.1", h, "198.51.100.1,203.0.113.9,10.1.1.1 , 10.2.2.2"))
                .isEqualTo("authentic");
        assertThat(check(verifier, "10.0.0.1", h, "203.0.113.9", "198.51.100.1"))
                .isEqualTo("address");
        assertThat(check(verifier, "10.0.0.1", h, "198.51.100.1", "203.0.113.9"))
                .isEqualTo("authentic");
        assertThat(check(verifier, "10.0.0.1", h, "203.0.113.9, unknown")).isEqualTo("address-unreadable");
        assertThat(check(verifier, "10.0.0.1", h, "203.0.113.9,")).isEqualTo("address-unreadable");
        assertThat(check(verifier, "10.0.0.1", h, "unknown, 203.0.113.9")).isEqualTo("authentic");
        assertThat(check(verifier, "10.0.0.1", h, "203.0.113.9:4711")).isEqualTo("authentic");
        assertThat(check(verifier, "10.0.0.1", h, "203.0.113.9:x")).isEqualTo("address-unreadable");
        assertThat(check(verifier, "10.0.0.1", h)).isEqualTo("address");
        assertThat(check(verifier, "10.0.0.1", "forwarded", "for=203.0.113.9")).isEqualTo("address");
        assertThat(check(verifier, "10.0.0.1", h, "10.9.9.9, ".repeat(60) + "203.0.113.9"))
                .isEqualTo("address-unreadable");
    }

    @Test
    void readsTheStandardHeader() {
        String h = "Forwarded";
        PostbackVerifier verifier =
                PostbackVerifier.addresses("203.0.113.0/24", "2001:db8::/32").throughForwarded("10.0.0.0/8");

        assertThat(check(verifier, "10.0.0.1", h, "for=203.0.113.9")).isEqualTo("authentic");
        assertThat(check(verifier, "10.0.0.1", h, "For=\"[2001:db8::1]:4711\";proto=https;by=10.0.0.1"))
                .isEqualTo("authentic");
        assertThat(check(verifier, "10.0.0.1", h, "proto=https; for=203.0.113.9:1"))
                .isEqualTo("authentic");
        assertThat(check(verifier, "10.0.0.1", h, "for=198.51.100.1, for=203.0.113.9, for=10.0.0.2"))
                .isEqualTo("authentic");
        assertThat(check(verifier, "10.0.0.1", h, "for=203.0.113.9, for=198.51.100.1"))
                .isEqualTo("address");
        assertThat(check(verifier, "10.0.0.1", h, "for=203.0.113.9;for=203.0.113.9"))
                .isEqualTo("address-unreadable");
        assertThat(check(verifier, "10.0.0.1", h, "for=203.0.113.9, for=_hidden"))
                .isEqualTo("address-unreadable");
        assertThat(check(verifier, "10.0.0.1", h, "for=203.0.113.9, for=unknown"))
                .isEqualTo("address-unreadable");
        assertThat(check(verifier, "10.0.0.1", h, "for=203.0.113.9, by=10.0.0.1"))
                .isEqualTo("address-unreadable");
        assertThat(check(verifier, "10.0.0.1", h, "for=\"198.51.100.1, for=203.0.113.9\""))
                .isEqualTo("address-unreadable");
        assertThat(check(verifier, "10.0.0.1", h, "for=\"203.0.113.9")).isEqualTo("address-unreadable");
        assertThat(check(verifier, "10.0.0.1", "X-Forwarded-For", "203.0.113.9"))
                .isEqualTo("address");
    }
}
