package dev.attribution.jdbc;

import dev.attribution.click.Click;
import dev.attribution.spi.AppendResult.Appended;
import dev.attribution.spi.Settlement;
import java.util.List;

/**
 * A process that writes until it is killed, from several threads. After each call that returned it prints a line:
 * {@code click} and the click's id, or {@code credit} with the click's, the conversion's and the attempt's.
 */
final class KillTarget {
    private KillTarget() {}

    public static void main(String[] args) {
        JdbcAttributionStore store = JdbcAttributionStore.open(args[0]);
        for (int i = 0; i < 4; i++) {
            new Thread(() -> write(store)).start();
        }
    }

    private static void write(JdbcAttributionStore store) {
        while (true) {
            Click click = Given.click();
            store.clicks().insert(List.of(click));
            System.out.println("click " + click.clickId());
            Settlement credit = Given.credit(click, 1);
            if (!(store.conversions().append(List.of(credit)).get(0) instanceof Appended)) {
                throw new IllegalStateException("A first credit was not appended");
            }
            System.out.println("credit " + click.clickId() + " "
                    + Given.conversionOf(credit).conversionId() + " "
                    + credit.entry().attemptId());
        }
    }
}
