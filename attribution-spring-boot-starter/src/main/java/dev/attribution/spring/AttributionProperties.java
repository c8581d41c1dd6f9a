package dev.attribution.spring;

import dev.attribution.click.StoredContext;
import dev.attribution.jdbc.SchemaMode;
import java.time.Duration;
import java.time.ZoneId;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * The properties of the starter, which begin with {@code attribution.}.
 *
 * @param enabled Whether the store and the façade are made.
 * @param lazy Whether the application starts without reaching the database. The first use prepares the tables.
 * @param duplicatePolicy How often a click or a member is credited by an offer without a policy of its own:
 *     one-per-click-and-member, allow-repeat-conversions, one-per-event, one-per-member-and-offer or at-most-N.
 * @param attributionWindow How long after a click a conversion counts, for offers without a window of their own. Each call then
 *     reads the offer with a statement of its own.
 * @param maxWaiting How many clicks, and how many postbacks, may wait while others are written.
 * @param maxWait How long a caller waits while others are written.
 * @param combining Whether concurrent calls share a transaction.
 * @param memberKey The key of the hashes of members in Base64, at least 16 bytes, better 32. Never change it. By default the
 *     hashes have no key.
 * @param schema The tables.
 * @param storedContext What is stored of the circumstances of a click.
 * @param retention When old clicks are deleted.
 * @param web The web server and the handlers.
 * @param console The console for operators.
 * @param health The health indicator.
 * @param metrics The meters.
 */
@ConfigurationProperties("attribution")
public record AttributionProperties(
        @DefaultValue("true") boolean enabled,
        @DefaultValue("false") boolean lazy,
        @DefaultValue("one-per-click-and-member") String duplicatePolicy,
        @Nullable Duration attributionWindow,
        @DefaultValue("10000") int maxWaiting,
        @DefaultValue("30s") Duration maxWait,
        @DefaultValue("true") boolean combining,
        @Nullable String memberKey,
        @DefaultValue Schema schema,
        @DefaultValue Context storedContext,
        @DefaultValue Retention retention,
        @DefaultValue Web web,
        @DefaultValue Console console,
        @DefaultValue Health health,
        @DefaultValue Metrics metrics) {
    /** {@return a description without the keys} */
    @Override
    public String toString() {
        return "AttributionProperties[duplicatePolicy=" + duplicatePolicy + ", " + schema + ", " + console + "]";
    }

    /**
     * The tables.
     *
     * @param mode What is done about the tables. By default VALIDATE if the application has Flyway or Liquibase, otherwise CREATE.
     * @param name The schema of the tables, which must exist. By default the one of the connection.
     * @param tablePrefix The beginning of the names of the tables.
     */
    public record Schema(
            @Nullable SchemaMode mode,
            @Nullable String name,
            @DefaultValue("attribution_") String tablePrefix) {}

    /**
     * What is stored of the circumstances of a click.
     *
     * @param ip Whether the address is stored.
     * @param ipv4Bytes How many bytes of an IPv4 address are stored: 1, 2, 3 or 4. Of an IPv6 address the corresponding bits.
     * @param ipv6Bits How many bits of an IPv6 address are stored: 24, 48, 64 or 128. By default as ipv4-bytes says.
     * @param userAgent Whether the user agent is stored.
     * @param referrer What is stored of the referrer.
     * @param withoutExtras The extras that are not stored.
     */
    public record Context(
            @DefaultValue("true") boolean ip,
            @DefaultValue("4") int ipv4Bytes,
            @Nullable Integer ipv6Bits,
            @DefaultValue("true") boolean userAgent,
            @DefaultValue("whole") StoredContext.Referrer referrer,
            @DefaultValue List<String> withoutExtras) {
        private static final int WHOLE_IPV4 = 4;
        private static final int WHOLE_IPV6 = 128;

        StoredContext stored() {
            StoredContext.Builder stored =
                    StoredContext.builder().referrer(referrer).withoutExtras(withoutExtras.toArray(String[]::new));
            if (ipv4Bytes != WHOLE_IPV4) {
                stored.ipv4Bytes(ipv4Bytes);
            }
            if (ipv6Bits != null && ipv6Bits != WHOLE_IPV6) {
                stored.ipv6Bits(ipv6Bits);
            }
            if (!ip) {
                stored.withoutIp();
            }
            if (!userAgent) {
                stored.withoutUserAgent();
            }
            return stored.build();
        }
    }

    /**
     * When old clicks are deleted. The application runs the bean {@code dev.attribution.Retention}, such as once a day.
     *
     * @param olderThan The age from which on clicks are deleted. By default there is no such bean.
     * @param validationTime How long after a conversion its tracker may still approve or reverse it.
     * @param assumedWindow How long after its click a postback may come if the offer has no attribution window. By default
     *     such an offer refuses the deletion.
     * @param batchSize How many clicks are deleted together.
     * @param share For which part of the time a run works.
     */
    public record Retention(
            @Nullable Duration olderThan,
            @Nullable Duration validationTime,
            @Nullable Duration assumedWindow,
            @DefaultValue("100") int batchSize,
            @DefaultValue("0.1") double share) {}

    /**
     * The web server and the handlers.
     *
     * @param relaxedQueryCharacters Whether the web server lets queries pass that contain characters such as { and |, which
     *     unexpanded macros have. If not, it answers them with 400, and the history does not have them.
     * @param memberParameter The parameter of a click's URL that names the member.
     */
    public record Web(
            @DefaultValue("true") boolean relaxedQueryCharacters,
            @DefaultValue("member") String memberParameter) {}

    /**
     * The console for operators.
     *
     * @param enabled Whether the console is mounted. It shows every click, and moves money: let only those reach its path who
     *     may do so.
     * @param path Where it is mounted.
     * @param role The role that a login must have, as HttpServletRequest.isUserInRole takes it. By default any login may use the
     *     console that is let in to its path.
     * @param zone The zone in which days begin.
     * @param tokenKey The key of the tokens of forms in Base64, at least 32 bytes, for applications of several processes. By
     *     default a random one.
     */
    public record Console(
            @DefaultValue("false") boolean enabled,
            @DefaultValue("/attribution") String path,
            @Nullable String role,
            @DefaultValue("UTC") ZoneId zone,
            @Nullable String tokenKey) {
        /** {@return a description without the key} */
        @Override
        public String toString() {
            return "Console[enabled=" + enabled + ", path=" + path + ", role=" + role + ", zone=" + zone + "]";
        }
    }

    /**
     * The health indicator.
     *
     * @param partitionsLeft For how long partitions must exist ahead of time, on a database whose tables are partitioned. With
     *     less the details say that they are few; the state is DOWN as soon as there is no partition of now.
     */
    public record Health(@DefaultValue("7d") Duration partitionsLeft) {}

    /**
     * The meters.
     *
     * @param offers Whether the meters have the offer as a tag. Each offer multiplies their number.
     */
    public record Metrics(@DefaultValue("false") boolean offers) {}
}
