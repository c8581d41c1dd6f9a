package dev.attribution.console;

import dev.attribution.Attribution;
import dev.attribution.click.Click;
import dev.attribution.click.ClickId;
import dev.attribution.console.view.Act;
import dev.attribution.console.view.JteactGenerated;
import dev.attribution.console.view.JteactedGenerated;
import dev.attribution.console.view.JteflaggedGenerated;
import dev.attribution.conversion.Conversion;
import dev.attribution.conversion.OperatorResult;
import java.util.List;
import java.util.UUID;

/** Approves, reverses, reinstates and clears a flag, each after a page that asks. */
final class OperatorPages {
    private OperatorPages() {}

    static ConsoleResponse act(Exchange exchange) {
        Form form = exchange.isPost() ? exchange.form() : exchange.query();
        Act act = Exchange.constant(Act.class, form, "act")
                .orElseThrow(() -> new Refused(400, "The address names nothing to do."));
        Conversion conversion = StoryPages.conversion(exchange, form);
        String title = act.title() + " a conversion";
        boolean isMoved = exchange.isPost() && !form.word("revision").equals(Integer.toString(conversion.revision()));
        if (!exchange.isPost() || isMoved) {
            return Exchange.page(
                    isMoved ? 409 : 200,
                    out -> JteactGenerated.render(out, null, exchange.frame().titled(title), act, conversion, isMoved));
        }
        OperatorResult result = run(exchange.attribution(), act, conversion.conversionId());
        return Exchange.page(
                out -> JteactedGenerated.render(out, null, exchange.frame().titled(title), result));
    }

    private static OperatorResult run(Attribution attribution, Act act, UUID conversionId) {
        return switch (act) {
            case APPROVE -> attribution.approve(conversionId);
            case REVERSE -> attribution.reverse(conversionId);
            case REINSTATE -> attribution.reinstate(conversionId);
        };
    }

    static ConsoleResponse flag(Exchange exchange) {
        ClickId id = ClickId.of(Exchange.uuid(exchange.isPost() ? exchange.form() : exchange.query(), "click"));
        Click found = exchange.attribution().findClicks(List.of(id)).get(id);
        if (found == null) {
            throw Refused.notFound("No click has the id " + id + ".");
        }
        boolean isDone = exchange.isPost() && !found.isCreditable();
        Click click = isDone ? exchange.attribution().clearFlag(id) : found;
        return Exchange.page(out -> JteflaggedGenerated.render(out, null, exchange.frame(), click, isDone));
    }
}
