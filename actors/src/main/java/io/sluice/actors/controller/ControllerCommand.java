package io.sluice.actors.controller;

import com.fasterxml.jackson.annotation.JsonSubTypes;
import com.fasterxml.jackson.annotation.JsonTypeInfo;
import java.util.List;
import java.util.Map;
import org.apache.pekko.actor.typed.ActorRef;

/** What the controller's actor is told. */
@JsonTypeInfo(use = JsonTypeInfo.Id.NAME, property = "command")
@JsonSubTypes({@JsonSubTypes.Type(value = ControllerCommand.Submit.class, name = "submit"),
        @JsonSubTypes.Type(value = ControllerCommand.Follow.class, name = "follow"),
        @JsonSubTypes.Type(value = ControllerCommand.FollowerGone.class, name = "follower-gone"),
        @JsonSubTypes.Type(value = ControllerCommand.DescribeQuorum.class, name = "describe-quorum"),
        @JsonSubTypes.Type(value = ControllerCommand.ReportLag.class, name = "report-lag"),
        @JsonSubTypes.Type(value = ControllerCommand.ReviewReplicas.class, name = "review-replicas")})
sealed interface ControllerCommand extends ControllerMessage {

    /** Decide on a request. */
    record Submit(ControllerRequest request, ActorRef<ControllerAnswer> replyTo) implements ControllerCommand {}

    /** A node follows, and has the metadata up to a version; -1 for none. Said again every few seconds, which mends whatever got lost. */
    record Follow(ActorRef<FeedMessage> follower, long version) implements ControllerCommand {}

    /** A follower's node is gone. */
    record FollowerGone(ActorRef<FeedMessage> follower) implements ControllerCommand {}

    /** Say how the controller's own log is replicated. */
    record DescribeQuorum(ActorRef<MetadataQuorum> replyTo) implements ControllerCommand {}

    /** A node says which replicas of the partitions that it leads have not caught up, see {@link FeedMessage.Lag}. Said again every few seconds. */
    record ReportLag(int node, Map<String, List<Integer>> lagging) implements ControllerCommand {}

    /** See whether the controller's own log should have other replicas. */
    record ReviewReplicas() implements ControllerCommand {}
}
