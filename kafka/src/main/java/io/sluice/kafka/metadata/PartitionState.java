package io.sluice.kafka.metadata;

import java.util.List;
import org.apache.kafka.common.protocol.Errors;

/**
 * A partition as a metadata answer shows it.
 *
 * @param error LEADER_NOT_AVAILABLE while no replica can lead, which clients retry; else NONE
 * @param index number of the partition
 * @param leaderId id of the leading node, or -1
 * @param leaderEpoch the epoch of the leader where this node knows it, else -1, which clients take as "not told" (KIP-320)
 * @param replicas ids of the nodes that hold it, preferred leader first; while it is moved, as {@link ReassigningReplicas} has them
 * @param inSyncReplicas ids of those that are in sync
 * @param offlineReplicas ids of those whose node is not alive
 */
record PartitionState(Errors error, int index, int leaderId, int leaderEpoch, List<Integer> replicas,
        List<Integer> inSyncReplicas, List<Integer> offlineReplicas) {}
