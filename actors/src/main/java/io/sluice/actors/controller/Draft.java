package io.sluice.actors.controller;

import io.sluice.actors.controller.ControllerAnswer.Item;
import io.sluice.actors.image.ClusterMetadata;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;
import org.apache.kafka.common.errors.ApiException;
import org.apache.kafka.common.protocol.Errors;

/**
 * A decision being made: each item sees what the items before it did. A refused item leaves no trace, since events are added only once an item is
 * settled. With {@code validateOnly} the events are dropped in the end.
 */
final class Draft {

    private final List<ControllerEvent> events = new ArrayList<>();
    private final List<Item> items = new ArrayList<>();
    private ClusterMetadata metadata;

    Draft(ClusterMetadata metadata) {
        this.metadata = metadata;
    }

    ClusterMetadata metadata() {
        return metadata;
    }

    void add(ControllerEvent event) {
        events.add(event);
        metadata = event.applyTo(metadata);
    }

    /** Settles one item; a refusal becomes its answer. */
    void item(Supplier<Item> settle) {
        try {
            items.add(settle.get());
        } catch (RefusedException e) {
            items.add(Item.refused(e.error(), e.getMessage()));
        } catch (ApiException e) {
            items.add(Item.refused(Errors.forException(e), e.getMessage()));
        }
    }

    Decision toDecision(boolean validateOnly) {
        return new Decision(validateOnly ? List.of() : List.copyOf(events), List.copyOf(items));
    }
}
