package dev.attribution.examples.offerwall;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;

class OfferwallTest {
    @Test
    void showsTheLifeOfAConversion() {
        ByteArrayOutputStream output = new ByteArrayOutputStream();
        PrintStream before = System.out;
        System.setOut(new PrintStream(output, true, StandardCharsets.UTF_8));
        try {
            Offerwall.main(new String[0]);
        } finally {
            System.setOut(before);
        }

        assertThat(output.toString(StandardCharsets.UTF_8))
                .containsSubsequence(
                        "paste: https://api.example.com/timewall",
                        "covered: [userID, revenue], not covered: [TRANSACTION_ID, STATUS]",
                        "302 Location: https://wall.example.com/?userID=",
                        "200 ATTRIBUTED",
                        "200 DUPLICATE TRANSACTION_ALREADY_COUNTED",
                        "403 UNATTRIBUTED NOT_AUTHENTIC",
                        "200 ADJUSTED",
                        "INFO ATTRIBUTED by timewall",
                        "WARN DUPLICATE TRANSACTION_ALREADY_COUNTED by timewall",
                        "ERROR UNATTRIBUTED NOT_AUTHENTIC by timewall",
                        "ADJUSTED by timewall",
                        "conversion of member-7: REVERSED");
    }
}
