package dev.attribution.examples.benchmarks.memory;

import dev.attribution.postback.Postback;
import dev.attribution.postback.PostbackParser;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.hc.core5.http.NameValuePair;
import org.apache.hc.core5.net.WWWFormCodec;
import org.eclipse.jetty.util.Fields;
import org.eclipse.jetty.util.UrlEncoded;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.State;
import org.springframework.util.LinkedMultiValueMap;
import org.springframework.util.MultiValueMap;
import org.springframework.web.util.UriComponentsBuilder;
import org.springframework.web.util.UriUtils;

/** Parsing a postback. The library also reads the click id and looks for macros that were left in; the others do not. */
@State(Scope.Benchmark)
public class Postbacks {
    static final String SHORT = "gk_click_id=efb2a7d2-c01a-4e3f-b8a1-81b4568e9f32&event_id=win_10_games";
    static final String LONG = SHORT + "&transaction_id=10203040&payout=1.50&currency=EUR&campaign=spring%20sale";

    @Param({SHORT, LONG})
    String query = SHORT;

    /**
     * Parses as the library does.
     *
     * @return the postback
     */
    @Benchmark
    public Postback parser() {
        return PostbackParser.parse(query);
    }

    /**
     * Parses with what the JDK has.
     *
     * @return the parameters
     */
    @Benchmark
    public Map<String, String> split() {
        Map<String, String> parameters = new HashMap<>();
        for (String parameter : query.split("&", -1)) {
            int equals = parameter.indexOf('=');
            parameters.put(
                    URLDecoder.decode(parameter.substring(0, equals), StandardCharsets.UTF_8),
                    URLDecoder.decode(parameter.substring(equals + 1), StandardCharsets.UTF_8));
        }
        return parameters;
    }

    /**
     * Parses with Jetty.
     *
     * @return the parameters
     */
    @Benchmark
    public Fields jetty() {
        Fields parameters = new Fields();
        UrlEncoded.decodeUtf8To(query, parameters);
        return parameters;
    }

    /**
     * Parses with what httpclient5 uses.
     *
     * @return the parameters
     */
    @Benchmark
    public List<NameValuePair> httpclient() {
        return WWWFormCodec.parse(query, StandardCharsets.UTF_8);
    }

    /**
     * Parses with Spring.
     *
     * @return the parameters
     */
    @Benchmark
    public MultiValueMap<String, String> spring() {
        MultiValueMap<String, String> parameters = new LinkedMultiValueMap<>();
        UriComponentsBuilder.newInstance()
                .query(query)
                .build()
                .getQueryParams()
                .forEach((name, values) -> values.forEach(value ->
                        parameters.add(name, value == null ? "" : UriUtils.decode(value, StandardCharsets.UTF_8))));
        return parameters;
    }
}
