package io.sluice.persistence.replication;

import java.util.Arrays;
import java.util.List;
import java.util.function.ToLongFunction;

/** Which replicas together decide that something holds for the log. */
interface Quorum {

    /**
     * The largest offset that enough replicas have reached.
     *
     * @param reached how far each replica is, -1 if it does not count
     */
    long reached(ToLongFunction<ReplicaId> reached);

    /** Any {@code needed} of some replicas. */
    record Of(List<ReplicaId> members, int needed) implements Quorum {

        static Of majority(ReplicaSet replicas) {
            return new Of(replicas.members(), replicas.majority());
        }

        /** A majority, and no fewer than {@code least} as long as there are so many. */
        static Of atLeast(int least, ReplicaSet replicas) {
            int size = replicas.members().size();
            return new Of(replicas.members(), Math.max(replicas.majority(), Math.min(least, size)));
        }

        @Override
        public long reached(ToLongFunction<ReplicaId> reached) {
            long[] offsets = new long[members.size()];
            for (int i = 0; i < offsets.length; i++) {
                offsets[i] = reached.applyAsLong(members.get(i));
            }
            Arrays.sort(offsets);
            return offsets[offsets.length - needed];
        }
    }

    /** Enough of one and enough of the other. */
    record Both(Quorum one, Quorum other) implements Quorum {
        @Override
        public long reached(ToLongFunction<ReplicaId> reached) {
            return Math.min(one.reached(reached), other.reached(reached));
        }
    }
}
