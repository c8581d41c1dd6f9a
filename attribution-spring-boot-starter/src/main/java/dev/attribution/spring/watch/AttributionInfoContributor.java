package dev.attribution.spring.watch;

import dev.attribution.Attribution;
import dev.attribution.postback.Caller;
import dev.attribution.spi.AttributionStore;
import dev.attribution.spring.AttributionProperties;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.actuate.info.Info;
import org.springframework.boot.actuate.info.InfoContributor;

/** What attribution runs with: version, store, duplicate policy, and the names of the callers; no secrets. */
public final class AttributionInfoContributor implements InfoContributor {
    private final @Nullable AttributionStore store; // unless the façade is the application's own
    private final AttributionProperties properties;
    private final List<String> callers;

    AttributionInfoContributor(
            @Nullable AttributionStore store, AttributionProperties properties, List<Caller> callers) {
        this.store = store;
        this.properties = properties;
        this.callers = callers.stream().map(Caller::name).toList();
    }

    @Override
    public void contribute(Info.Builder info) {
        Map<String, Object> details = new LinkedHashMap<>();
        Optional.ofNullable(Attribution.class.getPackage().getImplementationVersion())
                .ifPresent(version -> details.put("version", version));
        if (store != null) {
            details.put("store", store.getClass().getSimpleName());
        }
        details.put("tablePrefix", properties.schema().tablePrefix());
        details.put("duplicatePolicy", properties.duplicatePolicy());
        details.put("callers", callers);
        info.withDetail("attribution", details);
    }
}
