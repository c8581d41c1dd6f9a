package dev.attribution.click;

import java.util.Objects;

/**
 * Judges whether a person clicks. It sees the request before anything is stored. Implementations are thread-safe, quick, and read
 * nothing from elsewhere.
 *
 * <p>A wrong verdict costs a person the reward, so a screen flags rather than refuses: a flagged click is stored and redirected,
 * and an operator can clear the flag.
 */
@FunctionalInterface
public interface ClickScreen {
    /**
     * Judges a request.
     *
     * @param request the request, with method and headers if the application passes them
     * @return the verdict, never {@code null}
     */
    ScreenVerdict judge(ClickRequest request);

    /**
     * {@return the default screen: speculative requests by the headers {@code Sec-Purpose}, {@code Purpose}, {@code X-Purpose},
     * {@code X-Moz} and {@code Sec-Fetch-Purpose}; {@code HEAD}; the previews and crawlers of a dozen large systems by their
     * user agent}
     */
    static ClickScreen standard() {
        return StandardScreen.INSTANCE;
    }

    /** {@return a screen for which every click counts} */
    static ClickScreen none() {
        return request -> ScreenVerdict.counts();
    }

    /**
     * Returns a screen that asks another one about the requests that count for this one.
     *
     * @param next the other screen
     * @return the screen
     */
    default ClickScreen then(ClickScreen next) {
        Objects.requireNonNull(next, "next");
        return request -> {
            ScreenVerdict verdict = judge(request);
            return verdict.ruling() == ScreenVerdict.Ruling.COUNTS ? next.judge(request) : verdict;
        };
    }
}
