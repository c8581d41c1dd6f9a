package dev.attribution.spring.web;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.management.ThreadMXBean;
import java.lang.management.ManagementFactory;
import java.util.Arrays;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.function.Consumer;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.springframework.mock.web.MockHttpServletRequest;

/**
 * What a query or a form of a thousand to a million characters costs its readers. Allocated bytes are counted; the processor's time
 * of the thread is compared between two sizes, the larger again if it seems too much, so that other work does not matter.
 */
class ReaderCostTest {
    private static final ThreadMXBean THREADS = (ThreadMXBean) ManagementFactory.getThreadMXBean();
    private static final int[] SIZES = {1_000, 32_000, 1_000_000};
    private static final int RUNS = 5;
    private static final int SLACK = 6;

    /** What is shorter is taken for this. */
    private static final long SHORT = 1_000_000;

    private static final List<String> UNITS =
            List.of("a", "&", "a=b&", "%", "%7B", "%C3", "+", "=", ";", ";a/", "/", "a;", "\u00e9", "member=&");

    /** The readers. */
    enum Reader {
        VALUE_IN_QUERY(text -> RawQuery.first("x=" + text + "&" + text, "member")),
        DECODED(RawQuery::decoded),
        FORM_WITH_QUERY(text -> {
            MockHttpServletRequest request = request(text);
            request.setQueryString(text);
            FormFields.of(request);
        }),
        FORM_WRITTEN_AGAIN(text -> FormFields.written(request(text))),
        FORM_TYPE(text -> {
            MockHttpServletRequest request = new MockHttpServletRequest("POST", "/");
            request.setContentType(text);
            FormFields.wereRead(request);
        });

        @SuppressWarnings("ImmutableEnumChecker") // a function without state
        private final Consumer<String> call;

        Reader(Consumer<String> call) {
            this.call = call;
        }
    }

    /** A request whose form a filter has read: of a long value, and of many fields. */
    private static MockHttpServletRequest request(String text) {
        MockHttpServletRequest request = new MockHttpServletRequest("POST", "/");
        request.addParameter("a", text, text);
        new LinkedHashSet<>(Arrays.asList(text.split("&", 10_000))).forEach(name -> request.addParameter(name, "b"));
        return request;
    }

    private record Cost(long bytes, long nanos) {}

    private static Cost cost(Reader reader, String text) {
        long bytesBefore = THREADS.getCurrentThreadAllocatedBytes();
        long before = THREADS.getCurrentThreadCpuTime();
        reader.call.accept(text);
        long nanos = THREADS.getCurrentThreadCpuTime() - before;
        return new Cost(THREADS.getCurrentThreadAllocatedBytes() - bytesBefore, nanos);
    }

    @ParameterizedTest
    @EnumSource(Reader.class)
    void growsAtMostLinearly(Reader reader) {
        for (String unit : UNITS) {
            for (int i = 1; i < SIZES.length; i++) {
                String small = unit.repeat(SIZES[i - 1] / unit.length());
                String large = unit.repeat(SIZES[i] / unit.length());
                double growth = (double) SLACK * SIZES[i] / SIZES[i - 1]; // a square would be a multiple of it
                String what = reader + " of " + unit + " at " + SIZES[i];

                Cost one = cost(reader, small);
                Cost many = cost(reader, large);
                for (int run = 1; run < RUNS && many.nanos() > growth * Math.max(one.nanos(), SHORT); run++) {
                    many = cost(reader, large);
                }
                assertThat(many.bytes()).as("bytes of " + what).isLessThan((long) (growth * one.bytes()) + 2_000_000);
                assertThat(many.nanos()).as("time of " + what).isLessThanOrEqualTo((long)
                        (growth * Math.max(one.nanos(), SHORT)));
            }
        }
    }
}
