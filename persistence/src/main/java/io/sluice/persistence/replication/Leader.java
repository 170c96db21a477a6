package io.sluice.persistence.replication;

import io.sluice.persistence.log.ConfigurationEntry;
import io.sluice.persistence.log.LogBegin;
import io.sluice.persistence.replication.LeaderOutput.StopReason;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.Set;
import java.util.UUID;

/**
 * Leads one log, in one epoch, for one incarnation of its writer: claims the epoch at a majority, makes the own copy equal to the most advanced one,
 * syncs a majority to it, and is active from then on until somebody claims a higher epoch. Two leaders of one log at once do no harm.
 *
 * <p>Does no I/O, has no thread and no clock: the shell calls the inputs, one at a time, with a monotonous time in milliseconds, and does what
 * {@link LeaderOutput} says. An object leads once; a new attempt needs a new object.
 */
public final class Leader {
    private enum Phase {
        CLAIMING, RECOVERING, SYNCING, ACTIVE, STOPPED
    }

    private final ReplicaId self;
    private final LeaderSettings settings;
    private final LeaderOutput output;
    private final Claimant claimant;
    private final Map<ReplicaId, Follower> followers = new LinkedHashMap<>();
    private final ClaimRound claims;
    private final Membership membership;
    /**
     * Who was followed and is no more, or leads without being one of the replicas, and the configuration that it has promised under. Not private, for a
     * mutation of the simulation.
     */
    final Map<ReplicaId, Integer> left = new HashMap<>();

    private Phase phase = Phase.CLAIMING;
    private long startedAt;
    private Recovery recovery;
    private LeaderLog log;

    /**
     * A leader that will claim the epoch after {@code highestEpoch}.
     *
     * @param log the log's persistence id
     * @param self the replica on this node, on whose copy the leader works; it need not be one of {@code replicas}
     * @param replicas how to know which replicas count
     * @param highestEpoch highest epoch this node ever heard of, in promises and in rejects, -1 if none
     * @param incarnation random, never used before
     */
    public Leader(String log, ReplicaId self, Replicas replicas, int highestEpoch, UUID incarnation,
            LeaderSettings settings, LeaderOutput output) {
        this.self = self;
        this.settings = settings;
        this.output = output;
        this.claimant = new Claimant(log, highestEpoch + 1, incarnation);
        this.claims = new ClaimRound(self);
        this.membership = switch (replicas) {
            case Replicas.Versioned versioned ->
                new VersionedMembership(versioned.configuration(), claimant, settings, output);
            case Replicas.SelfHosted selfHosted -> new SelfHostedMembership(selfHosted, self, settings);
        };
    }

    /** Starts to claim. */
    public void start(long now) {
        startedAt = now;
        addFollower(self, now);
        followMembers(now);
    }

    /** The epoch this leader claims or has claimed. */
    public int epoch() {
        return claimant.epoch();
    }

    /** Whether entries may be appended and are committed. */
    public boolean isActive() {
        return phase == Phase.ACTIVE;
    }

    /** Everything before is committed; 0 until active. */
    public long highWatermark() {
        return log == null ? 0 : log.highWatermark();
    }

    /** The configuration this leader counts by; empty until the log that names it is found. */
    public ReplicaSet replicas() {
        return membership.replicas();
    }

    /** Those of {@link #replicas} that held the whole log not longer ago than the lag allows, in their order. */
    public List<ReplicaId> inSync(long now) {
        List<ReplicaId> inSync = new ArrayList<>(replicas().members().size());
        for (ReplicaId member : replicas().members()) {
            if (isActive() && (member.equals(self) || followers.get(member).isInSync(now))) {
                inSync.add(member);
            }
        }
        return inSync;
    }

    /** Before this offset nothing is left on any replica that is in sync (KIP-107); 0 until active. */
    public long lowWatermark(long now) {
        long low = isActive() ? log.start() : 0;
        for (ReplicaId member : inSync(now)) {
            low = member.equals(self) ? low : Math.min(low, followers.get(member).logStart());
        }
        return low;
    }

    /** How many offsets of the log's end a replica lacks, one that counts or one that is brought up to; empty if it is none or the leader is not active. */
    public OptionalLong remaining(ReplicaId id) {
        Follower follower = isActive() ? followers.get(id) : null;
        return follower == null ? OptionalLong.empty() : OptionalLong.of(id.equals(self) ? 0 : follower.remaining());
    }

    /** Why the leader is not active yet, or was not when it stopped as {@link StopReason#UNAVAILABLE}. */
    public Shortage shortage() {
        List<ReplicaId> counted = replicas().members();
        if (log != null) {
            return new Shortage(counted.size(), counted.stream().filter(id -> acked(id) < log.recoveredEnd()).toList(),
                    0);
        }
        if (recovery != null) {
            return new Shortage(counted.size(), List.of(recovery.waitsFor()), 0);
        }
        return claims.shortage(counted.isEmpty() ? membership.followed() : counted);
    }

    /** A replica answered, perhaps late, twice, or to a leader before this one. */
    public void onReply(ReplicaReply reply, long now) {
        Follower follower = phase != Phase.STOPPED && claimant.isAnsweredBy(reply.header())
                ? followers.get(reply.header().source())
                : null;
        if (follower == null) {
            return;
        }
        switch (reply) {
            case ReplicaReply.Reject reject -> onReject(follower, reject, now);
            case ReplicaReply.Promise promise -> onPromise(follower, promise, now);
            case ReplicaReply.Sealed sealed -> {
                if (membership instanceof VersionedMembership versioned) {
                    versioned.onSealed(sealed);
                }
            }
            default -> onProgress(follower, reply, now);
        }
        advance(now);
    }

    private void onReject(Follower follower, ReplicaReply.Reject reject, long now) {
        if (reject.sealed()) {
            // a replica that has promised already answers a claim that came late
            if (replicas().members().contains(reject.header().source()) && reject.minConfig() > replicas().version()
                    && follower.acked() < 0) {
                stop(StopReason.SEALED, reject.promisedEpoch());
            }
        } else if (reject.promisedEpoch() >= claimant.epoch()) {
            stop(StopReason.FENCED, reject.promisedEpoch());
        } else {
            follower.unpromised(now);
        }
    }

    private void onPromise(Follower follower, ReplicaReply.Promise promise, long now) {
        follower.promised();
        switch (phase) {
            case CLAIMING -> {
                claims.add(promise);
                if (membership.promised(promise)) {
                    followMembers(now);
                }
                // the own promise is always needed, because the leader works on that copy
                ReplicaReply.Promise best = claims.of(self) == null ? null : membership.best(claims);
                if (best != null) {
                    phase = Phase.RECOVERING;
                    recovery = new Recovery(claimant, self, replicas().version(), best, settings, output);
                    recovery.cut(now);
                }
            }
            case RECOVERING -> recover(promise, now);
            case SYNCING, ACTIVE -> {
                if (!promise.header().source().equals(self)) {
                    follower.follow(log, now);
                }
            }
            case STOPPED -> {
            }
        }
    }

    private void onProgress(Follower follower, ReplicaReply reply, long now) {
        if (phase == Phase.RECOVERING) {
            recover(reply, now);
        } else if (log != null && !reply.header().source().equals(self)) {
            switch (reply) {
                case ReplicaReply.Ack ack -> follower.onAck(ack.logEnd(), ack.logStart(), now);
                case ReplicaReply.Stored stored -> follower.onStored(stored.logEnd(), now);
                case ReplicaReply.Nack nack -> follower.onNack(nack, now);
                case ReplicaReply.Suspect suspect -> follower.onSuspect(suspect, now);
                default -> {
                }
            }
        }
    }

    private void recover(ReplicaReply reply, long now) {
        ReplicaReply.Promise own = recovery.on(reply, now);
        if (own != null) {
            recovery = null;
            phase = Phase.SYNCING;
            log = new LeaderLog(claimant, own, claims.highestLogStart());
            followers.get(self).ownStored(own.logEnd());
            membership.recovered(own);
            followMembers(now);
            followers.forEach((id, follower) -> {
                if (!id.equals(self)) {
                    follower.follow(log, now);
                }
            });
        }
    }

    /** The own copy is stored, as the flush mode demands, up to {@code logEnd}: it was appended while the own promise was in force. */
    public void ownStored(long logEnd, long now) {
        if (phase == Phase.ACTIVE) {
            log.extendTo(logEnd);
            followers.get(self).ownStored(logEnd);
            followers.values().forEach(follower -> follower.pump(now));
            advance(now);
        }
    }

    /**
     * Where the own log starts now, and where its oldest batch begins: the followers start there, too, and who lacks what is before goes on there. Tell it
     * now and then.
     */
    public void logStart(long logStart, LogBegin begin, long now) {
        if (log != null && phase != Phase.STOPPED
                && (logStart > log.start() || begin.offset() > log.begin().offset())) {
            log.startAt(logStart, begin);
            followers.values().forEach(follower -> follower.logStartMoved(now));
        }
    }

    /**
     * Entries that {@link LeaderOutput#sendEntries} asked for were sent. May be called from there.
     *
     * @param from as asked for
     * @param end offset after the last entry
     * @param bytes size of the entries
     */
    public void sent(ReplicaId target, long from, long end, int bytes, long now) {
        Follower follower = phase == Phase.STOPPED ? null : followers.get(target);
        if (follower != null) {
            follower.sent(from, end, bytes, now);
        }
    }

    /**
     * The own replica turned out to have promised another epoch. An append tells; the shell should look now and then also while there is nothing to
     * append, because the own replica gets no heartbeats.
     */
    public void fenced(int promisedEpoch) {
        stop(StopReason.FENCED, promisedEpoch);
    }

    /** Time passes: call it a few times per heartbeat. */
    public void tick(long now) {
        if (phase != Phase.ACTIVE && phase != Phase.STOPPED) {
            boolean answered = recovery == null || recovery.tick(now);
            if (!answered || now - startedAt >= settings.claimTimeout()) {
                stop(StopReason.UNAVAILABLE, claimant.epoch());
            }
        }
        if (phase != Phase.STOPPED) {
            followers.values().forEach(follower -> follower.tick(now));
            membership.tick(this::acked, now);
        }
    }

    /**
     * Begins to make {@code members} the log's replicas. Any number may change at once. Ends with {@link LeaderOutput#configured}; until old replicas are
     * sealed, other members may be asked for instead, or those in force, which ends the change. To ask for the same again changes nothing.
     *
     * <p>A replica that left may drop its data, as soon as there is a configuration without it that it has promised nothing under. What it acknowledged
     * before would still count, so it comes back in a later term only, which claims it anew: this one ends.
     *
     * @param members each once, at least one
     * @return false if the leader is not active, or not any more, a change is under way that cannot be taken back, or the log itself says what its replicas
     *         are
     */
    public boolean reconfigure(List<ReplicaId> members, long now) {
        if (members.isEmpty() || Set.copyOf(members).size() != members.size()) {
            throw new IllegalArgumentException("no set of replicas: " + members);
        }
        if (phase != Phase.ACTIVE || !(membership instanceof VersionedMembership versioned)
                || !versioned.mayReconfigure(members)) {
            return false;
        }
        if (members.stream().anyMatch(id -> left.getOrDefault(id, Integer.MAX_VALUE) < replicas().version())) {
            stop(StopReason.REPLICA_RETURNS, claimant.epoch());
            return false;
        }
        versioned.reconfigure(members);
        followMembers(now);
        advance(now);
        return true;
    }

    /**
     * Whether a change of the replicas goes no further than bringing the new ones up: the shell has something else to bring there first. Does not stop one
     * that has gone further.
     */
    public void hold(boolean held, long now) {
        if (phase == Phase.ACTIVE && membership instanceof VersionedMembership versioned) {
            versioned.hold(held);
            advance(now);
        }
    }

    /**
     * How many replicas must hold an entry to commit it from now on, where that is more than the majority. What is committed stays so. A log that says
     * itself which replicas it has keeps what its term began with.
     */
    public void minInSync(int least, long now) {
        if (membership instanceof VersionedMembership versioned) {
            versioned.minInSync(least);
            advance(now);
        }
    }

    /** The configuration in force, as known after a {@link LeaderOutput#compareAndSet}. */
    public void configuration(ReplicaSet inForce, long now) {
        if (phase == Phase.STOPPED || !(membership instanceof VersionedMembership versioned)
                || inForce.version() <= replicas().version()) {
            return;
        }
        if (!versioned.inForce(inForce)) {
            stop(StopReason.CONFIGURATION_CHANGED, claimant.epoch());
            return;
        }
        followMembers(now);
        followers.values().forEach(follower -> follower.configVersion(inForce.version()));
        output.configured(inForce);
        advance(now);
    }

    // ---- a log that says itself which replicas it has

    /** Brings a replica to the log's end and keeps it there, though it does not count: it may be added next. */
    public void learn(ReplicaId learner, long now) {
        if (phase != Phase.STOPPED && membership instanceof SelfHostedMembership selfHosted) {
            selfHosted.learn(learner);
            followMembers(now);
        }
    }

    /** Whether a replica, one that counts or a learner, held the whole log not longer ago than the lag allows. */
    public boolean isCaughtUp(ReplicaId id, long now) {
        Follower follower = followers.get(id);
        return isActive() && (id.equals(self) || (follower != null && follower.isInSync(now)));
    }

    /** Whether the log says which replicas it has. If not, that must be its first entry, and name this node's replica alone. */
    public boolean isConfigured() {
        return membership instanceof SelfHostedMembership selfHosted && selfHosted.isConfigured();
    }

    /**
     * Whether a configuration entry with these replicas is safe to append: the leader is active, the last such entry is committed, and no more than one
     * replica comes or goes.
     */
    public boolean mayAppend(List<ReplicaId> members) {
        return isActive() && membership instanceof SelfHostedMembership selfHosted
                && selfHosted.mayAppend(members, log.highWatermark());
    }

    /** Whether such an entry is wise, too: the replica that comes is caught up, as it may be needed for everything that is committed from then on. */
    public boolean mayChangeTo(List<ReplicaId> members, long now) {
        return mayAppend(members)
                && members.stream().allMatch(id -> replicas().members().contains(id) || isCaughtUp(id, now));
    }

    /**
     * A configuration entry is about to be appended to the own log. From now on its replicas count, for everything. Called before the append, so that no
     * acknowledgement of the entry comes earlier.
     *
     * @param entry one that {@link #mayAppend} allowed
     */
    public void configurationAppended(ConfigurationEntry entry, long now) {
        if (phase == Phase.ACTIVE && membership instanceof SelfHostedMembership selfHosted) {
            selfHosted.appended(entry);
            log.configurationAppended(entry);
            followMembers(now);
        }
    }

    /** Stops without a word: the shell does not want this leader any more. */
    public void stop() {
        phase = Phase.STOPPED;
    }

    private void advance(long now) {
        if (phase == Phase.SYNCING && Quorum.Of.majority(replicas()).reached(this::acked) >= log.recoveredEnd()) {
            phase = Phase.ACTIVE;
            output.active(log.recoveredEnd(), log.start());
            raiseHighWatermark(log.recoveredEnd());
        }
        if (phase == Phase.ACTIVE) {
            raiseHighWatermark(membership.commitQuorum().reached(this::acked));
            if (membership.advance(this::acked, log.highWatermark(), now)) {
                output.configured(replicas());
                followMembers(now);
                stopIfLeft();
            }
        }
    }

    private void raiseHighWatermark(long offset) {
        if (log.raiseHighWatermark(offset)) {
            output.highWatermark(offset);
        }
    }

    private long acked(ReplicaId id) {
        return followers.get(id).acked();
    }

    private void stopIfLeft() {
        if (membership instanceof SelfHostedMembership selfHosted && selfHosted.selfLeft()) {
            stop(StopReason.REMOVED, claimant.epoch());
        }
    }

    private void followMembers(long now) {
        Set<ReplicaId> followed = membership.followed();
        followers.values().removeIf(follower -> {
            boolean leaves = !followed.contains(follower.id());
            if (leaves) {
                left.putIfAbsent(follower.id(), follower.configVersion());
            }
            return leaves && !follower.id().equals(self);
        });
        left.keySet().removeAll(followed);
        followed.forEach(id -> addFollower(id, now));
    }

    private void addFollower(ReplicaId id, long now) {
        if (!followers.containsKey(id)) {
            Follower follower = new Follower(id, claimant, settings, output);
            followers.put(id, follower);
            if (log != null) {
                follower.follow(log, now);
            }
            follower.claim(replicas().version(), now);
        }
    }

    private void stop(StopReason reason, int epoch) {
        if (phase != Phase.STOPPED) {
            phase = Phase.STOPPED;
            output.stopped(reason, Math.max(epoch, claimant.epoch()));
        }
    }
}
