package io.sluice.actors.group;

import java.util.function.UnaryOperator;

/**
 * How far a member of a consumer group has come on its way to its target (KIP-848). Incremental: it first gives up what it shall not have, and gets
 * what is new to it once nobody else holds that.
 *
 * @param epoch epoch of the target towards which the member goes; it is told so, and fenced if it names another
 * @param previousEpoch the epoch before, which a member may still name whose answer was lost
 * @param assigned what it may use now
 * @param revoking what it has been told to give up and has not yet; nobody else may get these
 */
record MemberAssignment(int epoch, int previousEpoch, Partitions assigned, Partitions revoking) {
    static final MemberAssignment NONE = new MemberAssignment(0, 0, Partitions.NONE, Partitions.NONE);

    /** Whether the member has reached a target. */
    boolean isReconciledTo(Partitions target, int targetEpoch) {
        return epoch == targetEpoch && revoking.isEmpty() && assigned.equals(target);
    }

    /**
     * The next step towards a target.
     *
     * @param owned what the member says that it owns, or null if it says nothing new
     * @param free picks those of some partitions that no other member holds
     */
    MemberAssignment reconcile(Partitions target, int targetEpoch, Partitions owned, UnaryOperator<Partitions> free) {
        if (isReconciledTo(target, targetEpoch)) {
            return this;
        }
        if (!revoking.isEmpty() && (owned == null || owned.containsAnyOf(revoking))) {
            return this;
        }
        // nothing is left to revoke from before; what it still has beyond the target is next
        Partitions kept = assigned.and(target);
        Partitions surplus = assigned.minus(target);
        if (!surplus.isEmpty() && (owned == null || owned.containsAnyOf(surplus))) {
            return new MemberAssignment(epoch, previousEpoch, kept, surplus);
        }
        return new MemberAssignment(targetEpoch, epoch == targetEpoch ? previousEpoch : epoch,
                kept.plus(free.apply(target.minus(kept))), Partitions.NONE);
    }

    /** What a static member begins with that takes the place of the one that has this. */
    MemberAssignment takenOver() {
        return new MemberAssignment(Epochs.JOIN, Epochs.JOIN, assigned, Partitions.NONE);
    }

    /** All that nobody else may have. */
    Partitions held() {
        return assigned.plus(revoking);
    }
}
