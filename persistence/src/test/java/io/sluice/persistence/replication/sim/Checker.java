package io.sluice.persistence.replication.sim;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.UUID;
import org.slf4j.helpers.MessageFormatter;

/** What must hold after every step, whatever the network and the disks do. */
final class Checker {

    /** An invariant is broken. */
    static final class Violation extends AssertionError {
        private static final long serialVersionUID = 1;

        Violation(String what, Object[] with) {
            super(MessageFormatter.basicArrayFormat(what, with));
        }
    }

    private record Place(int epoch, long offset) {}

    private record Written(Entry entry, Entry previous) {}

    private final Map<Place, Written> written = new HashMap<>();
    private final TreeMap<Long, Entry> committed = new TreeMap<>();
    private long committedEnd;
    /** Where the committed part ended when a leader of that epoch committed last. */
    private final TreeMap<Integer, Long> committedIn = new TreeMap<>();
    private final Map<Integer, UUID> active = new HashMap<>();
    private final Map<UUID, Long> highWatermarks = new HashMap<>();

    void require(boolean holds, String what, Object... with) {
        if (!holds) {
            throw new Violation(what, with);
        }
    }

    long committedEnd() {
        return committedEnd;
    }

    /** Log matching: the same epoch at the same offset means the same entry, and the same entry before it. */
    void appended(String store, Entry entry, Entry previous) {
        Written first = written.putIfAbsent(new Place(entry.epoch(), entry.base()), new Written(entry, previous));
        if (first != null) {
            require(first.entry.equals(entry), "log matching: {} has {}, another log {}", store, entry, first.entry);
            require(previous == null || first.previous == null || first.previous.equals(previous),
                    "log matching: before {}, {} has {}, another log {}", entry, store, previous, first.previous);
        }
    }

    void truncated(String store, int synced, long end, long highWatermark) {
        require(end >= highWatermark, "{}, synced in {}, is cut at {}, below its high watermark {}", store, synced, end,
                highWatermark);
    }

    void activated(int epoch, UUID claimant, List<Entry> log, long start, long end) {
        UUID other = active.putIfAbsent(epoch, claimant);
        require(other == null || other.equals(claimant), "two active leaders in epoch {}", epoch);
        long before = committedIn.headMap(epoch, false).values().stream().mapToLong(Long::longValue).max().orElse(0);
        require(end >= before, "leader of epoch {} recovered up to {}, but {} was committed", epoch, end, before);
        matchesCommitted("leader of epoch " + epoch, log, start, before);
    }

    /** A leader says that its log is committed up to {@code end}; {@code higher} are the logs of active leaders of higher epochs. */
    void committed(int epoch, UUID claimant, List<Entry> log, long start, long end,
            Map<Integer, List<Entry>> higher) {
        long logEnd = log.isEmpty() ? start : log.getLast().end();
        require(end <= logEnd, "high watermark {} of epoch {} beyond the log's end {}", end, epoch, logEnd);
        Long before = highWatermarks.put(claimant, end);
        require(before == null || before <= end, "high watermark of epoch {} goes back from {} to {}", epoch, before,
                end);
        matchesCommitted("leader of epoch " + epoch, log, start, Math.min(end, committedEnd()));
        for (Entry e : log) {
            if (e.end() <= end) {
                committed.putIfAbsent(e.base(), e);
            }
        }
        committedEnd = Math.max(committedEnd, end);
        committedIn.merge(epoch, end, Math::max);
        higher.forEach((otherEpoch, otherLog) -> {
            long otherEnd = otherLog.isEmpty() ? -1 : otherLog.getLast().end();
            require(otherLog.isEmpty() || otherEnd >= end,
                    "epoch {} commits up to {}, the active log of epoch {} ends at {}",
                    epoch, end, otherEpoch, otherEnd);
            matchesCommitted("active log of epoch " + otherEpoch, otherLog, Long.MAX_VALUE, end);
        });
    }

    /** What was committed so far may be lost. Logs must match all the same. */
    void everythingMayBeLost() {
        committed.clear();
        committedEnd = 0;
        committedIn.clear();
    }

    void followerHighWatermark(String store, List<Entry> log, long end) {
        require(end <= committedEnd(), "{}: high watermark {}, committed is {}", store, end, committedEnd());
        matchesCommitted(store, log, Long.MAX_VALUE, end);
    }

    /** Every entry of the log below {@code end} is the committed one, and from {@code start} on all of them are there. */
    private void matchesCommitted(String who, List<Entry> log, long start, long end) {
        long at = start;
        for (Entry e : log) {
            if (e.base() >= end) {
                return;
            }
            Entry known = committed.get(e.base());
            require(known == null || known.equals(e), "{} has {} where {} is committed", who, e, known);
            if (known != null && e.base() > at) {
                require(committed.subMap(at, e.base()).isEmpty(), "{} lacks {}", who, committed.subMap(at, e.base()));
            }
            at = Math.max(at, e.end());
        }
        if (start != Long.MAX_VALUE && at < end) {
            require(committed.subMap(at, end).isEmpty(), "{} lacks {}", who, committed.subMap(at, end));
        }
    }
}
