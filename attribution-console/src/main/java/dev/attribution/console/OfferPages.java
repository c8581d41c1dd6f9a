package dev.attribution.console;

import dev.attribution.AttributionException;
import dev.attribution.StorageException;
import dev.attribution.console.view.JteofferGenerated;
import dev.attribution.console.view.JteoffersGenerated;
import dev.attribution.console.view.Listing;
import dev.attribution.console.view.OfferForm;
import dev.attribution.console.view.ShortDuration;
import dev.attribution.conversion.DuplicatePolicy;
import dev.attribution.link.InvalidTrackingLinkException;
import dev.attribution.offer.Offer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.LocalDate;
import java.util.HexFormat;
import java.util.List;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.TreeMap;
import java.util.TreeSet;

/** The offers that clicks lead to, and the form of an offer, in which the link checker's problems stand at their position. */
final class OfferPages {
    private static final int DAYS = 30;

    private OfferPages() {}

    /** Offers with clicks or messages in the last days: a store finds offers by their ids, and lists none. */
    static ConsoleResponse offers(Exchange exchange) {
        LocalDate today = exchange.today();
        NavigableMap<String, Long> clicks = new TreeMap<>();
        exchange.attribution()
                .reports()
                .summary(today.minusDays(DAYS - 1L), today, exchange.zone())
                .forEach(row -> row.offerId().ifPresent(offer -> clicks.merge(offer, row.clicks(), Long::sum)));
        NamePage<Long> page = NamePage.of(exchange, clicks);
        Listing listing = page.listing(exchange, "/offers");
        return Exchange.page(out ->
                JteoffersGenerated.render(out, null, exchange.frame(), listing, page.rows(), clicks.size(), DAYS));
    }

    static ConsoleResponse offer(Exchange exchange) {
        return exchange.isPost() ? save(exchange) : show(exchange);
    }

    private static ConsoleResponse show(Exchange exchange) {
        String offerId = exchange.query().text("id");
        Optional<Offer> stored = exchange.attribution().offers().find(offerId);
        OfferForm form =
                stored.map(offer -> OfferForm.of(offer, version(offer))).orElseGet(() -> OfferForm.empty(offerId));
        return form(exchange, 200, form, exchange.query().isSet("saved"));
    }

    private static ConsoleResponse save(Exchange exchange) {
        OfferForm form = typed(exchange.form());
        try {
            Offer offer = offer(form);
            Optional<Offer> stored = exchange.attribution().offers().find(offer.offerId());
            if (!stored.map(OfferPages::version).orElse("").equals(form.version())) {
                return form(
                        exchange,
                        409,
                        form.with(
                                List.of(),
                                List.of("Somebody changed or made this offer since you opened the form, and nothing"
                                        + " was saved. Open it again and repeat your change.")),
                        false);
            }
            exchange.attribution().offers().put(offer);
            return ConsoleResponse.seeOther(exchange.frame().link("/offer", "id", offer.offerId(), "saved", "1"));
        } catch (InvalidTrackingLinkException e) {
            return form(exchange, 422, form.with(e.problems(), List.of()), false);
        } catch (StorageException e) {
            throw e;
        } catch (AttributionException | IllegalArgumentException | IllegalStateException e) {
            String message = e.getMessage();
            return form(
                    exchange,
                    422,
                    form.with(List.of(), List.of(message == null ? "The offer cannot be saved." : message)),
                    false);
        }
    }

    private static ConsoleResponse form(Exchange exchange, int status, OfferForm form, boolean isSaved) {
        String title = form.isNew() ? "New offer" : "Offer";
        return Exchange.page(
                status,
                out -> JteofferGenerated.render(out, null, exchange.frame().titled(title), form, isSaved));
    }

    private static OfferForm typed(Form form) {
        return new OfferForm(
                form.text("id"),
                form.text("link"),
                form.word("policy").equals("at-most") ? "at-most-" + form.word("limit") : form.word("policy"),
                form.word("window"),
                form.word("delay"),
                form.text("events"),
                form.text("callers"),
                form.text("schemes"),
                form.text("literals"),
                form.isSet("transaction"),
                form.word("version"),
                form.word("version").isEmpty(),
                List.of(),
                List.of());
    }

    private static Offer offer(OfferForm form) {
        Offer.Builder offer = Offer.builder(form.offerId()).trackingLink(form.trackingLink());
        if (!form.policy().isEmpty()) {
            offer.duplicatePolicy(DuplicatePolicy.parse(form.policy()));
        }
        if (!form.window().isEmpty()) {
            offer.attributionWindow(ShortDuration.parse(form.window()));
        }
        if (!form.delay().isEmpty()) {
            offer.minimumDelay(ShortDuration.parse(form.delay()));
        }
        offer.acceptedEvents(lines(form.events()));
        offer.acceptedCallers(lines(form.callers()));
        lines(form.schemes()).forEach(scheme -> offer.allowScheme(scheme.strip()));
        lines(form.literals()).forEach(offer::literal);
        if (form.requiresTransactionId()) {
            offer.requireTransactionId();
        }
        return offer.build();
    }

    private static List<String> lines(String text) {
        return text.lines().filter(line -> !line.isBlank()).toList();
    }

    /** {@return a mark that every part of an offer changes} */
    private static String version(Offer offer) {
        OfferForm form = OfferForm.of(offer, "");
        String parts = String.join(
                "\u0000",
                form.trackingLink(),
                form.policy(),
                form.window(),
                form.delay(),
                new TreeSet<>(offer.acceptedEvents()).toString(),
                new TreeSet<>(offer.acceptedCallers()).toString(),
                form.schemes(),
                form.literals(),
                Boolean.toString(form.requiresTransactionId()));
        try {
            byte[] digest = MessageDigest.getInstance("SHA-256").digest(parts.getBytes(StandardCharsets.UTF_8));
            return HexFormat.of().formatHex(digest, 0, 16);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("Every Java has SHA-256", e);
        }
    }
}
