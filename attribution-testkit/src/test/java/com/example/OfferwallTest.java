package com.example;

import dev.attribution.click.ClickId;
import dev.attribution.conversion.ConversionStatus;
import dev.attribution.postback.Caller;
import dev.attribution.postback.PostbackParameter;
import dev.attribution.postback.PostbackRequest;
import dev.attribution.postback.PostbackVerifier;
import dev.attribution.postback.SignatureVerifier;
import dev.attribution.testkit.caller.CallerContract;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;

class OfferwallTest extends CallerContract {
    private static final String KEY = "the key that the caller shows";

    static SignatureVerifier signature(String key) {
        return PostbackVerifier.hmac("HmacSHA256", key.getBytes(StandardCharsets.UTF_8))
                .ofUrlBefore("hash")
                .inParameter("hash");
    }

    static final Caller OFFERWALL = Caller.named("offerwall")
            .parameter(PostbackParameter.CLICK_ID, "sub1")
            .parameter(PostbackParameter.TRANSACTION_ID, "tx")
            .parameter(PostbackParameter.STATUS, "state")
            .parameter(PostbackParameter.PAYOUT, "payout")
            .status("1", ConversionStatus.APPROVED)
            .status("2", ConversionStatus.REVERSED)
            .verifier(signature(KEY))
            .build();

    @Override
    protected Caller caller() {
        return OFFERWALL;
    }

    @Override
    protected PostbackRequest message(ClickId clickId, String transactionId) {
        return message(clickId, transactionId, "1");
    }

    private static PostbackRequest message(ClickId clickId, String transactionId, String state) {
        String tx = URLEncoder.encode(transactionId, StandardCharsets.UTF_8);
        return PostbackRequest.get("https://api.example.com/pb?sub1=" + clickId + "&tx=" + tx + "&state=" + state)
                .build();
    }

    // All below is optional; without it, the tests that need it are aborted

    @Override
    protected Optional<PostbackRequest> reversal(ClickId clickId, String transactionId) {
        return Optional.of(message(clickId, transactionId, "2"));
    }

    @Override
    protected Optional<PostbackRequest> signWithAnotherKey(PostbackRequest message) {
        return Optional.of(signature("another key").sign(message));
    }

    @Override
    protected List<String> secrets() {
        return List.of(KEY);
    }
}
