package io.sluice.actors.controller;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Supplier;

/**
 * Hands out producer ids from this node's block, and fetches the next block once for all who wait when it is used up. Ids of a block that was fetched
 * and not used, because the node stopped, are never used by anybody. Safe for any thread.
 */
final class ProducerIds {

    private final int blockSize;
    private final Supplier<CompletionStage<AdminResult<Long>>> fetch;
    private long next;
    private long end;
    private CompletableFuture<AdminResult<Long>> fetching;

    /**
     * Starts without a block.
     *
     * @param fetch reserves a block and answers its first id; completes in bounded time
     */
    ProducerIds(int blockSize, Supplier<CompletionStage<AdminResult<Long>>> fetch) {
        this.blockSize = blockSize;
        this.fetch = fetch;
    }

    CompletionStage<AdminResult<Long>> next() {
        CompletableFuture<AdminResult<Long>> block;
        boolean first = false;
        synchronized (this) {
            if (next < end) {
                return CompletableFuture.completedFuture(AdminResult.of(next++));
            }
            if (fetching == null) {
                fetching = new CompletableFuture<>();
                first = true;
            }
            block = fetching;
        }
        if (first) {
            fetch.get().whenComplete((result, error) -> fetched(block, result, error));
        }
        return block.thenCompose(
                result -> result.value() == null ? CompletableFuture.completedFuture(result) : next());
    }

    private void fetched(CompletableFuture<AdminResult<Long>> block, AdminResult<Long> result, Throwable error) {
        synchronized (this) {
            fetching = null;
            if (result != null && result.value() != null) {
                next = result.value();
                end = next + blockSize;
            }
        }
        if (error == null) {
            block.complete(result);
        } else {
            block.completeExceptionally(error);
        }
    }
}
