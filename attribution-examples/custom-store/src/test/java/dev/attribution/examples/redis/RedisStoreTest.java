package dev.attribution.examples.redis;

import dev.attribution.spi.AttributionStore;
import dev.attribution.testkit.contract.AttributionStoreContract;
import dev.attribution.testkit.contract.Capability;
import java.net.URI;
import java.nio.file.Path;
import java.util.EnumSet;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.condition.EnabledIf;
import org.junit.jupiter.api.io.TempDir;
import redis.clients.jedis.RedisClient;

@EnabledIf(value = "dev.attribution.examples.redis.RedisServers#areSelected", disabledReason = "not among -Dengines")
class RedisStoreTest extends AttributionStoreContract {
    @TempDir
    static Path directory;

    private static URI server;

    @BeforeAll
    static void startServer() throws Exception {
        server = RedisServers.start(RedisServers.freePort(), directory);
        try (RedisClient redis = RedisClient.create(server)) {
            System.out.println(
                    "The tests run on Redis " + redis.info("server").replaceAll("(?s).*redis_version:(\\S+).*", "$1"));
        }
    }

    @AfterAll
    static void stopServer() throws Exception {
        try (RedisClient redis = RedisClient.create(server)) {
            RedisServers.kill(redis);
        }
    }

    @Override
    protected AttributionStore openStore() {
        RedisClient redis = RedisClient.create(server);
        redis.flushDB();
        return new RedisAttributionStore(redis);
    }

    @Override
    protected Set<Capability> capabilities() {
        return EnumSet.of(Capability.IDS_WITHOUT_TIME);
    }

    @Override
    protected Optional<AttributionStore> openAgain(AttributionStore store) {
        return Optional.of(new RedisAttributionStore(RedisClient.create(server)));
    }

    @Override
    protected Optional<AttributionStore> openWithoutBackend() {
        return Optional.of(new RedisAttributionStore(RedisClient.create("127.0.0.1", RedisServers.freePort())));
    }
}
