package io.sluice.actors.group;

import org.apache.kafka.common.message.JoinGroupResponseData;
import org.apache.kafka.common.message.JoinGroupResponseData.JoinGroupResponseMember;
import org.apache.kafka.common.message.SyncGroupResponseData;
import org.apache.kafka.common.protocol.Errors;

/** What the members of a classic group are told of its present generation. */
final class ClassicAnswers {
    private final ClassicRebalance group;

    ClassicAnswers(ClassicRebalance group) {
        this.group = group;
    }

    JoinGroupResponseData joined(Member m, boolean withMembers) {
        JoinGroupResponseData response = new JoinGroupResponseData().setMemberId(m.id)
                .setGenerationId(group.generation()).setProtocolType(group.protocolType())
                .setProtocolName(group.protocolName()).setLeader(group.members().leaderId());
        if (withMembers) {
            group.members().all().forEach(x -> response.members().add(new JoinGroupResponseMember().setMemberId(x.id)
                    .setGroupInstanceId(x.instanceId).setMetadata(x.metadata(group.protocolName()))));
        }
        return response;
    }

    /** No rebalance: a returning leader must not assign anew, so it is told to skip that or, if it cannot, that another one leads. */
    JoinGroupResponseData keptPlace(Member m, String oldId, boolean wasLeader, GroupClient client) {
        if (!wasLeader) {
            return joined(m, false);
        }
        return client.canSkipAssignment()
                ? joined(m, true).setSkipAssignment(true)
                : joined(m, false).setLeader(oldId);
    }

    SyncGroupResponseData synced(Member m) {
        return new SyncGroupResponseData().setProtocolType(group.protocolType()).setProtocolName(group.protocolName())
                .setAssignment(m.assignment);
    }

    static JoinGroupResponseData joinError(String memberId, Errors error) {
        return new JoinGroupResponseData().setErrorCode(error.code()).setMemberId(memberId).setProtocolName("")
                .setLeader("");
    }
}
