package dev.attribution.console;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Reads the fields of the first form of a page that is sent to a path, as a browser would send them. */
final class HtmlForm {
    private static final Pattern INPUT = Pattern.compile("<input([^>]*)>");
    private static final Pattern TEXT =
            Pattern.compile("(?s)<textarea[^>]* name=\"([^\"]+)\"[^>]*>\n?(.*?)</textarea>");
    private static final Pattern SELECT = Pattern.compile("(?s)<select[^>]* name=\"([^\"]+)\"[^>]*>(.*?)</select>");
    private static final Pattern CHOSEN = Pattern.compile("<option value=\"([^\"]*)\" selected");
    private static final Pattern FIRST = Pattern.compile("<option value=\"([^\"]*)\"");
    private static final Pattern ATTRIBUTE = Pattern.compile("(name|value|type)=\"([^\"]*)\"");

    private HtmlForm() {}

    static Map<String, String> fields(String page, String action) {
        int begin = page.indexOf("method=\"post\" action=\"" + action + "\"");
        String form = page.substring(begin, page.indexOf("</form>", begin));
        Map<String, String> fields = new LinkedHashMap<>();
        Matcher input = INPUT.matcher(form);
        while (input.find()) {
            Map<String, String> attributes = new LinkedHashMap<>();
            Matcher attribute = ATTRIBUTE.matcher(input.group(1));
            while (attribute.find()) {
                attributes.put(attribute.group(1), attribute.group(2));
            }
            boolean isSent =
                    !"checkbox".equals(attributes.get("type")) || input.group(1).contains(" checked");
            if (isSent) {
                fields.put(attributes.get("name"), decoded(attributes.getOrDefault("value", "")));
            }
        }
        Matcher text = TEXT.matcher(form);
        while (text.find()) {
            fields.put(text.group(1), decoded(text.group(2)));
        }
        Matcher select = SELECT.matcher(form);
        while (select.find()) {
            Matcher chosen = CHOSEN.matcher(select.group(2));
            Matcher first = FIRST.matcher(select.group(2));
            fields.put(select.group(1), decoded(chosen.find() ? chosen.group(1) : first.find() ? first.group(1) : ""));
        }
        return fields;
    }

    private static String decoded(String text) {
        return text.replace("&lt;", "<")
                .replace("&gt;", ">")
                .replace("&#34;", "\"")
                .replace("&#39;", "'")
                .replace("&amp;", "&");
    }
}
