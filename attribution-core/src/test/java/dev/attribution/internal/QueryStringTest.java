package dev.attribution.internal;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class QueryStringTest {
    private static List<String> parameters(String text, int from, int to) {
        List<String> parameters = new ArrayList<>();
        QueryString.forEachParameter(
                text,
                from,
                to,
                (nameStart, equals, end) ->
                        parameters.add(text.substring(nameStart, equals) + "|" + text.substring(equals, end)));
        return parameters;
    }

    @ParameterizedTest
    @CsvSource({"a=b&c=d,a|=b c|=d", "a,a|", "a=,a|=", "=b,|=b", "a=b=c,a|=b=c", "&&a&&,a|", "a;b=c,a;b|=c"})
    void splitsAtAmpersandsAndAtTheFirstEqualsSign(String query, String parameters) {
        assertThat(parameters(query, 0, query.length())).containsExactly(parameters.split(" "));
    }

    @Test
    void readsNothingOutsideOfItsBounds() {
        assertThat(parameters("x=1?a=b&c=d#y=z", 4, 11)).containsExactly("a|=b", "c|=d");
        assertThat(parameters("a=b", 3, 3)).isEmpty();
    }

    @Test
    void endsATruncatedQueryBeforeItsLastParameter() {
        assertThat(QueryString.end("a=b&c=d", false)).isEqualTo(7);
        assertThat(QueryString.end("a=b&c=d", true)).isEqualTo(3);
        assertThat(QueryString.end("a=b", true)).isZero();
    }
}
