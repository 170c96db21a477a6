package io.sluice.actors.group;

import io.sluice.actors.config.GroupSettings;
import io.sluice.actors.image.ClusterImage;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.function.Supplier;
import org.apache.kafka.common.errors.InconsistentGroupProtocolException;
import org.apache.kafka.common.message.ConsumerGroupHeartbeatRequestData;
import org.apache.kafka.common.message.ConsumerGroupHeartbeatResponseData;
import org.apache.kafka.common.protocol.Errors;

/** A group: its members and its committed offsets. */
final class Group {
    final String id;
    final Map<GroupEvent.TopicPartitionKey, CommittedOffset> offsets = new LinkedHashMap<>();
    private final GroupSettings settings;
    private final Supplier<ClusterImage> image;
    private Membership membership;

    Group(String id, GroupSettings settings, Supplier<ClusterImage> image) {
        this.id = id;
        this.settings = settings;
        this.image = image;
        this.membership = new ClassicGroup(id, settings);
    }

    Membership membership() {
        return membership;
    }

    /** Its membership by the classic protocol; one of the other protocol gives way. */
    ClassicGroup classic() {
        if (membership instanceof ClassicGroup classic) {
            return classic;
        }
        ClassicGroup made = new ClassicGroup(id, settings);
        membership = made;
        return made;
    }

    /** Its membership by the consumer protocol; one of the other protocol gives way. */
    ConsumerGroup consumer() {
        if (membership instanceof ConsumerGroup consumer) {
            return consumer;
        }
        ConsumerGroup made = new ConsumerGroup(id, settings, image);
        membership = made;
        return made;
    }

    // ---- from one protocol to the other

    /** Whether a heartbeat of the consumer protocol is for this group: it is one of that protocol, or may become one by somebody's joining. */
    boolean takesConsumerHeartbeat(int memberEpoch) {
        if (membership instanceof ClassicGroup classic) {
            return memberEpoch == Epochs.JOIN
                    && (classic.isEmpty() || Migration.mayBecomeConsumer(classic, settings.consumer()));
        }
        return true;
    }

    /** A heartbeat that this group takes. */
    void consumerHeartbeat(ConsumerGroupHeartbeatRequestData r, GroupClient client,
            CompletableFuture<ConsumerGroupHeartbeatResponseData> to, long now, Effects effects) {
        if (membership instanceof ClassicGroup classic && !classic.isEmpty()) {
            joinAndUpgrade(classic, r, client, to, now, effects);
        } else {
            consumer().heartbeat(r, client, to, now, effects);
        }
    }

    /** The group is upgraded only if the member is let in. */
    private void joinAndUpgrade(ClassicGroup from, ConsumerGroupHeartbeatRequestData r, GroupClient client,
            CompletableFuture<ConsumerGroupHeartbeatResponseData> to, long now, Effects effects) {
        List<GroupEvent.OfConsumerGroup> upgrade;
        try {
            upgrade = Migration.toConsumer(id, from, image.get(), now);
        } catch (InconsistentGroupProtocolException e) {
            effects.answer(to, ConsumerAnswers.refused(Errors.GROUP_ID_NOT_FOUND, "Group " + id
                    + " cannot go over to the consumer protocol: " + e.getMessage()));
            return;
        }
        ConsumerGroup upgraded = new ConsumerGroup(id, settings, image);
        upgrade.forEach(upgraded::apply);
        upgraded.restartSessions(now);
        Effects joining = new Effects();
        upgraded.heartbeat(r, client, to, now, joining);
        if (!joining.events().isEmpty()) {
            from.dissolve(effects);
            upgrade.forEach(effects::persist);
            membership = upgraded;
        }
        effects.add(joining);
    }

    /** Makes it a group of the classic protocol again once none of its members speaks the other one. */
    void downgradeIfAllAreClassic(long now, Effects effects) {
        if (membership instanceof ConsumerGroup consumer && Migration.isToClassic(consumer.state(), settings)) {
            GroupEvent.GenerationCompleted generation = Migration.toClassic(id, consumer.state(), image.get());
            effects.persist(generation);
            classic().apply(generation);
            classic().restartSessions(now);
        }
    }

    // ---- what is left of it

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
