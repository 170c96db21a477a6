package io.sluice.kafka.produce;

import io.sluice.actors.controller.Controller;
import io.sluice.actors.partition.Partitions;
import io.sluice.kafka.api.ApiHandler;
import java.util.List;

/** All handlers of this package. */
public final class ProduceHandlers {
    private ProduceHandlers() {
    }

    /** The handlers of the APIs for producing. */
    public static List<ApiHandler> all(Partitions partitions, Controller controller) {
        return List.of(new ProduceHandler(partitions, controller), new InitProducerIdHandler(controller));
    }
}
