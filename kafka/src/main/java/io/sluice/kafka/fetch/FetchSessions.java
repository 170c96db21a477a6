package io.sluice.kafka.fetch;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ThreadLocalRandom;
import java.util.function.LongSupplier;
import org.apache.kafka.common.message.FetchRequestData;
import org.apache.kafka.common.message.FetchRequestData.FetchPartition;
import org.apache.kafka.common.message.FetchRequestData.FetchTopic;
import org.apache.kafka.common.protocol.Errors;

/** The fetch sessions of this node, bounded in number and in partitions (KIP-227). Safe for any thread. */
final class FetchSessions {
    private static final int NO_SESSION = 0;
    private static final int INITIAL_EPOCH = 0;
    private static final int FINAL_EPOCH = -1;
    private static final short TOPIC_IDS_VERSION = 13;

    private final FetchSettings settings;
    private final LongSupplier nanoClock;
    private final Map<Integer, FetchSession> sessions = new HashMap<>();
    /** Partitions of all sessions; guarded by {@link #sessions}. */
    private long partitions;

    /**
     * What to do for a request.
     *
     * @param error not {@link Errors#NONE} if the whole request is refused
     * @param targets what to fetch
     * @param session the session, or null if there is none
     * @param incremental whether partitions without news are left out
     */
    record Outcome(Errors error, List<FetchTarget> targets, FetchSession session, boolean incremental) {
        private static Outcome refused(Errors error) {
            return new Outcome(error, List.of(), null, false);
        }

        /** The session id of the response. */
        int sessionId() {
            return session == null ? NO_SESSION : session.id();
        }
    }

    FetchSessions(FetchSettings settings, LongSupplier nanoClock) {
        this.settings = settings;
        this.nanoClock = nanoClock;
    }

    /** Finds, makes, changes or ends a session as the request says. */
    Outcome open(short version, FetchRequestData request) {
        if (request.sessionEpoch() == INITIAL_EPOCH || request.sessionEpoch() == FINAL_EPOCH) {
            return openFull(version, request);
        }
        FetchSession session;
        synchronized (sessions) {
            session = sessions.get(request.sessionId());
        }
        if (session == null) {
            return Outcome.refused(Errors.FETCH_SESSION_ID_NOT_FOUND);
        }
        if (session.topicIds() != version >= TOPIC_IDS_VERSION) {
            return Outcome.refused(Errors.FETCH_SESSION_TOPIC_ID_ERROR);
        }
        if (!session.advance(request, nanoClock.getAsLong())) {
            return Outcome.refused(Errors.INVALID_FETCH_SESSION_EPOCH);
        }
        List<FetchTarget> targets = session.targets();
        if (!stillFits(session, targets.size())) {
            // without a session the answer has to be complete; the client then begins anew
            return new Outcome(Errors.NONE, targets, null, false);
        }
        return new Outcome(Errors.NONE, targets, session, true);
    }

    private Outcome openFull(short version, FetchRequestData request) {
        List<FetchTarget> targets = targets(request);
        FetchSession session = null;
        synchronized (sessions) {
            remove(sessions.get(request.sessionId()));
            if (request.sessionEpoch() == INITIAL_EPOCH && !targets.isEmpty() && makeRoom(targets.size())) {
                session = new FetchSession(newId(), version >= TOPIC_IDS_VERSION, targets, nanoClock.getAsLong());
                sessions.put(session.id(), session);
                count(session, targets.size());
            }
        }
        return new Outcome(Errors.NONE, targets, session, false);
    }

    private static List<FetchTarget> targets(FetchRequestData request) {
        Map<FetchTarget.Key, FetchTarget> targets = new LinkedHashMap<>();
        for (FetchTopic topic : request.topics()) {
            for (FetchPartition partition : topic.partitions()) {
                FetchTarget.Key key = new FetchTarget.Key(topic.topicId(), topic.topic(), partition.partition());
                targets.put(key, new FetchTarget(key, partition));
            }
        }
        return new ArrayList<>(targets.values());
    }

    /** Keeps a session that has changed, or ends it if it is empty or there is no room for it any more. */
    private boolean stillFits(FetchSession session, int size) {
        if (session.counted() == size) {
            return true;
        }
        synchronized (sessions) {
            if (sessions.containsKey(session.id())) {
                count(session, size);
            }
            if (size == 0 || partitions > settings.sessionPartitions()) {
                remove(session);
                return false;
            }
            return true;
        }
    }

    private void count(FetchSession session, int size) {
        partitions += size - session.counted();
        session.counted(size);
    }

    private void remove(FetchSession session) {
        if (session != null && sessions.remove(session.id(), session)) {
            partitions -= session.counted();
        }
    }

    private boolean makeRoom(int more) {
        if (!hasRoom(more)) {
            long idleSince = nanoClock.getAsLong() - settings.sessionIdle().toNanos();
            sessions.values().stream().filter(session -> session.usedAtNanos() - idleSince < 0).toList()
                    .forEach(this::remove);
        }
        return hasRoom(more);
    }

    private boolean hasRoom(int more) {
        return sessions.size() < settings.sessions() && partitions + more <= settings.sessionPartitions();
    }

    private int newId() {
        while (true) {
            // not guessable by counting: a session belongs to whoever knows its id
            int id = ThreadLocalRandom.current().nextInt(1, Integer.MAX_VALUE);
            if (!sessions.containsKey(id)) {
                return id;
            }
        }
    }

    int count() {
        synchronized (sessions) {
            return sessions.size();
        }
    }
}
