package dev.attribution.console;

import dev.attribution.console.view.JteforgetGenerated;
import dev.attribution.console.view.JtependingGenerated;
import dev.attribution.console.view.OldPending;
import dev.attribution.conversion.Conversion;
import dev.attribution.conversion.ConversionStatus;
import dev.attribution.privacy.ForgetResult;
import dev.attribution.report.Page;
import dev.attribution.report.ReportFilter;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;

/** Acts on many rows, each after a box that confirms it: forgetting a member, and reversing what is pending for long. */
final class BulkPages {
    private static final int SHOWN = 50;
    private static final Pattern DAYS = Pattern.compile("[1-9][0-9]{0,3}");

    private BulkPages() {}

    static ConsoleResponse forget(Exchange exchange) {
        Form form = exchange.isPost() ? exchange.form() : exchange.query();
        String member = form.text("member");
        boolean isConfirmed = form.isSet("confirm");
        Optional<ForgetResult> result = exchange.isPost() && isConfirmed
                ? Optional.of(exchange.attribution().forget(member))
                : Optional.empty();
        boolean isUnconfirmed = exchange.isPost() && !isConfirmed;
        return Exchange.page(
                isUnconfirmed ? 422 : 200,
                out -> JteforgetGenerated.render(
                        out, null, exchange.frame(), result.isPresent() ? "" : member, result, isUnconfirmed));
    }

    static ConsoleResponse pending(Exchange exchange) {
        Form form = exchange.isPost() ? exchange.form() : exchange.query();
        String days = form.word("days");
        if (days.isEmpty()) {
            return page(exchange, new OldPending("", List.of(), false, Optional.empty(), false));
        }
        if (!DAYS.matcher(days).matches()) {
            throw new Refused(400, "The age is a number of days, from 1 to 9999.");
        }
        Duration age = Duration.ofDays(Integer.parseInt(days));
        boolean isConfirmed = form.isSet("confirm");
        Optional<Long> reversed = exchange.isPost() && isConfirmed
                ? Optional.of(exchange.attribution().reversePending(age))
                : Optional.empty();
        Page<Conversion> old = exchange.attribution()
                .reports()
                .conversions(
                        ReportFilter.builder()
                                .status(ConversionStatus.PENDING)
                                .until(exchange.settings().clock().instant().minus(age))
                                .build(),
                        SHOWN);
        return page(
                exchange,
                new OldPending(days, old.rows(), old.next().isPresent(), reversed, exchange.isPost() && !isConfirmed));
    }

    private static ConsoleResponse page(Exchange exchange, OldPending pending) {
        return Exchange.page(
                pending.isUnconfirmed() ? 422 : 200,
                out -> JtependingGenerated.render(out, null, exchange.frame(), pending));
    }
}
