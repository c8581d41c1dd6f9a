package dev.attribution.spring.host;

import dev.attribution.Attribution;
import dev.attribution.postback.PostbackOutcome;
import java.util.function.Supplier;
import org.springframework.stereotype.Service;
import org.springframework.transaction.annotation.Propagation;
import org.springframework.transaction.annotation.Transactional;

/** What the application does in transactions of its own. */
@Service
public class Rewards {
    private final Attribution attribution;

    Rewards(Attribution attribution) {
        this.attribution = attribution;
    }

    @Transactional
    public PostbackOutcome settle(String postback) {
        return attribution.postback(postback);
    }

    @Transactional
    public PostbackOutcome settleAndFail(String postback) {
        attribution.postback(postback);
        throw new IllegalStateException("the application changed its mind");
    }

    @Transactional
    public <T> T inTransaction(Supplier<T> work) {
        return work.get();
    }

    @Transactional(readOnly = true)
    public <T> T inReadOnlyTransaction(Supplier<T> work) {
        return work.get();
    }

    @Transactional(propagation = Propagation.SUPPORTS)
    public <T> T inNoTransaction(Supplier<T> work) {
        return work.get();
    }

    @Transactional(propagation = Propagation.NESTED)
    public <T> T inNestedTransaction(Supplier<T> work) {
        return work.get();
    }

    @Transactional(propagation = Propagation.REQUIRES_NEW)
    public <T> T inAnotherTransaction(Supplier<T> work) {
        return work.get();
    }
}
