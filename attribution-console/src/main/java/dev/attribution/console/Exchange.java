package dev.attribution.console;

import dev.attribution.Attribution;
import dev.attribution.console.view.Frame;
import gg.jte.html.HtmlTemplateOutput;
import gg.jte.html.OwaspHtmlTemplateOutput;
import gg.jte.output.StringOutput;
import java.nio.charset.StandardCharsets;
import java.time.DateTimeException;
import java.time.LocalDate;
import java.time.ZoneId;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Consumer;

/**
 * A request that is being answered.
 *
 * @param settings what the console was built with
 * @param request the request
 * @param query the parameters of its address
 * @param form the fields of its form; empty for {@code GET}
 * @param frame what every page needs
 */
record Exchange(Settings settings, ConsoleRequest request, Form query, Form form, Frame frame) {
    private static final int MAX_YEAR = 9998;

    Attribution attribution() {
        return settings.attribution();
    }

    ZoneId zone() {
        return settings.zone();
    }

    LocalDate today() {
        return LocalDate.ofInstant(settings.clock().instant(), zone());
    }

    boolean isPost() {
        return request.method().equals("POST");
    }

    static byte[] html(Consumer<HtmlTemplateOutput> template) {
        StringOutput text = new StringOutput();
        template.accept(new OwaspHtmlTemplateOutput(text));
        return text.toString().getBytes(StandardCharsets.UTF_8);
    }

    static ConsoleResponse page(int status, Consumer<HtmlTemplateOutput> template) {
        return ConsoleResponse.of(status, "text/html; charset=utf-8", html(template));
    }

    static ConsoleResponse page(Consumer<HtmlTemplateOutput> template) {
        return page(200, template);
    }

    /** {@return the day in a field, or empty if the field is empty} */
    static Optional<LocalDate> day(Form form, String name) {
        String text = form.word(name);
        if (text.isEmpty()) {
            return Optional.empty();
        }
        try {
            LocalDate day = LocalDate.parse(text);
            if (day.getYear() >= 2 && day.getYear() <= MAX_YEAR) { // which every store can compare
                return Optional.of(day);
            }
        } catch (DateTimeException e) {
            // refused below
        }
        throw new Refused(400, "A day is written as 2026-01-31.");
    }

    /** {@return the id in a field} */
    static UUID uuid(Form form, String name) {
        try {
            UUID id = UUID.fromString(form.word(name));
            if (id.toString().equalsIgnoreCase(form.word(name))) {
                return id;
            }
        } catch (IllegalArgumentException e) {
            // refused below
        }
        throw new Refused(400, "The address names no id: " + name + " is a UUID.");
    }

    /** {@return the constant in a field, or empty if the field is empty} */
    static <E extends Enum<E>> Optional<E> constant(Class<E> type, Form form, String name) {
        String text = form.word(name);
        if (text.isEmpty()) {
            return Optional.empty();
        }
        try {
            return Optional.of(Enum.valueOf(type, text));
        } catch (IllegalArgumentException e) {
            throw new Refused(400, "The value of '" + name + "' is not one of those that exist.");
        }
    }
}
