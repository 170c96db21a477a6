package io.sluice.actors.controller;

import java.util.List;
import java.util.Set;
import java.util.function.Predicate;
import java.util.stream.Stream;

/**
 * Which replicas the controller's log should have next. One disk comes or goes at a time, which is what makes the change safe (docs/replication). Even
 * numbers are passed through only: they need as many for a majority as the next odd one.
 *
 * <p>A drained replica that is alive goes after another has come, so that one node may fail at any time. A lost one goes first: with it among them, one more
 * would need all the others.
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
     * @param alive the disks of nodes that are alive, preferred ones first, drained ones among them
     * @param isLost whether a disk that is not alive was away for too long
     * @param isDrained whether a disk shall hold nothing any more
     * @return the replicas after the step; the same as {@code now} if there is nothing to do
     */
    static List<String> next(List<String> now, List<String> alive, Predicate<String> isLost,
            Predicate<String> isDrained) {
        List<String> staying = alive.stream().filter(isDrained.negate()).toList();
        Set<String> living = Set.copyOf(staying);
        List<String> spare = staying.stream().filter(disk -> !now.contains(disk)).toList();
        boolean replaces = now.size() % 2 == 1 && alive.stream().filter(isDrained).anyMatch(now::contains);
        if (!spare.isEmpty() && now.size() < goal(staying.size()) + (replaces ? 1 : 0)) {
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
