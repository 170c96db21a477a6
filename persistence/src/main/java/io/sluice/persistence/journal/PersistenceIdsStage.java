package io.sluice.persistence.journal;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.HashSet;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import java.util.function.Supplier;
import org.apache.pekko.stream.Attributes;
import org.apache.pekko.stream.Outlet;
import org.apache.pekko.stream.SourceShape;
import org.apache.pekko.stream.stage.AbstractOutHandler;
import org.apache.pekko.stream.stage.AsyncCallback;
import org.apache.pekko.stream.stage.GraphStage;
import org.apache.pekko.stream.stage.GraphStageLogic;
import org.apache.pekko.stream.stage.TimerGraphStageLogic;

/**
 * Emits every persistence id once: those there are, and then new ones, found by looking again at intervals while there is demand. It remembers what it
 * emitted, so its memory grows with the number of ids.
 */
final class PersistenceIdsStage extends GraphStage<SourceShape<String>> {
    private final Supplier<Set<String>> list;
    private final Executor blocking;
    private final Duration refreshInterval;
    private final Outlet<String> out = Outlet.create("SluicePersistenceIds.out");
    private final SourceShape<String> shape = SourceShape.of(out);

    /**
     * @param list lists all ids, and blocks
     * @param blocking where to call it
     * @param refreshInterval time between two calls
     */
    PersistenceIdsStage(Supplier<Set<String>> list, Executor blocking, Duration refreshInterval) {
        this.list = list;
        this.blocking = blocking;
        this.refreshInterval = refreshInterval;
    }

    @Override
    public SourceShape<String> shape() {
        return shape;
    }

    @Override
    public GraphStageLogic createLogic(Attributes attributes) {
        return new Logic();
    }

    private record Listed(Set<String> ids, Throwable failure) {}

    private final class Logic extends TimerGraphStageLogic {
        private final Set<String> known = new HashSet<>();
        private final Queue<String> pending = new ArrayDeque<>();
        private final AsyncCallback<Listed> listed = createAsyncCallback(this::onListed);
        private boolean busy;

        Logic() {
            super(shape);
            setHandler(out, new AbstractOutHandler() {
                @Override
                public void onPull() {
                    emit();
                }
            });
        }

        @Override
        public void preStart() {
            look();
            scheduleWithFixedDelay("look", refreshInterval, refreshInterval);
        }

        @Override
        public void onTimer(Object key) {
            if (!busy && pending.isEmpty() && isAvailable(out)) {
                look();
            }
        }

        private void look() {
            busy = true;
            CompletionStage<Set<String>> ids = CompletableFuture.supplyAsync(list, blocking);
            ids.whenComplete((all, failure) -> listed.invoke(new Listed(all, failure)));
        }

        private void onListed(Listed result) {
            busy = false;
            if (result.failure() != null) {
                failStage(result.failure());
                return;
            }
            for (String id : result.ids()) {
                if (known.add(id)) {
                    pending.add(id);
                }
            }
            emit();
        }

        private void emit() {
            if (!pending.isEmpty() && isAvailable(out)) {
                push(out, pending.remove());
            }
        }
    }
}
