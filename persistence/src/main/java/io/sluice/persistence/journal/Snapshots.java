package io.sluice.persistence.journal;

import io.sluice.persistence.journal.SnapshotFormat.Content;
import io.sluice.persistence.log.EntryBatch.Kind;
import io.sluice.persistence.log.Log;
import io.sluice.persistence.log.LogStore;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.apache.pekko.persistence.SelectedSnapshot;
import org.apache.pekko.persistence.SnapshotMetadata;
import org.apache.pekko.persistence.SnapshotSelectionCriteria;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Saves, selects and loads snapshots. Every method blocks; all may be called from any thread. */
final class Snapshots {
    private static final Logger LOG = LoggerFactory.getLogger(Snapshots.class);
    private static final long OPEN_TIMEOUT_SECONDS = 20;

    private final SnapshotFiles files;
    private final PayloadCodec codec;
    private final LogStore store;

    Snapshots(SnapshotFiles files, PayloadCodec codec, LogStore store) {
        this.files = files;
        this.codec = codec;
        this.store = store;
    }

    /** Saves a snapshot, durably when this returns. */
    void save(SnapshotMetadata metadata, Object snapshot) throws IOException {
        Content content = new Content(metadata.persistenceId(), codec.encode(snapshot),
                metadata.metadata().isDefined() ? codec.encode(metadata.metadata().get()) : null);
        files.save(metadata.persistenceId(), SnapshotName.of(metadata), SnapshotFormat.encode(content));
    }

    /**
     * The newest snapshot that matches. One that cannot be read is passed over with a warning, and the next older one is taken if the events
     * between the two are still there. Fails if there are matching snapshots and none can be used: the actor's state cannot be had
     * from its events alone, as some may be deleted.
     */
    Optional<SelectedSnapshot> load(String persistenceId, SnapshotSelectionCriteria criteria) throws IOException {
        IOException unreadable = null;
        List<SnapshotName> matching = files.list(persistenceId).stream().filter(n -> n.matches(criteria)).toList();
        for (SnapshotName name : matching.reversed()) {
            if (unreadable != null) {
                checkEventsSince(persistenceId, name, unreadable);
            }
            Path file = files.file(persistenceId, name);
            try {
                return Optional.of(read(persistenceId, name, file));
            } catch (NoSuchFileException e) {
                LOG.debug("snapshot {} was deleted after it was listed", file);
            } catch (IOException | RuntimeException e) {
                LOG.warn("snapshot {} of \"{}\" cannot be used: {}", file, persistenceId, e.getMessage());
                unreadable = new IOException(
                        "snapshot " + file + " of \"" + persistenceId + "\" cannot be used: " + e.getMessage(), e);
            }
        }
        if (unreadable != null) {
            throw unreadable;
        }
        return Optional.empty();
    }

    private SelectedSnapshot read(String persistenceId, SnapshotName name, Path file) throws IOException {
        Content content = SnapshotFormat.decode(persistenceId, ByteBuffer.wrap(Files.readAllBytes(file)));
        SnapshotMetadata metadata = SnapshotMetadata.apply(persistenceId, name.sequenceNr(), name.timestamp());
        return SelectedSnapshot.create(
                content.metadata() == null ? metadata : metadata.withMetadata(decode(content.metadata())),
                decode(content.snapshot()));
    }

    private Object decode(PayloadCodec.Payload payload) {
        return codec.decode(payload.bytes(), payload.serializerId(), payload.manifest());
    }

    /** A log of record batches is left out: its actor does not rebuild its state from records that retention has deleted. */
    private void checkEventsSince(String persistenceId, SnapshotName older, IOException unreadable) throws IOException {
        Log log;
        try {
            log = store.open(persistenceId).toCompletableFuture().get(OPEN_TIMEOUT_SECONDS, TimeUnit.SECONDS);
        } catch (InterruptedException | ExecutionException | TimeoutException e) {
            unreadable.addSuppressed(e);
            throw unreadable;
        }
        long deletedTo = log.view().deletedToSequenceNr();
        if (log.kind() == Kind.EVENTS && deletedTo > older.sequenceNr()) {
            throw new IOException(unreadable.getMessage() + "; the one before it, " + older.fileName()
                    + ", is of no use as events are deleted up to " + deletedTo, unreadable);
        }
    }

    /** Deletes one snapshot; a timestamp of 0 stands for any. */
    void delete(SnapshotMetadata metadata) throws IOException {
        for (SnapshotName name : files.list(metadata.persistenceId())) {
            if (name.sequenceNr() == metadata.sequenceNr()
                    && (metadata.timestamp() == 0 || metadata.timestamp() == name.timestamp())) {
                files.delete(metadata.persistenceId(), name);
            }
        }
    }

    /** Deletes all snapshots that match. */
    void delete(String persistenceId, SnapshotSelectionCriteria criteria) throws IOException {
        for (SnapshotName name : files.list(persistenceId)) {
            if (name.matches(criteria)) {
                files.delete(persistenceId, name);
            }
        }
    }
}
