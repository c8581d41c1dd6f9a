package dev.attribution.examples.fuzz;

import dev.attribution.AttributionException;
import dev.attribution.link.InvalidTrackingLinkException;
import dev.attribution.link.LinkProblem;
import dev.attribution.link.LinkTemplate;
import dev.attribution.link.LinkTemplater;
import dev.attribution.trackers.Tracker;
import java.net.URI;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.regex.Pattern;

final class Links {
    private static final String ID = "efb2a7d2-c01a-4e3f-b8a1-81b4568e9f32";
    private static final Pattern MACRO =
            Pattern.compile("(?:\\{|%7[bB])(gk_click_id|offer_id|member_id|timestamp)(?:}|%7[dD])");
    private static final Pattern BROKEN_ESCAPE = Pattern.compile("%(?![0-9a-fA-F]{2})");
    private static final Pattern NO_STRUCTURE = Pattern.compile("[^/?&=#;:@]");

    private Links() {}

    static String link(Choices choices) {
        StringBuilder link = new StringBuilder(choices.of("https", "http", "HTTPS", "ftp", "javascript", ""))
                .append(choices.of("://", "://", "://", ":", "//", ""))
                .append(choices.of(
                        "e.com", "e.com:8443", "user:pass@e.com", "[2001:db8::1]", "e..com", "", "192.0.2.1"));
        for (int i = choices.below(4); i > 0; i--) {
            link.append('/').append(piece(choices));
        }
        if (!choices.oneIn(6)) {
            link.append('?');
        }
        for (int i = 1 + choices.below(5); i > 0; i--) {
            link.append(choices.of("sub1", "a", "sub1", "amp;b", "referrer", ""))
                    .append(choices.of("=", "=", "=", ""));
            link.append(piece(choices)).append(i > 1 ? choices.of("&", "&", "&amp;", "?") : "");
        }
        return choices.oneIn(5) ? link.append('#').append(piece(choices)).toString() : link.toString();
    }

    private static String piece(Choices choices) {
        return switch (choices.below(9)) {
            case 0, 1, 2 -> "{gk_click_id}";
            case 3 -> "%7Bgk_click_id%7D";
            case 4 -> "{member_id}";
            case 5 -> "x%3D{member_id}%26y%3D{gk_click_id}";
            case 6 -> "a" + choices.of("{offer_id}", "{timestamp}", "b");
            default -> choices.text();
        };
    }

    static void check(Choices choices) {
        String link = choices.log("link", link(choices));
        LinkTemplate template;
        try {
            template = LinkTemplater.standard().parse(link);
        } catch (InvalidTrackingLinkException e) {
            Holds.that(!e.problems().isEmpty(), "a refused link has a problem");
            for (LinkProblem problem : e.problems()) {
                Holds.that(problem.position() >= 0 && problem.position() <= link.length(), "a position in the link");
                Holds.oneLine(problem.toString(), "a problem is one printable line");
                Holds.that(problem.toString().length() < 4_000, "a problem is bounded");
            }
            Holds.oneLine(e.getMessage().replace("\n", ""), "the message is printable");
            return;
        } finally {
            if (choices.oneIn(5)) {
                Tracker.appsFlyer().check(link);
            }
        }
        String member = choices.log("member", choices.text());
        Map<String, String> values =
                Map.of("gk_click_id", ID, "offer_id", choices.text(), "member_id", member, "timestamp", "1764277200");
        String filled;
        try {
            filled = choices.log("filled", template.fill(values::get));
        } catch (AttributionException e) {
            Holds.oneLine(e.getMessage(), "the message is printable");
            return; // too long, or a segment of dots
        }
        Holds.graphicAscii(filled, "a location is printable ASCII");
        Holds.that(filled.length() <= LinkTemplater.MAX_FILLED_LENGTH, "a location is bounded");
        URI location = URI.create(filled);
        Holds.that(location.isAbsolute() && location.getHost() != null, "a location is absolute");
        Holds.same(
                NO_STRUCTURE.matcher(filled).replaceAll(""),
                NO_STRUCTURE.matcher(MACRO.matcher(link).replaceAll("")).replaceAll(""),
                "no value adds a delimiter");
        Holds.same(
                location.getHost(),
                URI.create(MACRO.matcher(link).replaceAll("x")).getHost(),
                "the host stays");
        Holds.that(decoded(filled, 3).contains(ID), "the id arrives");
    }

    private static String decoded(String text, int times) {
        String decoded = text;
        for (int i = 0; i < times && decoded.indexOf('%') >= 0; i++) {
            decoded = URLDecoder.decode(
                    BROKEN_ESCAPE.matcher(decoded.replace("+", "%2B")).replaceAll("%25"), StandardCharsets.UTF_8);
        }
        return decoded;
    }
}
