package dev.attribution.console.view;

import dev.attribution.conversion.Conversion;
import dev.attribution.conversion.ConversionStatus;
import java.util.EnumSet;
import java.util.Set;

/** What an operator does to a conversion. */
public enum Act {
    /** A pending conversion counts. */
    APPROVE("Approve", "It then counts, and money moves to the member."),
    /** A conversion counts no longer. */
    REVERSE("Reverse", "It then does not count; if it counted, the money is taken back."),
    /** A reversed conversion counts again. */
    REINSTATE("Reinstate", "It then counts again, money moves to the member, and no postback changes it afterwards.");

    private final String title;
    private final String effect;

    Act(String title, String effect) {
        this.title = title;
        this.effect = effect;
    }

    /** {@return the verb} */
    public String title() {
        return title;
    }

    /** {@return what it does, as a sentence} */
    public String effect() {
        return effect;
    }

    /** {@return what can be done to a conversion} */
    public static Set<Act> of(Conversion conversion) {
        if (conversion.status() == ConversionStatus.PENDING) {
            return EnumSet.of(APPROVE, REVERSE);
        }
        return conversion.status() == ConversionStatus.APPROVED ? EnumSet.of(REVERSE) : EnumSet.of(REINSTATE);
    }
}
