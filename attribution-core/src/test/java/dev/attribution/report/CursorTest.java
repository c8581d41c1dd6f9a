package dev.attribution.report;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.attribution.AttributionException;
import java.time.Instant;
import java.util.Random;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class CursorTest {
    @ParameterizedTest
    @ValueSource(
            strings = {
                "2026-02-03T04:05:06.123456Z",
                "2026-02-03T04:05:06.123456789Z",
                "1970-01-01T00:00:00Z",
                "1969-12-31T23:59:59.999999Z",
                "0001-01-01T00:00:00Z",
                "9999-12-31T23:59:59.999999Z"
            })
    void isReadBackFromTextThatCanStandInAUrl(Instant time) {
        for (UUID id :
                new UUID[] {new UUID(0, 0), new UUID(-1, -1), UUID.fromString("efb2a7d2-c01a-4e3f-b8a1-81b4568e9f32")
                }) {
            Cursor cursor = new Cursor(time, id);

            assertThat(cursor.toString()).matches("[A-Za-z0-9_-]+");
            assertThat(Cursor.parse(cursor.toString())).isEqualTo(cursor);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"-1000000000-01-01T00:00:00Z", "0000-12-31T23:59:59.999999Z", "+10000-01-01T00:00:00Z"})
    void refusesATimeThatNoDatabaseHolds(Instant time) {
        String crafted = new Cursor(time, new UUID(0, 0)).toString();

        assertThatThrownBy(() -> Cursor.parse(crafted)).isInstanceOf(AttributionException.class);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                " ",
                "x",
                "null",
                "====",
                "AAAA",
                "\u00E9",
                "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA+",
                "//////////////////////////////////////",
                "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA",
                "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA",
                "f_________________________________________",
                "f____________________________________w",
                "gAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA",
                "1 OR 1=1"
            })
    void refusesAnyOtherText(String text) {
        assertThatThrownBy(() -> Cursor.parse(text))
                .isInstanceOf(AttributionException.class)
                .hasMessageContaining("Not a cursor");
    }

    @Test
    void readsOrRefusesAnyTextWithoutAnyOtherException() {
        String alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_=+/ é";
        long seed = 3;
        Random random = new Random(seed);
        for (int i = 0; i < 50_000; i++) {
            StringBuilder text = new StringBuilder();
            for (int length = 30 + random.nextInt(12); length > 0; length--) {
                text.append(alphabet.charAt(random.nextInt(random.nextInt(9) == 0 ? alphabet.length() : 64)));
            }
            try {
                Cursor cursor = Cursor.parse(text.toString());
                assertThat(Cursor.parse(cursor.toString()))
                        .as("seed %d: %s", seed, text)
                        .isEqualTo(cursor);
            } catch (AttributionException e) {
                assertThat(e).hasMessageContaining("Not a cursor");
            }
        }
    }

    @Test
    void refusesNull() {
        assertThatThrownBy(() -> new Cursor(null, new UUID(0, 0))).isInstanceOf(NullPointerException.class);
        assertThatThrownBy(() -> new Cursor(Instant.EPOCH, null)).isInstanceOf(NullPointerException.class);
    }
}
