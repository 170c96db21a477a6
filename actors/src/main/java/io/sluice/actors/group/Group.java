package io.sluice.actors.group;

import io.sluice.actors.config.GroupSettings;
import io.sluice.actors.image.ClusterImage;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;

/** A group: its members and its committed offsets. */
final class Group {
    final String id;
    final Map<GroupEvent.TopicPartitionKey, CommittedOffset> offsets = new LinkedHashMap<>();
    private final GroupSettings settings;
    private Membership membership;

    Group(String id, GroupSettings settings) {
        this.id = id;
        this.settings = settings;
        this.membership = new ClassicGroup(id, settings);
    }

    Membership membership() {
        return membership;
    }

    /** Its membership by the classic protocol; one of the other protocol, which must be empty, gives way. */
    ClassicGroup classic() {
        if (membership instanceof ClassicGroup classic) {
            return classic;
        }
        ClassicGroup made = new ClassicGroup(id, settings);
        membership = made;
        return made;
    }

    /** Its membership by the consumer protocol; one of the other protocol, which must be empty, gives way. */
    ConsumerGroup consumer(Supplier<ClusterImage> image) {
        if (membership instanceof ConsumerGroup consumer) {
            return consumer;
        }
        ConsumerGroup made = new ConsumerGroup(id, settings.consumer(), image);
        membership = made;
        return made;
    }

    /** Whether nothing is left that anybody could ask for. */
    boolean isForgotten() {
        return membership.isForgettable() && offsets.isEmpty();
    }

    /** Whether an empty group has outlived all its offsets. */
    boolean isOutlived() {
        return membership.isEmpty() && membership instanceof ConsumerGroup && offsets.isEmpty();
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
