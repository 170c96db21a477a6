package io.sluice.persistence.log;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Replaces what is damaged in a replica by what another one has, while whoever met the damage waits. Safe for any thread. */
final class Mender {
    private static final Logger LOG = LoggerFactory.getLogger(Mender.class);

    /** Those that somebody asks other replicas about. */
    private final ConcurrentHashMap<Damage, CompletableFuture<Void>> underWay = new ConcurrentHashMap<>();
    private volatile IntactCopies copies = (log, damage) -> CompletableFuture
            .failedFuture(new IOException("no other replicas are known yet"));

    /** Puts intact batches where the damage is, in turn with whatever else changes the file. */
    interface Patch {
        CompletableFuture<Void> apply(Damage damage, ByteBuffer batches);
    }

    void use(IntactCopies found) {
        copies = found;
    }

    /** Does some work on a log; when that meets damage that can be mended, again after it was. Fails as the work does otherwise. */
    <T> CompletableFuture<T> mending(String log, Supplier<CompletableFuture<T>> work, Patch patch) {
        return attempt(log, work, patch, null);
    }

    private <T> CompletableFuture<T> attempt(String log, Supplier<CompletableFuture<T>> work, Patch patch,
            Damage before) {
        return work.get().exceptionallyCompose(failure -> {
            Damage damage = damageIn(failure);
            if (damage == null || damage.equals(before)) {
                return CompletableFuture.failedFuture(failure);
            }
            return mend(log, damage, patch).handle((mended, why) -> why)
                    .thenCompose(why -> why == null
                            ? attempt(log, work, patch, damage)
                            : CompletableFuture.failedFuture(failure));
        });
    }

    private static Damage damageIn(Throwable failure) {
        for (Throwable each = failure; each != null; each = each.getCause()) {
            if (each instanceof CorruptLogException corrupt) {
                return corrupt.damage();
            }
        }
        return null;
    }

    private CompletableFuture<Void> mend(String log, Damage damage, Patch patch) {
        CompletableFuture<Void> mine = new CompletableFuture<>();
        CompletableFuture<Void> other = underWay.putIfAbsent(damage, mine);
        if (other != null) {
            return other;
        }
        CompletableFuture<Void> unused = copies.read(log, damage).toCompletableFuture()
                .thenCompose(batches -> patch.apply(damage, batches).thenRun(() -> LOG.warn(
                        "log {}: damaged {}; mended {} of them by what another replica has", log, damage,
                        batches.remaining())))
                .whenComplete((mended, failure) -> {
                    underWay.remove(damage, mine);
                    if (failure == null) {
                        mine.complete(null);
                    } else {
                        LOG.error("log {}: damaged {}; not mended: {}", log, damage, failure.toString());
                        mine.completeExceptionally(failure);
                    }
                });
        return mine;
    }
}
