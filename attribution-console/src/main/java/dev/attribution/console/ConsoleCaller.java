package dev.attribution.console;

import dev.attribution.postback.Caller;
import dev.attribution.trackers.CallerPreset;
import java.util.Objects;
import java.util.Optional;

/**
 * A caller that the console shows, with the URL to paste into its system.
 *
 * <p>Immutable and thread-safe.
 *
 * @param caller the caller
 * @param system the name of the system, for people; empty if it has no preset
 * @param postbackUrl the URL to paste, or empty if the host shows it elsewhere. Everyone who may see the console sees it, with
 *     the secrets in it
 * @param note why there is no URL, or empty
 */
public record ConsoleCaller(
        Caller caller, Optional<String> system, Optional<String> postbackUrl, Optional<String> note) {
    /** Creates a caller. */
    public ConsoleCaller {
        Objects.requireNonNull(caller, "caller");
        Objects.requireNonNull(system, "system");
        Objects.requireNonNull(postbackUrl, "postbackUrl");
        Objects.requireNonNull(note, "note");
    }

    /**
     * Returns a caller without a URL.
     *
     * @param caller the caller
     * @return a new value
     */
    public static ConsoleCaller of(Caller caller) {
        return new ConsoleCaller(caller, Optional.empty(), Optional.empty(), Optional.empty());
    }

    /**
     * Returns a caller with a URL that the host wrote.
     *
     * @param caller the caller
     * @param postbackUrl the URL to paste
     * @return a new value
     */
    public static ConsoleCaller of(Caller caller, String postbackUrl) {
        return new ConsoleCaller(caller, Optional.empty(), Optional.of(postbackUrl), Optional.empty());
    }

    /**
     * Returns a caller with the URL of its preset.
     *
     * @param caller the caller, as the application knows it
     * @param preset the preset that describes its system
     * @param endpoint where the host takes the postbacks of this caller, see {@link CallerPreset#postbackUrl}
     * @return a new value; without a URL, and with a note, if the preset lacks a macro or a secret
     * @throws IllegalArgumentException if the endpoint is not one
     */
    public static ConsoleCaller of(Caller caller, CallerPreset preset, String endpoint) {
        try {
            return new ConsoleCaller(
                    caller, Optional.of(preset.system()), Optional.of(preset.postbackUrl(endpoint)), Optional.empty());
        } catch (IllegalStateException e) {
            return new ConsoleCaller(
                    caller, Optional.of(preset.system()), Optional.empty(), Optional.ofNullable(e.getMessage()));
        }
    }

    /** {@return the name of the caller, without secrets} */
    @Override
    public String toString() {
        return "ConsoleCaller[" + caller.name() + "]";
    }
}
