package io.sluice.persistence.replication;

/**
 * Makes the leader's own copy equal to the most advanced one: cuts what differs, copies what is missing, one piece after the other, and looks at the
 * result. The own replica is asked by the same messages as any other. If the most advanced one is the own, there is nothing to cut or copy.
 */
final class Recovery {
    private static final int PATIENCE = 3;

    private enum State {
        CUTTING, READING, STORING, LOOKING
    }

    private final Claimant claimant;
    private final ReplicaId self;
    private final int configVersion;
    private final ReplicaReply.Promise best;
    private final LeaderSettings settings;
    private final LeaderOutput output;
    private State state;
    private ReplicaRequest request;
    private long sentAt;
    private int repeated;

    Recovery(Claimant claimant, ReplicaId self, int configVersion, ReplicaReply.Promise best, LeaderSettings settings,
            LeaderOutput output) {
        this.claimant = claimant;
        this.self = self;
        this.configVersion = configVersion;
        this.best = best;
        this.settings = settings;
        this.output = output;
    }

    void cut(long now) {
        ask(State.CUTTING, new ReplicaRequest.Sync(claimant.to(self), best.epochs(),
                best.configuration().before(best.begin().offset()), best.begin(), best.logEnd()), now);
    }

    /** Returns what the own replica says of itself when it is recovered, null before. */
    ReplicaReply.Promise on(ReplicaReply reply, long now) {
        ReplicaId source = reply.header().source();
        if (reply instanceof ReplicaReply.Entries entries) {
            if (state == State.READING && source.equals(best.header().source())) {
                store(entries, now);
            }
        } else if (source.equals(self)) {
            return onOwn(reply, now);
        }
        return null;
    }

    private ReplicaReply.Promise onOwn(ReplicaReply reply, long now) {
        if (reply instanceof ReplicaReply.Promise own) {
            // a promise from before the sync may be late
            return state == State.LOOKING && own.synced() == claimant.epoch() ? own : null;
        }
        if (state != State.CUTTING && state != State.STORING) {
            return null;
        }
        switch (reply) {
            case ReplicaReply.Stored stored -> ask(State.READING, new ReplicaRequest.Read(
                    claimant.to(best.header().source()), stored.logEnd(), settings.maxBytes()), now);
            case ReplicaReply.Ack ack ->
                ask(State.LOOKING, new ReplicaRequest.Claim(claimant.to(self), configVersion), now);
            case ReplicaReply.Nack nack -> cut(now);
            default -> {
            }
        }
        return null;
    }

    private void store(ReplicaReply.Entries entries, long now) {
        if (entries.from() == ((ReplicaRequest.Read) request).from() && entries.batches().hasRemaining()) {
            long from = entries.from();
            ask(State.STORING, new ReplicaRequest.Append(claimant.to(self), from, best.epochs().epochAt(from - 1),
                    best.logEnd(), 0, best.logStart(), entries.kind(), entries.batches()),
                    now);
        }
    }

    /** Returns false if the one to copy from, or the own replica, does not answer any more. */
    boolean tick(long now) {
        if (now - sentAt >= settings.requestTimeout()) {
            if (++repeated >= PATIENCE) {
                return false;
            }
            sentAt = now;
            output.send(request);
        }
        return true;
    }

    /** Who has not answered yet: the one to copy from, or the own replica. */
    ReplicaId waitsFor() {
        return request.header().target();
    }

    private void ask(State next, ReplicaRequest what, long now) {
        state = next;
        request = what;
        sentAt = now;
        repeated = 0;
        output.send(what);
    }
}
