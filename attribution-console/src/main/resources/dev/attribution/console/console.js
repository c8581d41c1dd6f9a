// Copy buttons, which the pages do not need. A page over plain http has no clipboard, so it selects a text instead.
"use strict";
(function () {
    function copyBySelection(text) {
        const area = document.createElement("textarea");
        area.value = text;
        area.setAttribute("readonly", "");
        area.setAttribute("aria-hidden", "true");
        area.className = "skip";
        document.body.appendChild(area);
        area.select();
        const done = document.execCommand("copy");
        area.remove();
        return done;
    }
    for (const button of document.querySelectorAll("button.copy")) {
        button.hidden = false;
        button.addEventListener("click", function () {
            const text = button.dataset.copy;
            const say = function (done) {
                button.textContent = done ? "Copied" : "Not copied";
                button.focus();
            };
            if (navigator.clipboard && window.isSecureContext) {
                navigator.clipboard.writeText(text).then(function () { say(true); }, function () { say(copyBySelection(text)); });
            } else {
                say(copyBySelection(text));
            }
        });
    }
})();
