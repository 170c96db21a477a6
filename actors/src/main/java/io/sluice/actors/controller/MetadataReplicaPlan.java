package io.sluice.actors.controller;

import java.util.List;
import java.util.Set;
import java.util.function.Predicate;
import java.util.stream.Stream;

/**
 * Which replicas the controller's log should have next. One disk comes or goes at a time, which is what makes the change safe (docs/replication). Even
 * numbers are passed through only: they need as many for a majority as the next odd one.
 */
final class MetadataReplicaPlan {
    private static final int FEW = 3;
    private static final int MANY = 5;

    private MetadataReplicaPlan() {
    }

    /**
     * The next step.
     *
     * @param now the replicas now
     * @param alive the disks of nodes that are alive, preferred ones first
     * @param isLost whether a disk that is not alive was away for too long
     * @param isDrained whether a disk shall hold nothing any more
     * @return the replicas after the step; the same as {@code now} if there is nothing to do
     */
    static List<String> next(List<String> now, List<String> alive, Predicate<String> isLost,
            Predicate<String> isDrained) {
        Set<String> living = Set.copyOf(alive);
        List<String> spare = alive.stream().filter(disk -> !now.contains(disk)).toList();
        if (!spare.isEmpty() && now.size() < goal(alive.size())) {
            return Stream.concat(now.stream(), spare.stream().limit(1)).toList();
        }
        for (String disk : now) {
            List<String> without = now.stream().filter(other -> !other.equals(disk)).toList();
            long left = without.stream().filter(living::contains).count();
            // one that is lost may return, so it stays until another can take its place, which then comes next
            boolean goes = isDrained.test(disk)
                    || (!living.contains(disk) && isLost.test(disk) && !spare.isEmpty());
            if (goes && left > without.size() / 2) {
                return without;
            }
        }
        return now;
    }

    private static int goal(int alive) {
        return alive >= MANY ? MANY : alive >= FEW ? FEW : 1;
    }
}
