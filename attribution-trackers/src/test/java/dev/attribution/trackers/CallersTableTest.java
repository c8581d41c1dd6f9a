package dev.attribution.trackers;

import static org.assertj.core.api.Assertions.assertThat;

import dev.attribution.postback.Answers.AnswerClass;
import dev.attribution.postback.HttpAnswer;
import dev.attribution.postback.PostbackVerifier;
import dev.attribution.postback.Reason;
import dev.attribution.trackers.CallerProofs.Proof;
import dev.attribution.trackers.CallerProofs.Vector;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/** Keeps the page with the table of callers in step with the presets: {@code -Dwrite.pages=true} writes the page. */
class CallersTableTest {
    private static final Path PAGE = Path.of("..", "docs", "callers-table.md");
    private static final String SECRET = "SECRET-0123456789";

    /** With marks instead of the arguments, which are no facts. */
    private static final List<CallerPreset> PRESETS = List.of(
            CallerPreset.tapjoy(),
            CallerPreset.unityAds(),
            CallerPreset.ironSource("‹parameter›", "‹value›"),
            CallerPreset.appLovinMax(),
            CallerPreset.adGemV2("‹macro›", "‹macro›"),
            CallerPreset.adGemV3("‹click id›", "‹transaction id›"),
            CallerPreset.bitLabs("‹UID›", "‹word›"),
            CallerPreset.ayetStudios("‹click id›", "‹transaction id›"),
            CallerPreset.digitalTurbine(1),
            CallerPreset.pollfish("‹word›"),
            CallerPreset.pollfishReversals(),
            CallerPreset.adColony(),
            CallerPreset.lootably("‹word›"),
            CallerPreset.cpxResearch("‹word›"),
            CallerPreset.timeWall(),
            CallerPreset.wannads("‹word›"),
            CallerPreset.offerToro("‹transaction id›"),
            CallerPreset.offerDaddy("‹click id›", "‹transaction id›", "‹amount›", "‹offer›", "‹signature›"),
            CallerPreset.adscend("‹hash›", "‹word›"),
            CallerPreset.igaWorks(),
            CallerPreset.adMob("‹click id›", "‹transaction id›", PublicKeySet.of(Map.of())),
            CallerPreset.singular("‹click id›"),
            CallerPreset.appsFlyer(),
            CallerPreset.appsFlyerPush("‹click id›", PostbackVerifier.sharedSecret("‹token›", SECRET)),
            CallerPreset.tune().secrets(SECRET),
            CallerPreset.everflow().secrets(SECRET),
            CallerPreset.affise().secrets(SECRET),
            CallerPreset.keitaro("‹word›"),
            CallerPreset.standardWebhooks("Standard Webhooks", "‹click id›", "‹word›"));

    private static final String INTRODUCTION = """
            # The table of callers

            The presets of `attribution-trackers`: systems that fire postbacks, as `CallerPreset` describes them. This page is written
            by a test from the same data. [Give a network its postback URL](postback-url.md) shows how to use a preset.

            What stands in ‹ › is an argument: it is not known here, or is yours to choose. A parameter that is *not covered* can be
            changed by whoever sees a call, so do not pay by it unless the sender is checked too. If the click id is not covered, the
            preset asks for a check of the sender: addresses, or a secret in the URL. If the transaction id is not covered, add such a
            check for offers that allow repeat conversions. If no transaction id is read, map one with `describe(…)`, or let no offer allow
            repeat conversions: a repeat of a call would be credited again. A plain secret covers all parameters, but whoever sees a call
            has the secret. What no answer is listed for is answered by the status of its reason, and an
            outage with 503.

            """;

    @Test
    void thePageIsUpToDate() throws IOException {
        String page = page();
        if (Boolean.getBoolean("write.pages")) {
            Files.writeString(PAGE, page);
        }

        assertThat(Files.readString(PAGE))
                .as("run this test with -Dwrite.pages=true, and look at the difference")
                .isEqualTo(page);
    }

    @Test
    void theTableHasEveryPreset() {
        assertThat(PRESETS)
                .extracting(CallerPreset::system)
                .containsExactlyElementsOf(
                        CallerProofs.all().stream().map(Proof::system).toList());
        assertThat(PRESETS).allSatisfy(preset -> assertThat(preset.unknowns()).isNotEmpty());
    }

    private static String page() {
        Map<String, Function<CallerPreset, String>> signatures = new LinkedHashMap<>();
        signatures.put("system", CallerPreset::system);
        signatures.put("method", CallerPreset::methods);
        signatures.put("signature", CallerPreset::recipe);
        signatures.put("covered", preset -> code(preset.covered()));
        signatures.put(
                "read, but not covered",
                preset -> preset.unsigned().stream()
                        .map(parameter ->
                                parameter.name().toLowerCase(Locale.ROOT).replace('_', ' '))
                        .collect(Collectors.joining(", ")));
        Map<String, Function<CallerPreset, String>> behaviour = new LinkedHashMap<>();
        behaviour.put("system", CallerPreset::system);
        behaviour.put("statuses; else approved", preset -> code(preset.statuses()));
        behaviour.put(
                "test call",
                preset -> preset.testMarker().map(marker -> "`" + marker + "`").orElse(""));
        behaviour.put("answers", CallersTableTest::answers);
        behaviour.put("repeats", preset -> preset.retries().toString());
        Map<String, Function<CallerPreset, String>> urls = new LinkedHashMap<>();
        urls.put("system", CallerPreset::system);
        urls.put("link parameter", preset -> code(preset.clickIdParameters()));
        urls.put("URL to paste, after your endpoint", CallersTableTest::url);
        Map<String, Function<CallerPreset, String>> sources = new LinkedHashMap<>();
        sources.put("system", CallerPreset::system);
        sources.put("not known, or inferred", preset -> String.join("; ", preset.unknowns()));
        sources.put("source", CallerPreset::source);
        sources.put("proven by calls that were signed elsewhere", CallersTableTest::provenBy);
        return INTRODUCTION
                + "## Signatures\n\n" + table(signatures)
                + "\n## Statuses, answers and repeats\n\n"
                + "`…=…: reversed` is a value and what it says. A word that is not listed is unknown, and not credited. That a\n"
                + "negative amount reverses is a rule of the library. What ends the repeats is listed as far as that is known.\n\n"
                + table(behaviour)
                + "\n## Links and URLs\n\n"
                + "If nothing is added to the endpoint, the preset takes it that the system writes its parameters by itself. If its form asks\n"
                + "for macros, add them with `macro(name, …)`. If no link parameter is named, pass the click id to the system where it asks\n"
                + "for a user id.\n\n"
                + table(urls)
                + "\n## Sources and proofs\n\n"
                + "For each system, `CallerPresetTest` takes these calls and refuses what is forged: a signature with one bit changed,\n"
                + "absent or given twice, another key, a covered parameter changed or given twice, a shifted border, and another\n"
                + "encoding or order where these are signed.\n\n"
                + table(sources);
    }

    private static String table(Map<String, Function<CallerPreset, String>> columns) {
        List<String> lines = new ArrayList<>();
        lines.add("| " + String.join(" | ", columns.keySet()) + " |");
        lines.add("|" + "---|".repeat(columns.size()));
        for (CallerPreset preset : PRESETS) {
            lines.add(columns.values().stream()
                    .map(column -> column.apply(preset))
                    .collect(Collectors.joining(" | ", "| ", " |"))
                    .replace("|  |", "| – |")
                    .replace("|  |", "| – |"));
        }
        return String.join("\n", lines) + "\n";
    }

    private static String code(List<String> texts) {
        return texts.stream().map(text -> "`" + text + "`").collect(Collectors.joining(", "));
    }

    private static Proof proof(CallerPreset preset) {
        return CallerProofs.all().stream()
                .filter(proof -> proof.system().equals(preset.system()))
                .findFirst()
                .orElseThrow();
    }

    private static String answers(CallerPreset preset) {
        Map<AnswerClass, HttpAnswer> answers = CallerPresetTest.answers(proof(preset));
        Map<AnswerClass, HttpAnswer> byStatus = CallerPresetTest.answersByStatus(proof(preset));
        Map<String, List<String>> classes = new LinkedHashMap<>();
        answers.forEach((answerClass, answer) -> {
            if (answerClass != AnswerClass.UNAVAILABLE && !answer.equals(byStatus.get(answerClass))) {
                String body = answer.body().replace("ev-1", "‹transaction id›");
                for (Reason reason : Reason.values()) {
                    body = body.replace(reason.name(), "‹reason›");
                }
                classes.computeIfAbsent(answer.status() + " `" + body + "`", key -> new ArrayList<>())
                        .add(answerClass.name().toLowerCase(Locale.ROOT).replace('_', ' '));
            }
        });
        String own = classes.entrySet().stream()
                .map(entry -> String.join(", ", entry.getValue()) + ": " + entry.getKey())
                .collect(Collectors.joining("; "));
        return own.isEmpty() ? "by status" : own;
    }

    private static String url(CallerPreset preset) {
        try {
            String rest = preset.postbackUrl("https://x.example").substring("https://x.example".length());
            return rest.isEmpty() ? "–" : "`" + rest.replace(SECRET, "‹secret›") + "`";
        } catch (IllegalStateException e) {
            return "macros not known";
        }
    }

    private static String provenBy(CallerPreset preset) {
        return CallerProofs.VECTORS.stream()
                .filter(vector -> vector.system().equals(preset.system()))
                .map(Vector::name)
                .map(name -> name.equals("published") ? "the published example" : name)
                .distinct()
                .collect(Collectors.joining(", "));
    }
}
