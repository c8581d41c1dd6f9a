package dev.attribution.screening;

import java.util.List;

/** The user agents of people's browsers in which a rule of the list may find a name by chance. */
final class PersonalBrowsers {
    private static final String BROWSER = "Mozilla/5.0 (";

    /** What crawlers say that browsers do not: how to reach those who run them. */
    private static final List<String> OF_CRAWLERS = List.of("compatible;", "http", "www.", "@");

    /** The web views of Android, old and new, and of iOS; then the apps whose browsers need not be one of these. */
    private static final List<String> IN_APP = List.of(
            "; wv)",
            "Version/4.0 Chrome/",
            "like Gecko) Mobile/",
            "FBAN/",
            "FBAV/",
            "Instagram ",
            "BytedanceWebview/",
            "[Pinterest/",
            " Line/",
            "Google/google");

    private PersonalBrowsers() {}

    /**
     * Returns where the part of a user agent ends in which only rules with the name of a crawler count.
     *
     * @return 0 if it may be any program, the end of the text if it is the browser of an app, the end of model and build if it is
     *     another browser on Android
     */
    static int end(String agent) {
        if (!agent.startsWith(BROWSER) || hasOne(agent, OF_CRAWLERS)) {
            return 0;
        }
        if (hasOne(agent, IN_APP)) {
            return agent.length();
        }
        return agent.startsWith("Linux; ", BROWSER.length()) ? agent.indexOf(')') + 1 : 0;
    }

    private static boolean hasOne(String agent, List<String> texts) {
        for (int i = 0; i < texts.size(); i++) {
            if (agent.contains(texts.get(i))) {
                return true;
            }
        }
        return false;
    }
}
