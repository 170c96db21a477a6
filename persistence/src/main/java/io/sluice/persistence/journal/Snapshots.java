package io.sluice.persistence.journal;

import io.sluice.persistence.journal.SnapshotFormat.Content;
import io.sluice.persistence.log.EntryBatch.Kind;
import io.sluice.persistence.log.Log;
import io.sluice.persistence.log.LogStore;
import io.sluice.persistence.snapshot.SnapshotFiles;
import io.sluice.persistence.snapshot.SnapshotName;
import io.sluice.persistence.snapshot.SnapshotRange;
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
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Saves, selects and loads the snapshots on this node. Every method blocks; all may be called from any thread. */
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

    /** Saves a snapshot, durably when this returns; returns what was stored. */
    ByteBuffer save(SnapshotMetadata metadata, Object snapshot) throws IOException {
        Content content = new Content(metadata.persistenceId(), codec.encode(snapshot),
                metadata.metadata().isDefined() ? codec.encode(metadata.metadata().get()) : null);
        ByteBuffer bytes = SnapshotFormat.encode(content);
        files.save(metadata.persistenceId(), name(metadata), bytes.duplicate());
        return bytes;
    }

    static SnapshotName name(SnapshotMetadata metadata) {
        return new SnapshotName(metadata.sequenceNr(), metadata.timestamp());
    }

    /**
     * The newest snapshot in a range. One that cannot be read is passed over with a warning, and the next older one is taken if the events
     * between the two are still there. Fails if there are matching snapshots and none can be used: the actor's state cannot be had
     * from its events alone, as some may be deleted.
     */
    Optional<SelectedSnapshot> load(String persistenceId, SnapshotRange range) throws IOException {
        IOException unreadable = null;
        List<SnapshotName> matching = files.list(persistenceId).stream().filter(range::contains).toList();
        for (SnapshotName name : matching.reversed()) {
            if (unreadable != null) {
                checkEventsSince(persistenceId, name, unreadable);
            }
            Path file = files.file(persistenceId, name);
            try {
                return Optional.of(decode(persistenceId, name, read(file)));
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

    /**
     * What this node has of a range.
     *
     * @param snapshot the newest; null if there is none or it cannot be used
     * @param certain false if there is one that cannot be used
     */
    record Newest(SelectedSnapshot snapshot, boolean certain) {}

    /** The newest snapshot in a range, of which other nodes have copies, too. */
    Newest newest(String persistenceId, SnapshotRange range) throws IOException {
        List<SnapshotName> matching = files.list(persistenceId).stream().filter(range::contains).toList();
        if (matching.isEmpty()) {
            return new Newest(null, true);
        }
        Path file = files.file(persistenceId, matching.getLast());
        try {
            return new Newest(decode(persistenceId, matching.getLast(), read(file)), true);
        } catch (IOException | RuntimeException e) {
            LOG.warn("snapshot {} of \"{}\" cannot be used, so the other replicas' must do: {}", file, persistenceId,
                    e.toString());
            return new Newest(null, false);
        }
    }

    private static ByteBuffer read(Path file) throws IOException {
        return ByteBuffer.wrap(Files.readAllBytes(file));
    }

    /** A snapshot from its bytes. Fails with {@link IOException} or what a serialiser throws if it cannot be used. */
    SelectedSnapshot decode(String persistenceId, SnapshotName name, ByteBuffer bytes) throws IOException {
        Content content = SnapshotFormat.decode(persistenceId, bytes);
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

    /** Deletes all snapshots in a range. */
    void delete(String persistenceId, SnapshotRange range) throws IOException {
        files.delete(persistenceId, range);
    }
}
