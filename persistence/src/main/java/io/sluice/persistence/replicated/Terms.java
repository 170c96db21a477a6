package io.sluice.persistence.replicated;

import io.sluice.persistence.log.ReplicaLog;
import io.sluice.persistence.replication.LeaderSettings;
import io.sluice.persistence.replication.ReplicaId;
import io.sluice.persistence.replication.ReplicaSet;
import io.sluice.persistence.replication.Replicas;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;

/** The logs that this node leads or claims now. At most one term per log: a new one ends the one before. Safe for any thread. */
final class Terms {
    private static final int FIRST_VERSION = 0;

    private final ReplicaId self;
    /** What a log has that is not replicated any more, because nobody went through with it. */
    private final Replicas alone;
    private final LeaderSettings settings;
    private final ReplicaSets sets;
    private final Led.Shared shared;
    private final Map<String, Led> terms = new ConcurrentHashMap<>();
    /** The highest epoch heard of in a term that ended, until the next one begins; forgetting it would cost that one a round of claims. */
    private final Map<String, Integer> heardOf = new ConcurrentHashMap<>();

    Terms(ReplicaId self, LeaderSettings settings, Led.Shared shared) {
        this.self = self;
        this.alone = new Replicas.Versioned(new ReplicaSet(FIRST_VERSION, List.of(self)));
        this.settings = settings;
        this.sets = shared.sets();
        this.shared = shared;
    }

    /** The term of a log, or null. */
    Led of(String log) {
        return terms.get(log);
    }

    Collection<Led> all() {
        return terms.values();
    }

    /** Begins a term; completes with its epoch once this node leads. */
    CompletionStage<Integer> begin(ReplicaLog own) {
        String id = own.persistenceId();
        Replicas replicas = sets.of(id).orElse(alone);
        return own.atomically(copy -> copy.promisedEpoch()).thenCompose(promised -> {
            int highest = Math.max(promised, heardOf.getOrDefault(id, -1));
            Led led = new Led(own, self, replicas, highest, settings.withMinInSync(sets.minInSync(id)), shared,
                    this::ended);
            Led before = terms.put(id, led);
            if (before != null) {
                before.resign();
            }
            return led.start();
        });
    }

    /** The settings of a log may be new: what its leader goes by follows them. */
    void configured(String log) {
        Led led = terms.get(log);
        if (led != null) {
            led.minInSync(sets.minInSync(log));
        }
    }

    private void ended(Led led) {
        heardOf.merge(led.logId(), led.highestEpoch(), Math::max);
        terms.remove(led.logId(), led);
    }
}
