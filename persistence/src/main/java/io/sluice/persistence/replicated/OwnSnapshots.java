package io.sluice.persistence.replicated;

import io.sluice.persistence.log.LogStore;
import io.sluice.persistence.replication.Replica;
import io.sluice.persistence.replication.ReplicaId;
import io.sluice.persistence.replication.ReplicaReply;
import io.sluice.persistence.replication.ReplicaRequest;
import io.sluice.persistence.replication.net.Replies;
import io.sluice.persistence.snapshot.SnapshotChecksum;
import io.sluice.persistence.snapshot.SnapshotFiles;
import io.sluice.persistence.snapshot.SnapshotName;
import io.sluice.persistence.snapshot.SnapshotRange;
import io.sluice.persistence.snapshot.StoredSnapshot;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Stores and finds snapshots on this node for leaders elsewhere, in the files that the snapshot store uses, too. What cannot be done is not answered,
 * and asked for again. Safe for any thread; only threads of its own block.
 */
final class OwnSnapshots implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(OwnSnapshots.class);
    /** The newest, and the one before, which is the newest of a majority while the newest is being stored. */
    private static final int KEPT = 2;
    private static final int WRITERS = 2;
    private static final int WAITING_MAX = 10_000;
    private static final int STOP_SECONDS = 5;

    private final LogStore store;
    private final Replica replica;
    private final ReplicaId self;
    private final SnapshotFiles files;
    /** A log's writes keep their order, each by the same thread. */
    private final List<ThreadPoolExecutor> writers = IntStream.range(0, WRITERS)
            .mapToObj(i -> thread("sluice-snapshot-writer-" + i)).toList();
    /** Of its own, so that a recovery does not wait for the snapshots that a stopping node saves. */
    private final ThreadPoolExecutor reader = thread("sluice-snapshot-reader");

    OwnSnapshots(LogStore store, ReplicaId self) {
        this.store = store;
        this.replica = new Replica(self);
        this.self = self;
        this.files = new SnapshotFiles(SnapshotFiles.directory(store.directory()), KEPT);
    }

    private static ThreadPoolExecutor thread(String name) {
        return new ThreadPoolExecutor(1, 1, 0, TimeUnit.SECONDS, new ArrayBlockingQueue<>(WAITING_MAX),
                Thread.ofPlatform().daemon().name(name).factory());
    }

    private Executor writer(String log) {
        return writers.get(Math.floorMod(log.hashCode(), WRITERS));
    }

    /** Does what a request to this replica asks for. */
    void handle(ReplicaRequest.OfSnapshots request, Runnable release, Replies replies) {
        switch (request) {
            case ReplicaRequest.PutSnapshot put -> ifPromised(put, release, replies, () -> put(put, replies));
            case ReplicaRequest.DropSnapshots drop -> ifPromised(drop, release, replies,
                    () -> files.delete(drop.header().log(), drop.range()));
            case ReplicaRequest.FindSnapshot find -> {
                release.run();
                run(reader, find, () -> find(find, replies), () -> {
                });
            }
        }
    }

    private interface Work {
        void run() throws IOException;
    }

    /**
     * Works outside of any step of the log, so the promise may have gone to another leader meanwhile. That does no harm: what a snapshot holds is committed
     * whoever leads, and who leads next deletes nothing that it has not recovered.
     */
    @SuppressWarnings("FutureReturnValueIgnored") // what fails is logged, and asked again by the leader
    private void ifPromised(ReplicaRequest request, Runnable release, Replies replies, Work work) {
        store.openReplica(request.header().log())
                .thenCompose(log -> log.atomically(copy -> Optional.ofNullable(replica.objection(request, copy))))
                .whenComplete((objection, failure) -> {
                    if (failure == null && objection.isEmpty()) {
                        run(writer(request.header().log()), request, work, release);
                        return;
                    }
                    release.run();
                    if (failure != null) {
                        failed(request, failure);
                    } else {
                        replies.send(objection.get());
                    }
                });
    }

    private static void run(Executor threads, ReplicaRequest request, Work work, Runnable release) {
        try {
            threads.execute(() -> {
                try {
                    work.run();
                } catch (IOException | RuntimeException e) {
                    failed(request, e);
                } finally {
                    release.run();
                }
            });
        } catch (RejectedExecutionException e) {
            release.run();
            LOG.debug("log {}: too much waits for snapshots, or the node is stopping", request.header().log());
        }
    }

    /** The newest snapshot of a log here. Fails if it cannot be read. */
    CompletionStage<Optional<StoredSnapshot>> newest(String log) {
        CompletableFuture<Optional<StoredSnapshot>> newest = new CompletableFuture<>();
        try {
            reader.execute(() -> {
                try {
                    newest.complete(readNewest(log, SnapshotRange.ALL));
                } catch (IOException | RuntimeException e) {
                    newest.completeExceptionally(e);
                }
            });
        } catch (RejectedExecutionException e) {
            newest.completeExceptionally(e);
        }
        return newest;
    }

    private Optional<StoredSnapshot> readNewest(String log, SnapshotRange range) throws IOException {
        List<SnapshotName> found = files.list(log).stream().filter(range::contains).toList();
        if (found.isEmpty()) {
            return Optional.empty();
        }
        Path newest = files.file(log, found.getLast());
        ByteBuffer content = ByteBuffer.wrap(Files.readAllBytes(newest));
        if (!SnapshotChecksum.isRight(content)) {
            // the one before would be counted as the newest this replica was given, and is not
            throw new IOException("the checksum of snapshot " + newest + " is wrong");
        }
        return Optional.of(new StoredSnapshot(found.getLast(), content));
    }

    /** Deletes a log's snapshots; waits for the disk. */
    void deleteAll(String log) throws IOException {
        files.deleteAll(log);
    }

    private void put(ReplicaRequest.PutSnapshot put, Replies replies) throws IOException {
        String log = put.header().log();
        if (!Files.exists(files.file(log, put.name()))) { // it does if the answer was lost or late
            if (!SnapshotChecksum.isRight(put.content())) {
                throw new IOException("the checksum of snapshot " + put.name().fileName() + " is wrong");
            }
            files.save(log, put.name(), put.content().duplicate());
        }
        replies.send(new ReplicaReply.SnapshotStored(from(put), put.name()));
    }

    private void find(ReplicaRequest.FindSnapshot find, Replies replies) throws IOException {
        Optional<StoredSnapshot> newest = readNewest(find.header().log(), find.range());
        replies.send(newest.isEmpty()
                ? new ReplicaReply.NoSnapshot(from(find))
                : new ReplicaReply.Snapshot(from(find), newest.get().name(), newest.get().bytes()));
    }

    private ReplicaReply.Header from(ReplicaRequest request) {
        ReplicaRequest.Header h = request.header();
        return new ReplicaReply.Header(h.log(), h.epoch(), h.claimant(), self);
    }

    private static void failed(ReplicaRequest request, Throwable failure) {
        LOG.warn("log {}: no answer about its snapshots: {}", request.header().log(), failure.toString());
    }

    /** Ends what is being written and takes no more. */
    @Override
    public void close() {
        reader.shutdownNow();
        writers.forEach(ThreadPoolExecutor::shutdown);
        try {
            for (ThreadPoolExecutor writer : writers) {
                if (!writer.awaitTermination(STOP_SECONDS, TimeUnit.SECONDS)) {
                    LOG.warn("snapshots of other nodes are still being written");
                }
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
