package io.sluice.actors.controller;

import io.sluice.actors.image.ClusterMetadata;
import java.util.ArrayList;
import java.util.List;
import org.apache.pekko.actor.typed.ActorRef;

/** Cuts the whole metadata into messages that stay well below Artery's frame of 256 KiB. */
final class SnapshotParts {

    /** A replica list takes about ten bytes, an event without one about 200. */
    private static final int WEIGHT_MAX = 8_000;
    private static final int EVENT_WEIGHT = 20;

    private SnapshotParts() {
    }

    static List<FeedMessage.Whole> of(ClusterMetadata metadata, long version, ActorRef<ControllerCommand> controller) {
        List<List<ControllerEvent>> parts = new ArrayList<>(List.of(new ArrayList<>()));
        int weight = 0;
        for (ControllerEvent event : ControllerSnapshot.of(metadata).events()) {
            int added = EVENT_WEIGHT
                    + (event instanceof ControllerEvent.TopicCreated topic ? topic.replicas().size() : 0);
            if (weight > 0 && weight + added > WEIGHT_MAX) {
                parts.add(new ArrayList<>());
                weight = 0;
            }
            parts.getLast().add(event);
            weight += added;
        }
        List<FeedMessage.Whole> messages = new ArrayList<>(parts.size());
        for (List<ControllerEvent> part : parts) {
            messages.add(new FeedMessage.Whole(version, messages.size(), parts.size(), part, controller));
        }
        return messages;
    }
}
