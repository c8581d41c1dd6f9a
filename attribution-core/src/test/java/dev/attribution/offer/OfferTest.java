package dev.attribution.offer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.attribution.InvalidIdException;
import dev.attribution.conversion.DuplicatePolicy;
import dev.attribution.conversion.Terms;
import dev.attribution.link.LinkRules;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class OfferTest {
    private static final String LINK = "https://google.com?sub1={gk_click_id}";

    private static Offer.Builder offer() {
        return Offer.builder("spring-sale").trackingLink(LINK);
    }

    @Test
    void asksForNothingByDefault() {
        Offer offer = offer().build();

        assertThat(offer.offerId()).isEqualTo("spring-sale");
        assertThat(offer.trackingLink()).isEqualTo(LINK);
        assertThat(offer.linkRules()).isEqualTo(LinkRules.common());
        assertThat(offer.duplicatePolicy()).isEmpty();
        assertThat(offer.terms(DuplicatePolicy.atMost(3))).isEqualTo(Terms.of(DuplicatePolicy.atMost(3)));
    }

    @Test
    void itsOwnTermsWin() {
        Offer offer = offer().duplicatePolicy(DuplicatePolicy.onePerEvent())
                .minimumDelay(Duration.ofSeconds(5))
                .attributionWindow(Duration.ofDays(30))
                .acceptedEvents("b", "a")
                .requireTransactionId()
                .build();

        assertThat(offer.terms(DuplicatePolicy.onePerClickAndMember()))
                .isEqualTo(new Terms(
                        DuplicatePolicy.onePerEvent(),
                        Duration.ofSeconds(5),
                        Optional.of(Duration.ofDays(30)),
                        Set.of("a", "b"),
                        true));
    }

    @ParameterizedTest
    @ValueSource(strings = {"", " ", "a\nb", "\uD800"})
    void refusesIdsThatAreNotAllowed(String id) {
        Offer.Builder builder = offer();

        assertThatThrownBy(() -> Offer.builder(id)).isInstanceOf(InvalidIdException.class);
        assertThatThrownBy(() -> builder.acceptedEvents("ok", id))
                .isInstanceOf(InvalidIdException.class)
                .hasMessageContaining("event id");
    }

    @Test
    void needsALink() {
        Offer.Builder builder = Offer.builder("o");

        assertThatThrownBy(builder::build)
                .isInstanceOf(NullPointerException.class)
                .hasMessageContaining("trackingLink");
        assertThatThrownBy(() -> builder.trackingLink(null)).isInstanceOf(NullPointerException.class);
    }

    @Test
    void durationsAreTruncatedToMicroseconds() {
        Offer offer = offer().minimumDelay(Duration.ofNanos(1_999))
                .attributionWindow(Duration.ofNanos(5_001))
                .build();

        assertThat(offer.minimumDelay()).isEqualTo(Duration.ofNanos(1_000));
        assertThat(offer.attributionWindow()).contains(Duration.ofNanos(5_000));
    }

    @ParameterizedTest
    @ValueSource(strings = {"PT-0.000001S", "PT-1S", "P-1D", "P36500DT0.000001S", "PT2562047788015215H"})
    void refusesADurationOutOfBounds(Duration duration) {
        Offer.Builder builder = offer();

        assertThatThrownBy(() -> builder.minimumDelay(duration)).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> builder.attributionWindow(duration)).isInstanceOf(IllegalArgumentException.class);
    }

    @ParameterizedTest
    @ValueSource(strings = {"PT0S", "PT0.000000999S"})
    void refusesAWindowOfZero(Duration window) {
        Offer.Builder builder = offer();

        assertThatThrownBy(() -> builder.attributionWindow(window)).isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void takesTheLongestWindowAndTheShortest() {
        assertThat(offer().attributionWindow(Duration.ofDays(36_500)).build().attributionWindow())
                .contains(Duration.ofDays(36_500));
        assertThat(offer().attributionWindow(Duration.ofNanos(1_000)).build().attributionWindow())
                .contains(Duration.ofNanos(1_000));
    }

    @Test
    void refusesAWindowThatEndsBeforeTheMinimumDelay() {
        Offer.Builder builder = offer().minimumDelay(Duration.ofSeconds(2)).attributionWindow(Duration.ofSeconds(1));

        assertThatThrownBy(builder::build).isInstanceOf(IllegalArgumentException.class);
        assertThat(builder.attributionWindow(Duration.ofSeconds(2)).build().minimumDelay())
                .isEqualTo(Duration.ofSeconds(2));
    }

    @Test
    void refusesASchemeThatIsDangerous() {
        Offer.Builder builder = offer().allowScheme("JavaScript");

        assertThatThrownBy(builder::build).isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void isNotChangedThroughItsBuilderOrWhatItWasGiven() {
        List<String> events = new ArrayList<>(List.of("a"));
        Offer.Builder builder = offer().acceptedEvents(events).literal("(x)").allowScheme("myapp");
        Offer offer = builder.build();
        events.add("b");
        builder.acceptedEvents("c").literal("(y)").allowScheme("other").requireTransactionId();

        assertThat(offer.acceptedEvents()).containsExactly("a");
        assertThat(offer.linkRules()).isEqualTo(new LinkRules(Set.of("myapp"), Set.of("(x)")));
        assertThat(offer.transactionIdRequired()).isFalse();
        assertThatThrownBy(() -> offer.acceptedEvents().add("d")).isInstanceOf(UnsupportedOperationException.class);
    }

    @Test
    void acceptedEventsReplaceTheOnesBefore() {
        assertThat(offer().acceptedEvents("a", "a").acceptedEvents("b").build().acceptedEvents())
                .containsExactly("b");
        assertThat(offer().acceptedEvents("a").acceptedEvents().build().acceptedEvents())
                .isEmpty();
    }

    @Test
    void equalsByEverything() {
        assertThat(offer().build())
                .isEqualTo(offer().build())
                .hasSameHashCodeAs(offer().build())
                .isNotEqualTo(Offer.builder("Spring-sale").trackingLink(LINK).build())
                .isNotEqualTo(offer().trackingLink(LINK + "&a=b").build())
                .isNotEqualTo(offer().duplicatePolicy(DuplicatePolicy.onePerClickAndMember())
                        .build())
                .isNotEqualTo(offer().minimumDelay(Duration.ofSeconds(1)).build())
                .isNotEqualTo(offer().attributionWindow(Duration.ofSeconds(1)).build())
                .isNotEqualTo(offer().acceptedEvents("a").build())
                .isNotEqualTo(offer().requireTransactionId().build())
                .isNotEqualTo(offer().literal("(x)").build())
                .isNotEqualTo(offer().allowScheme("myapp").build());
    }
}
