package dev.attribution.reconcile;

import dev.attribution.conversion.Conversion;
import dev.attribution.internal.Printable;
import dev.attribution.reconcile.ClickGroup.Pair;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Currency;
import java.util.List;
import java.util.Optional;

/** The differences between the two sides of a pair; the first one is the cause. */
record Differences(Cause cause, String evidence) {
    static Differences between(Pair pair, Agreement agreement) {
        TrackerRow theirs = pair.their().row();
        Conversion ours = pair.ours();
        List<Cause> causes = new ArrayList<>(0);
        List<String> evidence = new ArrayList<>(1);
        if (differ(theirs.transactionId(), ours.transactionId())) {
            causes.add(Cause.TRANSACTION_DIFFERS);
            evidence.add(against("transaction", theirs.transactionId(), ours.transactionId()));
        }
        if (differ(theirs.eventId(), ours.eventId())) {
            causes.add(Cause.EVENT_DIFFERS);
            evidence.add(against("event", theirs.eventId(), ours.eventId()));
        }
        amounts(theirs, ours, agreement, causes, evidence);
        Duration apart = ClickGroup.apart(pair);
        if (!agreement.timesAgree(apart)) {
            causes.add(Cause.TIME_DIFFERS);
            evidence.add("theirs at " + pair.their().time() + ", ours at " + ours.convertedAt() + ", " + words(apart)
                    + " apart");
        }
        return causes.isEmpty()
                ? new Differences(Cause.MATCHED, agreement(theirs, ours, apart))
                : new Differences(causes.get(0), String.join("; ", evidence));
    }

    private static void amounts(
            TrackerRow theirs, Conversion ours, Agreement agreement, List<Cause> causes, List<String> evidence) {
        if (theirs.amount().isEmpty() || ours.payout().isEmpty()) {
            return; // a currency without an amount says nothing
        }
        Optional<String> currency = ours.currency().map(Currency::getCurrencyCode);
        boolean otherCurrency = theirs.currency().isPresent()
                && currency.isPresent()
                && !theirs.currency().get().strip().equalsIgnoreCase(currency.get());
        if (otherCurrency) {
            causes.add(Cause.CURRENCY_DIFFERS);
        } else if (!agreement.amountsAgree(theirs.amount().get(), ours.payout().get())) {
            causes.add(Cause.AMOUNT_DIFFERS);
        } else {
            return;
        }
        evidence.add("amount " + theirs.amount().get().toPlainString()
                + theirs.currency().map(code -> " " + Printable.quoted(code)).orElse("")
                + " against ours " + ours.payout().get().toPlainString()
                + currency.map(code -> " " + code).orElse(""));
    }

    private static String agreement(TrackerRow theirs, Conversion ours, Duration apart) {
        return "same click id" + (both(theirs.transactionId(), ours.transactionId()) ? ", transaction" : "")
                + (both(theirs.eventId(), ours.eventId()) ? ", event" : "")
                + (both(theirs.amount(), ours.payout()) ? ", amount" : "") + "; " + words(apart) + " apart";
    }

    private static boolean both(Optional<?> theirs, Optional<?> ours) {
        return theirs.isPresent() && ours.isPresent();
    }

    private static boolean differ(Optional<String> theirs, Optional<String> ours) {
        return both(theirs, ours) && !theirs.equals(ours);
    }

    private static String against(String what, Optional<String> theirs, Optional<String> ours) {
        return what + " '" + Printable.quoted(theirs.orElse("")) + "' against ours '"
                + Printable.quoted(ours.orElse("")) + "'";
    }

    private static String words(Duration apart) {
        long seconds = apart.toSeconds();
        if (seconds < 120) {
            return seconds + " s";
        }
        if (seconds < 7_200) {
            return seconds / 60 + " min";
        }
        return seconds < 172_800 ? seconds / 3_600 + " h" : seconds / 86_400 + " days";
    }
}
