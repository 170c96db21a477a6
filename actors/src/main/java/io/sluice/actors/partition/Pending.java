package io.sluice.actors.partition;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Queue;
import org.apache.kafka.common.protocol.Errors;

/**
 * The appends of one partition that are being stored, in order, and duplicates of them that wait for the same. Owned by the partition's actor. Holds
 * nothing while nothing is under way, as most partitions rest.
 */
final class Pending {

    private record Waiting(Append append, PartitionState.Duplicate duplicate) {}

    private Queue<Append> storing;
    private List<Waiting> duplicates;

    void add(Append append) {
        if (storing == null) {
            storing = new ArrayDeque<>();
        }
        storing.add(append);
    }

    /** A duplicate of a batch that is being stored: it may be answered only when that one is. */
    void addDuplicate(Append append, PartitionState.Duplicate duplicate) {
        if (duplicates == null) {
            duplicates = new ArrayList<>(2);
        }
        duplicates.add(new Waiting(append, duplicate));
    }

    /** The append that is stored next. */
    Append poll() {
        return storing.poll();
    }

    boolean isEmpty() {
        return storing == null || storing.isEmpty();
    }

    /** Gives away the queue's memory if it is empty. */
    void trim() {
        if (isEmpty()) {
            storing = null;
        }
    }

    /** Answers the duplicates of what is stored now. */
    void answerDuplicates(PartitionState state, Answers answers) {
        if (duplicates == null) {
            return;
        }
        for (Iterator<Waiting> each = duplicates.iterator(); each.hasNext();) {
            Waiting waiting = each.next();
            if (state.isStored(waiting.duplicate().lastOffset())) {
                each.remove();
                answers.duplicate(waiting.append(), waiting.duplicate());
            }
        }
        if (duplicates.isEmpty()) {
            duplicates = null;
        }
    }

    /** Fails the duplicates, whose bytes nobody reads, and then hands out what was being stored. */
    List<Append> failDuplicatesAndDrain(Errors error, String message) {
        if (duplicates != null) {
            duplicates.forEach(waiting -> waiting.append().fail(error, message));
            duplicates = null;
        }
        List<Append> drained = storing == null ? List.of() : List.copyOf(storing);
        storing = null;
        return drained;
    }
}
