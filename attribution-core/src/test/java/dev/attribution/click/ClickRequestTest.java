package dev.attribution.click;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.attribution.InvalidIdException;
import org.junit.jupiter.api.Test;

class ClickRequestTest {
    private static final String TOKEN = "forgotten-11111111-1111-1111-1111-111111111111";

    @Test
    void refusesAMemberIdThatStandsForAForgottenMember() {
        assertThatThrownBy(() -> ClickRequest.of("sale", TOKEN))
                .isInstanceOf(InvalidIdException.class)
                .hasMessageContaining("forgotten members")
                .hasMessageNotContaining(TOKEN);
    }

    @Test
    void takesMemberIdsThatOnlyLookLikeOne() {
        for (String memberId :
                new String[] {"forgotten-", "forgotten-1", "Forgotten" + TOKEN.substring(9), TOKEN + "0"}) {
            assertThat(ClickRequest.of("sale", memberId).memberId()).isEqualTo(memberId);
        }
        assertThat(ClickRequest.of(TOKEN, "member").offerId()).isEqualTo(TOKEN);
    }
}
