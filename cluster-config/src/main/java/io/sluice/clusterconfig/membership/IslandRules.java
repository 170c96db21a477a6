package io.sluice.clusterconfig.membership;

import java.util.Collections;
import java.util.Set;

/**
 * Ends the case that one cluster runs twice: nodes that could not hear each other formed it apart. Both sides decide alike, so exactly one gives way:
 * its nodes restart and join the other. No record is at stake, since only the side with a majority of a log's replicas could write to it.
 */
final class IslandRules {

    private IslandRules() {
    }

    /**
     * Whether this node's side gives way to the other: that with fewer members, of two alike the one without the lowest address.
     *
     * @param self this node's cluster address
     * @param mine the members that this node sees, itself among them
     * @param theirs the members that a node of the same cluster sees
     */
    static boolean givesWay(String self, Set<String> mine, Set<String> theirs) {
        if (theirs.isEmpty() || theirs.contains(self) || !Collections.disjoint(mine, theirs)) {
            return false; // one cluster, of which one side knows more than the other as yet
        }
        if (mine.size() != theirs.size()) {
            return mine.size() < theirs.size();
        }
        return Collections.min(mine).compareTo(Collections.min(theirs)) > 0;
    }
}
