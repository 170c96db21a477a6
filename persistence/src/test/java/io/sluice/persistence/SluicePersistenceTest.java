package io.sluice.persistence;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigFactory;
import io.sluice.persistence.log.DataDirectoryException;
import io.sluice.persistence.log.FileLogStore;
import io.sluice.persistence.log.LogStore;
import io.sluice.persistence.log.LogStoreSettings;
import java.nio.file.Path;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import org.apache.pekko.actor.ActorSystem;
import org.apache.pekko.actor.BootstrapSetup;
import org.apache.pekko.actor.setup.ActorSystemSetup;
import org.apache.pekko.actor.typed.javadsl.Behaviors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The store of an actor system: opened once, closed last. */
class SluicePersistenceTest {
    @TempDir
    private Path dir;

    @Test
    void oneStoreIsOpenedAndClosedWithTheSystem() throws Exception {
        ActorSystem system = ActorSystem.create("one", config("sluice.persistence.dir = \"" + dir + "\""));
        LogStore store = SluicePersistence.get(system).store();
        assertThat(SluicePersistence.get(system).store()).isSameAs(store);
        assertThat(store.directory()).isEqualTo(dir);
        assertThatThrownBy(() -> FileLogStore.open(LogStoreSettings.of(dir)))
                .isInstanceOf(DataDirectoryException.class);

        terminate(system);

        FileLogStore.open(LogStoreSettings.of(dir)).close();
    }

    @Test
    void aStoreOpenedBeforehandIsUsedAndClosed() throws Exception {
        LogStore store = FileLogStore.open(LogStoreSettings.of(dir));
        ActorSystem system = ActorSystem.create("handed", ActorSystemSetup.create(BootstrapSetup.create(config("")),
                new SluicePersistenceSetup(store)));
        assertThat(SluicePersistence.get(system).store()).isSameAs(store);

        terminate(system);

        FileLogStore.open(LogStoreSettings.of(dir)).close();
    }

    @Test
    void aStoreHandedInIsClosedEvenIfNothingUsedIt() throws Exception {
        LogStore store = FileLogStore.open(LogStoreSettings.of(dir));
        ActorSystem system = ActorSystem.create("unused", ActorSystemSetup.create(BootstrapSetup.create(config("")),
                new SluicePersistenceSetup(store)));

        terminate(system);

        FileLogStore.open(LogStoreSettings.of(dir)).close();
    }

    @Test
    void typedSystemsHaveItToo() throws Exception {
        var system = org.apache.pekko.actor.typed.ActorSystem.create(Behaviors.empty(), "typed",
                config("sluice.persistence.dir = \"" + dir + "\""));

        assertThat(SluicePersistence.get(system).store().directory()).isEqualTo(dir);

        terminate(system.classicSystem());
    }

    @Test
    void aMissingDirectorySettingIsOneClearLine() throws Exception {
        refused("", "sluice.persistence.dir is not set: set it to the directory that is to hold the logs");
    }

    @Test
    void aBadSettingIsNamed() throws Exception {
        refused("sluice.persistence { dir = \"" + dir + "\", log.flush = never }", "flush is \"never\"");
        refused("sluice.persistence { dir = \"" + dir + "\", log.segment-bytes = 1 B }", "segmentBytes is 1");
        refused("sluice.persistence { dir = \"" + dir + "\", log.idle-close = soon }", "idle-close");
    }

    @Test
    void aDirectoryInUseIsRefusedAgainAndAgain() throws Exception {
        try (LogStore store = FileLogStore.open(LogStoreSettings.of(dir))) {
            refused("sluice.persistence.dir = \"" + store.directory() + "\"", "is in use");
        }
    }

    private static void refused(String settings, String message) throws Exception {
        ActorSystem system = ActorSystem.create("refused", config(settings));
        try {
            for (int i = 0; i < 2; i++) {
                assertThatThrownBy(() -> SluicePersistence.get(system).store())
                        .isInstanceOf(DataDirectoryException.class)
                        .hasMessageContaining(message)
                        .message()
                        .doesNotContain("\n");
            }
        } finally {
            terminate(system);
        }
    }

    private static Config config(String settings) {
        return ConfigFactory.parseString(settings).withFallback(ConfigFactory.parseString("""
                pekko.loglevel = WARNING
                pekko.coordinated-shutdown.run-by-jvm-shutdown-hook = off
                """)).withFallback(ConfigFactory.load());
    }

    private static void terminate(ActorSystem system) throws InterruptedException, ExecutionException,
            java.util.concurrent.TimeoutException {
        system.terminate();
        system.getWhenTerminated().toCompletableFuture().get(30, TimeUnit.SECONDS);
    }
}
