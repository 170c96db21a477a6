package io.sluice.actors.group;

import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import org.apache.kafka.common.message.JoinGroupRequestData;
import org.apache.kafka.common.message.JoinGroupRequestData.JoinGroupRequestProtocol;
import org.apache.kafka.common.message.JoinGroupResponseData;
import org.apache.kafka.common.message.SyncGroupResponseData;
import org.apache.kafka.common.protocol.Errors;

/** One member of a classic group. Mutable, owned by its {@link ClassicGroup}. */
final class Member {
    static final byte[] NONE = new byte[0];

    final String id;
    final String instanceId;
    final String clientId;
    final String clientHost;
    int sessionTimeoutMs;
    int rebalanceTimeoutMs;
    /** Protocols the member supports, in its order of preference, with its metadata for each. */
    private Map<String, byte[]> protocols = new LinkedHashMap<>();
    byte[] assignment = NONE;
    /** When the member is given up unless it is heard of before. */
    long sessionDeadlineMs;
    /** The answer a JoinGroup waits for, or null. */
    CompletableFuture<JoinGroupResponseData> awaitingJoin;
    /** The answer a SyncGroup waits for, or null. */
    CompletableFuture<SyncGroupResponseData> awaitingSync;
    /** Whether the member has sent SyncGroup in this generation. */
    boolean synced;

    Member(String id, String instanceId, String clientId, String clientHost, int sessionTimeoutMs,
            int rebalanceTimeoutMs) {
        this.id = id;
        this.instanceId = instanceId;
        this.clientId = clientId;
        this.clientHost = clientHost;
        this.sessionTimeoutMs = sessionTimeoutMs;
        this.rebalanceTimeoutMs = rebalanceTimeoutMs;
    }

    static Member restored(GroupEvent.StoredMember stored) {
        Member m = new Member(stored.memberId(), stored.instanceId(), stored.clientId(), stored.clientHost(),
                stored.sessionTimeoutMs(), stored.rebalanceTimeoutMs());
        m.protocols.put(stored.protocolName(), stored.metadata());
        m.assignment = stored.assignment();
        m.synced = true;
        return m;
    }

    GroupEvent.StoredMember stored(String protocolName) {
        return new GroupEvent.StoredMember(id, instanceId, clientId, clientHost, sessionTimeoutMs, rebalanceTimeoutMs,
                protocolName, metadata(protocolName), assignment);
    }

    /** A member of a group of the consumer protocol that goes on in a classic one. */
    static Member migrated(ConsumerMember from, byte[] assignment) {
        Member m = new Member(from.id(), from.instanceId(), from.clientId(), from.clientHost(),
                from.classic().sessionTimeoutMs(), from.rebalanceTimeoutMs());
        from.classic().protocols().forEach(p -> m.protocols.put(p.name(), p.metadata()));
        m.assignment = assignment;
        return m;
    }

    void update(JoinGroupRequestData request) {
        sessionTimeoutMs = request.sessionTimeoutMs();
        rebalanceTimeoutMs = rebalanceTimeout(request);
        protocols = protocolsOf(request);
    }

    /** Version 0 has no rebalance timeout: the session timeout stands in. */
    static int rebalanceTimeout(JoinGroupRequestData request) {
        return request.rebalanceTimeoutMs() < 0 ? request.sessionTimeoutMs() : request.rebalanceTimeoutMs();
    }

    /** What it can do, to go on in a group of the consumer protocol. */
    ClassicClient asClient() {
        return new ClassicClient(sessionTimeoutMs, protocols.entrySet().stream()
                .map(p -> new ClassicClient.Protocol(p.getKey(), p.getValue())).toList());
    }

    private static Map<String, byte[]> protocolsOf(JoinGroupRequestData request) {
        Map<String, byte[]> result = new LinkedHashMap<>();
        for (JoinGroupRequestProtocol p : request.protocols()) {
            result.put(p.name(), p.metadata());
        }
        return result;
    }

    boolean hasSameProtocols(JoinGroupRequestData request) {
        Map<String, byte[]> theirs = protocolsOf(request);
        if (!theirs.keySet().equals(protocols.keySet())) {
            return false;
        }
        return theirs.entrySet().stream().allMatch(e -> Arrays.equals(e.getValue(), protocols.get(e.getKey())));
    }

    boolean supports(String protocol) {
        return protocols.containsKey(protocol);
    }

    Set<String> protocolNames() {
        return protocols.keySet();
    }

    byte[] metadata(String protocol) {
        return protocols.getOrDefault(protocol, NONE);
    }

    /** The protocol it likes best among the candidates. */
    String vote(Set<String> candidates) {
        return protocols.keySet().stream().filter(candidates::contains).findFirst().orElseThrow();
    }

    void heardOf(long nowMs) {
        sessionDeadlineMs = nowMs + sessionTimeoutMs;
    }

    void awaitJoin(CompletableFuture<JoinGroupResponseData> to, Effects effects) {
        if (awaitingJoin != null) {
            // the client gave the first request up; it must not be left without an answer
            effects.answer(awaitingJoin, ClassicAnswers.joinError(id, Errors.REBALANCE_IN_PROGRESS));
        }
        awaitingJoin = to;
    }

    /** Answers whatever waits with an error. */
    void failWaiting(Errors error, Effects effects) {
        if (awaitingJoin != null) {
            effects.answer(awaitingJoin, ClassicAnswers.joinError(id, error));
            awaitingJoin = null;
        }
        failSync(error, effects);
    }

    void failSync(Errors error, Effects effects) {
        if (awaitingSync != null) {
            effects.answer(awaitingSync, new SyncGroupResponseData().setErrorCode(error.code()));
            awaitingSync = null;
        }
    }

    /** A member that waits for the coordinator owes no heartbeat. */
    boolean isWaiting() {
        return awaitingJoin != null || awaitingSync != null;
    }
}
