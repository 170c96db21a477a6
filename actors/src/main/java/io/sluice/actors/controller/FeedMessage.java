package io.sluice.actors.controller;

import com.fasterxml.jackson.annotation.JsonSubTypes;
import com.fasterxml.jackson.annotation.JsonTypeInfo;
import java.util.List;
import java.util.Map;
import org.apache.pekko.actor.typed.ActorRef;

/** What the controller tells the nodes that follow it. */
@JsonTypeInfo(use = JsonTypeInfo.Id.NAME, property = "feed")
@JsonSubTypes({@JsonSubTypes.Type(value = FeedMessage.Whole.class, name = "whole"),
        @JsonSubTypes.Type(value = FeedMessage.Changes.class, name = "changes"),
        @JsonSubTypes.Type(value = FeedMessage.Lag.class, name = "lag")})
sealed interface FeedMessage extends ControllerMessage {

    /**
     * A part of the whole metadata, cut so that no message is large; the follower starts over when a part is missing.
     *
     * @param version sequence number of the last event in it
     * @param part number of this part, from 0
     * @param parts number of parts
     * @param events the part's events
     * @param controller the controller itself, to be watched
     */
    record Whole(long version, int part, int parts, List<ControllerEvent> events,
            ActorRef<ControllerCommand> controller) implements FeedMessage {}

    /**
     * The events after one version up to another.
     */
    record Changes(long after, long version, List<ControllerEvent> events) implements FeedMessage {}

    /** Which replicas have not caught up: by the id of the node that says so and by shard id. Not stored; replaces what was said before. */
    record Lag(Map<Integer, Map<String, List<Integer>>> reports) implements FeedMessage {}
}
