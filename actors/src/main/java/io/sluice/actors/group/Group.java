package io.sluice.actors.group;

import io.sluice.actors.config.GroupSettings;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** A group: its members and its committed offsets. */
final class Group {
    final String id;
    final ClassicGroup membership;
    final Map<GroupEvent.TopicPartitionKey, CommittedOffset> offsets = new LinkedHashMap<>();

    Group(String id, GroupSettings settings) {
        this.id = id;
        this.membership = new ClassicGroup(id, settings);
    }

    /** Whether nothing is left that anybody could ask for. */
    boolean isForgotten() {
        return membership.isEmpty() && !membership.hasPendingMembers() && offsets.isEmpty();
    }

    /** The offsets that nobody has used for the retention time: those of an empty group. */
    List<GroupEvent.TopicPartitionKey> expiredOffsets(long retentionMs, long now) {
        if (!membership.isEmpty()) {
            return List.of();
        }
        return offsets.values().stream()
                .filter(o -> Math.max(o.committedAtMs(), membership.emptySinceMs()) + retentionMs <= now)
                .map(CommittedOffset::key).toList();
    }
}
