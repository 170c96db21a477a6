package io.sluice.kafka.fetch;

import io.sluice.actors.controller.Controller;
import io.sluice.actors.partition.Partitions;
import io.sluice.kafka.api.ApiHandler;
import java.util.List;

/** All handlers of this package. */
public final class FetchHandlers {
    private FetchHandlers() {
    }

    /** The handlers of the APIs for consuming. */
    public static List<ApiHandler> all(Partitions partitions, Controller controller, FetchSettings settings) {
        return List.of(new FetchHandler(partitions, controller, settings),
                new ListOffsetsHandler(partitions, controller),
                new OffsetForLeaderEpochHandler(partitions, controller));
    }
}
