package io.sluice.persistence;

import com.typesafe.config.Config;
import io.sluice.persistence.log.DataDirectoryException;
import io.sluice.persistence.log.FileLogStore;
import io.sluice.persistence.log.LogStore;
import java.util.Optional;
import org.apache.pekko.actor.AbstractExtensionId;
import org.apache.pekko.actor.ActorSystem;
import org.apache.pekko.actor.ClassicActorSystemProvider;
import org.apache.pekko.actor.ExtendedActorSystem;
import org.apache.pekko.actor.Extension;
import org.apache.pekko.actor.ExtensionId;
import org.apache.pekko.actor.ExtensionIdProvider;

/**
 * The one {@link LogStore} of an actor system, shared by journal, snapshot store and queries. It is opened on first use from
 * {@code sluice.persistence}, or handed in with {@link SluicePersistenceSetup}, and closed after the last actor of the system has stopped. Safe for
 * use by any thread.
 */
public final class SluicePersistence implements Extension {
    private static final Id ID = new Id();

    private final ExtendedActorSystem system;
    private LogStore store;
    private DataDirectoryException refusal;

    private SluicePersistence(ExtendedActorSystem system) {
        this.system = system;
        Optional<SluicePersistenceSetup> setup = system.settings().setup().get(SluicePersistenceSetup.class);
        setup.ifPresent(s -> own(s.store()));
    }

    /** The extension of a system, classic or typed. */
    public static SluicePersistence get(ClassicActorSystemProvider system) {
        return ID.get(system);
    }

    /**
     * The store, opened now if it was not. The first call may block while the data directory is locked and read.
     *
     * @throws DataDirectoryException if the data directory is not set or cannot be used; the message is one line, and later calls throw the same
     */
    public synchronized LogStore store() {
        if (refusal != null) {
            throw refusal;
        }
        if (store == null) {
            try {
                own(open(system.settings().config()));
            } catch (DataDirectoryException e) {
                refusal = e;
                throw e;
            }
        }
        return store;
    }

    /**
     * Opens a store as the section {@code sluice.persistence} of a whole configuration says, for {@link SluicePersistenceSetup}. May block.
     *
     * @throws DataDirectoryException if the data directory is not set or cannot be used; the message is one line
     */
    public static LogStore open(Config config) {
        return FileLogStore.open(StoreSettings.read(config.getConfig("sluice.persistence")));
    }

    private void own(LogStore opened) {
        store = opened;
        // not a task of CoordinatedShutdown: those run before the last actors stop, and not at all on a plain terminate()
        system.registerOnTermination(opened::close);
    }

    /** Makes Pekko load the extension with every actor system (see {@code reference.conf}), so that a store handed in is closed even if it is never used. */
    public static final class Loader implements ExtensionIdProvider {
        @Override
        public ExtensionId<SluicePersistence> lookup() {
            return ID;
        }
    }

    private static final class Id extends AbstractExtensionId<SluicePersistence> {
        @Override
        public SluicePersistence createExtension(ExtendedActorSystem system) {
            return new SluicePersistence(system);
        }

        @Override
        public SluicePersistence get(ActorSystem system) {
            return super.get(system);
        }
    }
}
