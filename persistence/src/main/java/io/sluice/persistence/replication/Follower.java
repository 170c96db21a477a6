package io.sluice.persistence.replication;

import java.util.ArrayDeque;
import java.util.UUID;

/**
 * Brings one replica to the end of the leader's log and keeps it there: claim, sync, then entries, several requests under way at once within a window
 * of bytes. What stays unanswered is followed by empty probes until the replica is heard of again, so a dead replica costs next to nothing.
 */
final class Follower {
    private enum State {
        CLAIMING, PROMISED, SYNCING, STREAMING
    }

    private record InFlight(long end, int bytes) {}

    private final ReplicaId id;
    private final Claimant claimant;
    private final LeaderSettings settings;
    private final LeaderOutput output;

    private State state = State.CLAIMING;
    private LeaderLog log;
    private int configVersion;
    /** Everything before is stored there, -1 while unknown. */
    private long position = -1;
    /** As {@link #position}, but only what was acknowledged, which is what counts. */
    private long acked = -1;
    /** Where its log starts, as it acknowledged it last. */
    private long logStart;
    /** Where the next request begins. */
    private long next;
    /** Where the entries begin that the shell is reading, -1 if it is not. */
    private long reading = -1;
    private final ArrayDeque<InFlight> inFlight = new ArrayDeque<>();
    private long inFlightBytes;
    private long rewoundTo = -1;
    private boolean probing;
    private boolean pumping;
    /** The power loss that made it suspect, null if it reported none. */
    private UUID loss;
    /** Where the log ended when that was heard of: everything before is what it may have lost. */
    private long restoreTo;
    private long sentAt;
    private long progressAt;

    private long endAtLastAck = Long.MAX_VALUE;
    private long lastAckAt;
    private long caughtUpAt;

    Follower(ReplicaId id, Claimant claimant, LeaderSettings settings, LeaderOutput output) {
        this.id = id;
        this.claimant = claimant;
        this.settings = settings;
        this.output = output;
    }

    ReplicaId id() {
        return id;
    }

    /** The configuration in force as it knew that last. */
    int configVersion() {
        return configVersion;
    }

    /** The log's end at this replica as it acknowledged it in the leader's epoch, -1 if it is not synced. */
    long acked() {
        return acked;
    }

    /** Where its log starts at least; 0 while unknown. */
    long logStart() {
        return logStart;
    }

    /** Asks for the promise, now and until it comes. */
    void claim(int version, long now) {
        state = State.CLAIMING;
        configVersion = version;
        sentAt = now;
        output.send(new ReplicaRequest.Claim(claimant.to(id), version));
    }

    void promised() {
        if (state == State.CLAIMING) {
            state = State.PROMISED;
        }
    }

    /** The leader is recovered: once this replica has promised, make it follow. */
    void follow(LeaderLog leaderLog, long now) {
        log = leaderLog;
        if (state == State.PROMISED) {
            sync(now);
        }
    }

    /** The leader's own copy, which gets no requests, is stored up to {@code end}. */
    void ownStored(long end) {
        acked = Math.max(acked, end);
    }

    /** The replica has not promised this epoch, though it seemed so: ask again. */
    void unpromised(long now) {
        if (state != State.CLAIMING) {
            forgetInFlight();
            claim(configVersion, now);
        }
    }

    /** Claims that are still to come go by another version. */
    void configVersion(int version) {
        configVersion = version;
    }

    void onAck(long end, long start, long now) {
        logStart = Math.max(logStart, start);
        acked = Math.max(acked, end);
        if (end >= log.end()) {
            caughtUpAt = now;
        } else if (end >= endAtLastAck) {
            caughtUpAt = Math.max(caughtUpAt, lastAckAt);
        }
        endAtLastAck = log.end();
        lastAckAt = now;
        onStored(end, now);
    }

    void onStored(long end, long now) {
        if (state == State.SYNCING) {
            state = State.STREAMING;
            position = end;
            next = end;
            progressAt = now;
        } else if (state != State.STREAMING) {
            return;
        }
        probing = false;
        if (end > position) {
            position = end;
            progressAt = now;
            rewoundTo = -1;
        }
        while (!inFlight.isEmpty() && inFlight.peek().end() <= position) {
            inFlightBytes -= inFlight.poll().bytes();
        }
        if (next < position) {
            next = position;
            reading = -1;
        }
        pump(now);
    }

    void onNack(ReplicaReply.Nack nack, long now) {
        if (state != State.STREAMING) {
            return;
        }
        boolean wasProbing = probing;
        probing = false;
        if (nack.needsSync()) {
            if (acked < 0) {
                sync(now);
            }
        } else if (wasProbing && nack.logEnd() < position) {
            // Its disk has lost what it acknowledged. A late answer looks the same, and costs no more than entries sent twice.
            acked = Math.min(acked, nack.logEnd());
            position = nack.logEnd();
            rewoundTo = -1;
            rewind();
        } else if (nack.logEnd() >= position && nack.logEnd() < next && nack.logEnd() != rewoundTo) {
            // All that was sent behind the gap is answered like this; only the first answer means something.
            rewoundTo = nack.logEnd();
            position = nack.logEnd();
            rewind();
        }
        pump(now);
    }

    /** It may lack what it acknowledged. Feeds it like any other, and once it is as far as the log was when it said so first, tells it that. */
    void onSuspect(ReplicaReply.Suspect suspect, long now) {
        if (state != State.SYNCING && state != State.STREAMING) {
            return;
        }
        acked = -1;
        boolean gap = suspect.logEnd() <= position && suspect.logEnd() < next && suspect.logEnd() != rewoundTo;
        if (!suspect.loss().equals(loss)) {
            loss = suspect.loss();
            restoreTo = log.end();
            rewoundTo = -1;
            position = suspect.logEnd();
            rewind();
        } else if (gap) {
            rewoundTo = suspect.logEnd();
            position = suspect.logEnd();
            rewind();
        }
        if (suspect.logEnd() >= restoreTo) {
            output.send(new ReplicaRequest.Restore(claimant.to(id), loss, restoreTo));
        }
        onStored(suspect.logEnd(), now);
    }

    /** The shell sent the entries from {@code from} to {@code end}. */
    void sent(long from, long end, int bytes, long now) {
        if (state != State.STREAMING || reading != from) {
            return;
        }
        reading = -1;
        if (inFlight.isEmpty()) {
            progressAt = now;
        }
        inFlight.add(new InFlight(end, bytes));
        inFlightBytes += bytes;
        next = end;
        pump(now);
    }

    /** The leader's log starts later: the replica hears of it with the next entries, or at once if there are none. */
    void logStartMoved(long now) {
        pump(now);
        if (state == State.STREAMING && !probing && reading < 0 && inFlight.isEmpty()) {
            probe(now);
        }
    }

    /** Sends what there is to send, as far as the window allows. */
    void pump(long now) {
        if (state != State.STREAMING || pumping || probing) {
            return;
        }
        if (next < log.begin().offset()) {
            sync(now);
            return;
        }
        pumping = true;
        while (reading < 0 && next < log.end() && inFlightBytes < settings.window()) {
            reading = next;
            sentAt = now;
            if (inFlight.isEmpty()) {
                progressAt = now;
            }
            output.sendEntries(log.append(id, next),
                    (int) Math.min(settings.maxBytes(), settings.window() - inFlightBytes));
        }
        pumping = false;
    }

    void tick(long now) {
        boolean overdue = now - sentAt >= settings.requestTimeout();
        switch (state) {
            case CLAIMING -> {
                if (overdue) {
                    claim(configVersion, now);
                }
            }
            case PROMISED -> {
            }
            case SYNCING -> {
                if (overdue) {
                    sync(now);
                }
            }
            case STREAMING -> tickStreaming(now);
        }
    }

    private void tickStreaming(long now) {
        boolean waiting = reading >= 0 || !inFlight.isEmpty();
        if (waiting && now - progressAt >= settings.requestTimeout()) {
            rewoundTo = -1;
            probing = true;
            rewind();
            probe(now);
        } else if (!waiting && now - sentAt >= (probing ? settings.requestTimeout() : settings.heartbeat())) {
            probe(now);
        }
    }

    /** Whether it held the whole log not longer ago than the lag allows. */
    boolean isInSync(long now) {
        return acked >= 0 && now - caughtUpAt <= settings.inSyncLag();
    }

    /** How many offsets of the leader's log it lacks. */
    long remaining() {
        return log.end() - Math.max(position, log.start());
    }

    /** An append without entries: carries the high watermark, and its answer says where the replica is. */
    private void probe(long now) {
        sentAt = now;
        output.send(log.append(id, next));
    }

    private void sync(long now) {
        state = State.SYNCING;
        sentAt = now;
        forgetInFlight();
        output.send(log.sync(id));
    }

    private void rewind() {
        forgetInFlight();
        next = position;
    }

    private void forgetInFlight() {
        inFlight.clear();
        inFlightBytes = 0;
        reading = -1;
    }
}
