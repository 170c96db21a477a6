package io.sluice.streams.javadsl;

import io.sluice.streams.javadsl.ConsumerMessage.Committable;
import io.sluice.streams.javadsl.ConsumerMessage.CommittableOffsetBatch;
import java.util.concurrent.CompletionStage;
import org.apache.pekko.Done;
import org.apache.pekko.NotUsed;
import org.apache.pekko.stream.javadsl.Flow;
import org.apache.pekko.stream.javadsl.Keep;
import org.apache.pekko.stream.javadsl.Sink;

/**
 * Commits offsets in batches: the at-least-once end of a stream. When the stream completes, everything that came is committed first. When it fails,
 * the batch begun is not, and comes again.
 */
public final class Committer {

    private Committer() {
    }

    /** Emits each batch once it is committed. */
    public static <C extends Committable> Flow<C, CommittableOffsetBatch, NotUsed> batchFlow(
            CommitterSettings settings) {
        return Flow.<C>create().groupedWithin(settings.maxBatch(), settings.maxInterval())
                .map(CommittableOffsetBatch::of)
                .mapAsync(settings.parallelism(), batch -> batch.commit().thenApply(done -> batch));
    }

    /** Emits {@code Done} for each batch that is committed. */
    public static <C extends Committable> Flow<C, Done, NotUsed> flow(CommitterSettings settings) {
        return Committer.<C>batchFlow(settings).map(batch -> Done.getInstance());
    }

    /** Completes once everything is committed and the stream has ended; fails if the stream does, or a commit. */
    public static <C extends Committable> Sink<C, CompletionStage<Done>> sink(CommitterSettings settings) {
        return Committer.<C>flow(settings).toMat(Sink.ignore(), Keep.right());
    }
}
