package dev.attribution.jdbc.internal.dialect;

import dev.attribution.AttributionException;
import java.util.Locale;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** JDBC URLs of H2, which contain settings. */
public final class H2Url {
    private static final String SCHEME = "jdbc:h2:";
    private static final String MEMORY = SCHEME + "mem:";

    /** Keeps H2 from answering a query with an earlier result that a commit has changed since. */
    public static final String FRESH_RESULTS = "OPTIMIZE_REUSE_RESULTS=0";

    // two letters at least: C: is a drive
    private static final Pattern OTHER_FILE_SYSTEM = Pattern.compile("[a-zA-Z]{2,}:");

    private static final Pattern LOGIN = Pattern.compile(";(user|password)=([^;]*)", Pattern.CASE_INSENSITIVE);

    private H2Url() {}

    /**
     * A URL with the user and the password apart from it.
     *
     * @param url the URL without them
     * @param user the user, if there is one
     * @param password the password, if there is one
     */
    public record Login(
            String url, @Nullable String user, @Nullable String password) {
        @Override
        public String toString() {
            return url;
        }
    }

    /** Returns whether a JDBC URL names an H2 database. */
    public static boolean isH2(String url) {
        return url.startsWith(SCHEME);
    }

    /** Returns whether a JDBC URL names a database in the memory of this process. */
    public static boolean isMemory(String url) {
        return url.startsWith(MEMORY);
    }

    /** Returns whether a JDBC URL names a plain file, which H2 closes for everyone if a thread is interrupted. */
    public static boolean isPlainFile(String url) {
        return !OTHER_FILE_SYSTEM.matcher(url.substring(SCHEME.length())).lookingAt();
    }

    /**
     * Returns a JDBC URL under which H2 writes a commit before it answers it, and under which a thread that is interrupted
     * while it writes does not close the file for everyone. Returns a URL of another database as it is.
     *
     * @throws AttributionException if each connection would have a database of its own
     */
    public static String durable(String url) {
        if (isMemory(url)) {
            String name = url.substring(MEMORY.length());
            if (name.isEmpty() || name.startsWith(";")) {
                throw new AttributionException("Under " + url + " each connection has a database of its own."
                        + " Give it a name, as in jdbc:h2:mem:attribution.");
            }
            return with(url, FRESH_RESULTS);
        }
        if (!isH2(url)) {
            return url;
        }
        String where = url.substring(SCHEME.length());
        String file = where.startsWith("file:") ? where.substring("file:".length()) : where;
        String path = isPlainFile(SCHEME + file) ? "async:" + file : file;
        return with(with(SCHEME + path, "WRITE_DELAY=0"), FRESH_RESULTS);
    }

    /**
     * Takes user and password out of a URL, since a pool writes its URL to the log.
     *
     * @return the login; without user and password if the URL has none
     */
    public static Login login(String url) {
        if (!isH2(url) || url.indexOf('\\') >= 0) { // an escaped semicolon
            return new Login(url, null, null);
        }
        return new Login(LOGIN.matcher(url).replaceAll(""), setting(url, "user"), setting(url, "password"));
    }

    private static @Nullable String setting(String url, String name) {
        return LOGIN.matcher(url)
                .results()
                .filter(setting -> setting.group(1).equalsIgnoreCase(name))
                .map(setting -> setting.group(2))
                .findFirst()
                .orElse(null);
    }

    private static String with(String url, String setting) {
        String name = setting.substring(0, setting.indexOf('='));
        return url.toUpperCase(Locale.ROOT).contains(";" + name + "=") ? url : url + ";" + setting;
    }
}
