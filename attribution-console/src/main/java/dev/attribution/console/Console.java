package dev.attribution.console;

import dev.attribution.Attribution;
import dev.attribution.AttributionException;
import dev.attribution.KeyUnavailableException;
import dev.attribution.StorageException;
import dev.attribution.console.view.Frame;
import dev.attribution.console.view.JteproblemGenerated;
import dev.attribution.trackers.Tracker;
import java.security.SecureRandom;
import java.time.InstantSource;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.Supplier;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Pages for the person who is asked where a reward is: the story of any id, reports, the summary, callers, offers,
 * reconciliation, repair, and the acts of an operator.
 *
 * <pre>{@code
 * Console console = Console.builder(attribution).basePath("/console").build();
 *
 * ConsoleRequest request = ConsoleRequest.builder(method, path) // the path below /console
 *         .query(query)
 *         .body(contentType, body)
 *         .operator(sessionId, userName)
 *         .build();
 * try (ConsoleResponse response = console.handle(request)) {
 *     // send response.status(), response.headers(), then response.writeTo(out)
 * }
 * }</pre>
 *
 * <p>The console opens no port and knows no web framework. It authenticates nobody: the host lets only those reach it who may see
 * every click and move money. Forms carry a token that is bound to the session that the host names; without the token nothing
 * changes. The pages work without JavaScript.
 *
 * <p>Immutable and thread-safe.
 */
public final class Console {
    private static final Logger LOG = LoggerFactory.getLogger(Console.class);

    /** Everything from this console and nothing else; no inline code, no frame around it. */
    private static final String CONTENT_SECURITY_POLICY = "default-src 'none'; style-src 'self'; script-src 'self';"
            + " img-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'";

    private static final Map<String, String> HEADERS = Map.of(
            "Content-Security-Policy",
            CONTENT_SECURITY_POLICY,
            "X-Content-Type-Options",
            "nosniff",
            "X-Frame-Options",
            "DENY",
            "Referrer-Policy",
            "no-referrer",
            "Cross-Origin-Opener-Policy",
            "same-origin",
            "Cross-Origin-Resource-Policy",
            "same-origin",
            "X-Robots-Tag",
            "noindex",
            "Cache-Control",
            "no-store");

    /** Answers the requests of a path. */
    @FunctionalInterface
    interface Page {
        ConsoleResponse answer(Exchange exchange);
    }

    /** A path: the entry of the menu, what answers, and whether forms are sent to it. */
    record Route(String title, String menu, Page page, boolean takesForms) {
        static Route of(String title, String menu, Page page) {
            return new Route(title, menu, page, false);
        }

        static Route withForms(String title, String menu, Page page) {
            return new Route(title, menu, page, true);
        }
    }

    private static final Map<String, Route> ROUTES = Map.ofEntries(
            Map.entry("/", Route.of("Overview", "/", OverviewPages::overview)),
            Map.entry("/quiet.csv", Route.of("Who went quiet", "/", OverviewPages::quietCsv)),
            Map.entry("/summary", Route.of("Summary", "/summary", OverviewPages::summary)),
            Map.entry("/summary.csv", Route.of("Summary", "/summary", OverviewPages::summaryCsv)),
            Map.entry("/payouts.csv", Route.of("Payouts", "/summary", OverviewPages::payoutsCsv)),
            Map.entry("/search", Route.of("Search", "", StoryPages::search)),
            Map.entry("/story", Route.of("Story of a click", "", StoryPages::story)),
            Map.entry("/message", Route.of("Message", "", StoryPages::message)),
            Map.entry("/evidence.zip", Route.of("Evidence", "", StoryPages::evidence)),
            Map.entry("/clicks", Route.of("Clicks", "/clicks", ReportPages::clicks)),
            Map.entry("/clicks.csv", Route.of("Clicks", "/clicks", ReportPages::clicksCsv)),
            Map.entry("/conversions", Route.of("Conversions", "/conversions", ReportPages::conversions)),
            Map.entry("/conversions.csv", Route.of("Conversions", "/conversions", ReportPages::conversionsCsv)),
            Map.entry("/history", Route.of("History", "/history", ReportPages::history)),
            Map.entry("/history.csv", Route.of("History", "/history", ReportPages::historyCsv)),
            Map.entry("/callers", Route.of("Callers", "/callers", CallerPages::callers)),
            Map.entry("/tester", Route.withForms("Postback tester", "/callers", CallerPages::tester)),
            Map.entry("/offers", Route.of("Offers", "/offers", OfferPages::offers)),
            Map.entry("/offer", Route.withForms("Offer", "/offers", OfferPages::offer)),
            Map.entry(
                    "/reconciliation",
                    Route.withForms("Reconciliation", "/reconciliation", ReconciliationPages::reconciliation)),
            Map.entry("/repair", Route.withForms("Repair", "/repair", RepairPages::repair)),
            Map.entry("/act", Route.withForms("Conversion", "", OperatorPages::act)),
            Map.entry("/flag", Route.withForms("Flag of a click", "", OperatorPages::flag)),
            Map.entry("/pending", Route.withForms("Pending for long", "/conversions", BulkPages::pending)),
            Map.entry("/forget", Route.withForms("Forget a member", "/forget", BulkPages::forget)),
            Map.entry("/assets/console.css", Route.of("", "", Assets::css)),
            Map.entry("/assets/console.js", Route.of("", "", Assets::script)));

    private final Settings settings;
    private final FormTokens tokens;

    private Console(Settings settings, FormTokens tokens) {
        this.settings = settings;
        this.tokens = tokens;
    }

    /**
     * Starts building a console.
     *
     * @param attribution what it shows, on a store with reports that commits by itself
     * @return a new builder
     */
    public static Builder builder(Attribution attribution) {
        return new Builder(attribution);
    }

    /**
     * Answers a request. A failure of the store is an answer with the status 503 that says so: a page never shows that nothing
     * exists because it could not look.
     *
     * @param request the request, of a person whom the host has let in
     * @return the response; close it
     */
    public ConsoleResponse handle(ConsoleRequest request) {
        ConsoleResponse response = respond(request);
        for (Map.Entry<String, String> header : HEADERS.entrySet()) {
            if (!response.headers().containsKey(header.getKey())) {
                response = response.header(header.getKey(), header.getValue());
            }
        }
        return request.method().equals("HEAD") ? response.withoutBody() : response;
    }

    private ConsoleResponse respond(ConsoleRequest request) {
        Frame frame = frame(request, "Not found", "", "");
        try {
            Route route = ROUTES.get(request.path().isEmpty() ? "/" : request.path());
            if (route == null) {
                throw Refused.notFound("The console has no such page.");
            }
            Form query = Form.ofQuery(request.query());
            frame = frame(request, route.title(), route.menu(), query.word("q"));
            return answer(request, route, query, frame);
        } catch (Refused e) {
            return problem(frame, e.status(), e.text());
        } catch (KeyUnavailableException e) {
            LOG.warn("The console could not get a caller's keys", e);
            return problem(frame, 503, "The application could not get the keys of the caller, so nothing was judged.");
        } catch (StorageException e) {
            LOG.warn("The console could not read or write the store", e);
            return problem(
                            frame,
                            503,
                            "The store did not answer, so nothing is known now. This does not mean that there is"
                                    + " nothing: try again.")
                    .header("Retry-After", "10");
        } catch (AttributionException | IllegalArgumentException e) {
            String message = e.getMessage();
            return problem(frame, 400, message == null ? "The request could not be answered." : message);
        } catch (RuntimeException e) {
            LOG.error("The console failed", e);
            return problem(frame, 500, "The console failed. This does not mean that there is nothing: see the log.");
        }
    }

    private ConsoleResponse answer(ConsoleRequest request, Route route, Form query, Frame frame) {
        return switch (request.method()) {
            case "GET", "HEAD" -> route.page().answer(new Exchange(settings, request, query, new Form(), frame));
            case "POST" -> submit(request, route, query, frame);
            default -> problem(frame, 405, "The console answers GET and POST.").header("Allow", "GET, HEAD, POST");
        };
    }

    private ConsoleResponse submit(ConsoleRequest request, Route route, Form query, Frame frame) {
        if (!route.takesForms()) {
            return problem(frame, 405, "No form is sent to this page.").header("Allow", "GET, HEAD");
        }
        Form form = Form.ofBody(request, settings.maxUpload(), token -> isValid(token, request));
        try {
            if (!isValid(form.text(Form.TOKEN), request)) {
                throw wrongToken();
            }
            return route.page()
                    .answer(new Exchange(settings, request, query, form, frame))
                    .releasing(form::discard);
        } catch (RuntimeException e) {
            form.discard();
            throw e;
        }
    }

    private boolean isValid(String token, ConsoleRequest request) {
        return request.session().isPresent()
                && tokens.isValid(
                        token, request.session().get(), request.operator().orElse(""));
    }

    static Refused wrongToken() {
        return new Refused(
                403,
                "The form is not of this login, or of an earlier one. Nothing was changed: open the page again and"
                        + " repeat.");
    }

    private static ConsoleResponse problem(Frame frame, int status, String text) {
        String title = switch (status) {
            case 403 -> "Not allowed";
            case 404 -> "Not found";
            case 503 -> "The store did not answer";
            case 500 -> "The console failed";
            default -> "Not possible";
        };
        return Exchange.page(status, out -> JteproblemGenerated.render(out, null, frame.titled(title), text));
    }

    private Frame frame(ConsoleRequest request, String title, String menu, String search) {
        String operator = request.operator().orElse("");
        String token = request.session()
                .map(session -> tokens.issue(session, operator))
                .orElse("");
        return new Frame(title, settings.basePath(), menu, search, operator, token, settings.zone());
    }

    /** Builds a {@link Console}. Not thread-safe. */
    public static final class Builder {
        private static final Pattern BASE_PATH = Pattern.compile("(/[A-Za-z0-9._~-]+)*");
        private static final int MIN_KEY = 32;

        private final Attribution attribution;
        private String basePath = "";
        private ZoneId zone = ZoneId.of("UTC");
        private InstantSource clock = InstantSource.system();
        private Supplier<List<ConsoleCaller>> callers = List::of;
        private final List<Tracker> trackers =
                new ArrayList<>(List.of(Tracker.appsFlyer(), Tracker.tune(), Tracker.everflow()));
        private long maxCsvRows = 100_000;
        private long maxUpload = 256L << 20;
        private byte @Nullable [] tokenKey;

        private Builder(Attribution attribution) {
            this.attribution = Objects.requireNonNull(attribution, "attribution");
        }

        /**
         * Sets the path where the host mounts the console. The default is the root.
         *
         * @param path such as {@code /console}: letters, digits, {@code . _ ~ -} between slashes, without a slash at the end
         * @return this builder
         * @throws IllegalArgumentException if the path is written otherwise
         */
        public Builder basePath(String path) {
            if (!BASE_PATH.matcher(path).matches()) {
                throw new IllegalArgumentException(
                        "The base path '" + path + "' is not of the form /console, without a slash at its end");
            }
            this.basePath = path;
            return this;
        }

        /**
         * Sets the zone in which days begin and times are shown. The default is UTC.
         *
         * @param zone the zone
         * @return this builder
         */
        public Builder zone(ZoneId zone) {
            this.zone = Objects.requireNonNull(zone, "zone");
            return this;
        }

        /**
         * Sets the clock that says which day it is. The default is the system's.
         *
         * @param clock the clock
         * @return this builder
         */
        public Builder clock(InstantSource clock) {
            this.clock = Objects.requireNonNull(clock, "clock");
            return this;
        }

        /**
         * Sets the callers of the application, with the URLs to paste. Callers that are not among them show only by the name
         * that is in the history.
         *
         * @param callers returns the callers; asked for each page
         * @return this builder
         */
        public Builder callers(Supplier<List<ConsoleCaller>> callers) {
            this.callers = Objects.requireNonNull(callers, "callers");
            return this;
        }

        /**
         * Adds a tracker whose exports can be compared, in addition to AppsFlyer, TUNE and Everflow.
         *
         * @param tracker the tracker
         * @return this builder
         */
        public Builder tracker(Tracker tracker) {
            trackers.add(Objects.requireNonNull(tracker, "tracker"));
            return this;
        }

        /**
         * Sets how many rows a CSV file has at most; a longer list says at its end that it is not complete. The default is
         * 100,000.
         *
         * @param rows at least 1
         * @return this builder
         * @throws IllegalArgumentException if the number is less than 1
         */
        public Builder maxCsvRows(long rows) {
            if (rows < 1) {
                throw new IllegalArgumentException("maxCsvRows is " + rows + ", but must be at least 1");
            }
            this.maxCsvRows = rows;
            return this;
        }

        /**
         * Sets how large an uploaded file may be. The default is 256 MiB. It is kept in the directory for temporary files until
         * the response is closed.
         *
         * @param bytes at least 1
         * @return this builder
         * @throws IllegalArgumentException if the number is less than 1
         */
        public Builder maxUpload(long bytes) {
            if (bytes < 1) {
                throw new IllegalArgumentException("maxUpload is " + bytes + ", but must be at least 1");
            }
            this.maxUpload = bytes;
            return this;
        }

        /**
         * Sets the key of the tokens of forms. The default is a random key, which suits an application that runs in one
         * process; where several processes answer, they need the same key.
         *
         * @param key at least 32 random bytes, kept secret
         * @return this builder
         * @throws IllegalArgumentException if the key is shorter
         */
        public Builder tokenKey(byte[] key) {
            if (key.length < MIN_KEY) {
                throw new IllegalArgumentException("The key of tokens has at least " + MIN_KEY + " bytes");
            }
            this.tokenKey = key.clone();
            return this;
        }

        /** {@return a new console} */
        public Console build() {
            byte[] key = tokenKey;
            if (key == null) {
                key = new byte[MIN_KEY];
                new SecureRandom().nextBytes(key);
            }
            return new Console(
                    new Settings(
                            attribution, basePath, zone, clock, callers, List.copyOf(trackers), maxCsvRows, maxUpload),
                    new FormTokens(key));
        }
    }
}
