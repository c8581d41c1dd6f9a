package dev.attribution.conversion;

import static dev.attribution.conversion.Claims.CLICK;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.attribution.InvalidIdException;
import java.math.BigDecimal;
import java.time.Instant;
import java.util.Currency;
import java.util.UUID;
import org.junit.jupiter.api.Test;

class ConversionTest {
    private static Conversion.Builder builder() {
        return Conversion.builder(new UUID(1, 2))
                .attemptId(new UUID(3, 4))
                .credits(CLICK.clickId(), "o", "m")
                .convertedAt(Instant.parse("2026-02-03T04:05:06.123456789Z"))
                .eventId("e")
                .transactionId("t")
                .payout(new BigDecimal("12.50"))
                .currency(Currency.getInstance("EUR"));
    }

    @Test
    void isTruncatedToMicroseconds() {
        assertThat(builder().build().convertedAt()).isEqualTo(Instant.parse("2026-02-03T04:05:06.123456Z"));
    }

    @Test
    void equalsByEveryValueWithTheScaleOfThePayout() {
        assertThat(builder().build())
                .isEqualTo(builder().build())
                .hasSameHashCodeAs(builder().build())
                .isNotEqualTo(builder().payout(new BigDecimal("12.5")).build())
                .isNotEqualTo(builder().payout(null).build())
                .isNotEqualTo(builder().currency(null).build())
                .isNotEqualTo(builder().eventId("E").build())
                .isNotEqualTo(builder().transactionId(null).build())
                .isNotEqualTo(builder().attemptId(new UUID(3, 5)).build())
                .isNotEqualTo(builder().convertedAt(Instant.EPOCH).build())
                .isNotEqualTo(builder().credits(CLICK.clickId(), "o", "n").build())
                .isNotEqualTo(builder().credits(CLICK.clickId(), "p", "m").build());
    }

    @Test
    void everythingButEventTransactionAndPayoutIsRequired() {
        Conversion.Builder empty = Conversion.builder(new UUID(1, 2));

        assertThatThrownBy(empty::build).isInstanceOf(NullPointerException.class);
        assertThatThrownBy(() -> Conversion.builder(null)).isInstanceOf(NullPointerException.class);
        assertThat(builder()
                        .eventId(null)
                        .transactionId(null)
                        .payout(null)
                        .currency(null)
                        .build()
                        .eventId())
                .isEmpty();
    }

    @Test
    void refusesIdsThatAreNotAllowed() {
        assertThatThrownBy(() -> builder().credits(CLICK.clickId(), " ", "m").build())
                .isInstanceOf(InvalidIdException.class);
        assertThatThrownBy(() -> builder().credits(CLICK.clickId(), "o", "\n").build())
                .isInstanceOf(InvalidIdException.class);
    }
}
