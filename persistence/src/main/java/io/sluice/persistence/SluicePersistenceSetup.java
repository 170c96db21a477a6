package io.sluice.persistence;

import io.sluice.persistence.log.LogStore;
import java.util.Objects;
import org.apache.pekko.actor.setup.Setup;

/**
 * Hands an already opened store to an actor system, so that a program can report a bad data directory before it starts any actor.
 *
 * <pre>{@code
 * ActorSystem.create("app", ActorSystemSetup.create(BootstrapSetup.create(config), new SluicePersistenceSetup(store)));
 * }</pre>
 *
 * The system owns the store from then on and closes it after its last actor has stopped.
 */
public final class SluicePersistenceSetup extends Setup {
    private final LogStore store;

    /** @param store an open store, not null */
    public SluicePersistenceSetup(LogStore store) {
        this.store = Objects.requireNonNull(store, "store");
    }

    LogStore store() {
        return store;
    }
}
