package io.sluice.kafka.group;

import io.sluice.actors.group.Groups;
import io.sluice.actors.image.ClusterImage;
import io.sluice.kafka.api.ApiHandler;
import java.util.List;
import java.util.function.Supplier;

/** All handlers of this package. */
public final class GroupHandlers {

    private GroupHandlers() {
    }

    /** The handlers of the group APIs. */
    public static List<ApiHandler> all(Groups groups, Supplier<ClusterImage> image) {
        return List.of(new FindCoordinatorHandler(groups, image), new JoinGroupHandler(groups),
                new SyncGroupHandler(groups), new HeartbeatHandler(groups), new LeaveGroupHandler(groups),
                new OffsetCommitHandler(groups, image), new OffsetFetchHandler(groups, image),
                new OffsetDeleteHandler(groups, image), new ListGroupsHandler(groups),
                new DescribeGroupsHandler(groups), new DeleteGroupsHandler(groups),
                new ConsumerGroupHeartbeatHandler(groups), new ConsumerGroupDescribeHandler(groups));
    }
}
