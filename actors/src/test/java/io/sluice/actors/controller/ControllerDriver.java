package io.sluice.actors.controller;

import io.sluice.actors.controller.Controller.MorePartitions;
import io.sluice.actors.controller.Controller.NewTopic;
import io.sluice.actors.controller.ControllerAnswer.Item;
import io.sluice.actors.controller.ControllerRequest.ConfigChange;
import io.sluice.actors.image.ClusterMetadata;
import io.sluice.actors.image.TopicImage;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.config.ConfigResource;

/** A controller without actors: decides, applies, and keeps every event. */
final class ControllerDriver {

    final List<ControllerEvent> events = new ArrayList<>();
    final Set<String> alive = new HashSet<>();
    ControllerState state = ControllerState.EMPTY;
    int maxPartitions = 10_000;
    private long ids;

    /** A controller with this many nodes, each on a rack of its own. */
    static ControllerDriver withNodes(int nodes) {
        ControllerDriver driver = new ControllerDriver();
        for (int i = 0; i < nodes; i++) {
            driver.register("disk-" + i, -1, address(i));
        }
        return driver;
    }

    static String address(int node) {
        return "pekko://sluice@127.0.0.1:" + (7000 + node);
    }

    Item register(String diskId, int wantedId, String address) {
        return register(diskId, null, wantedId, address);
    }

    Item register(String diskId, String clusterId, int wantedId, String address) {
        alive.add(address);
        return one(new ControllerRequest.RegisterNode(diskId, clusterId, wantedId, "127.0.0.1", 9092, null, address));
    }

    Item create(String name, int partitions, int factor, Map<String, String> configs) {
        return one(new ControllerRequest.CreateTopics(
                List.of(new NewTopic(name, partitions, (short) factor, null, configs)), false));
    }

    Item create(String name, List<List<Integer>> assignment) {
        return one(new ControllerRequest.CreateTopics(List.of(new NewTopic(name, -1, (short) -1, assignment, Map.of())),
                false));
    }

    Item grow(String name, int total, List<List<Integer>> assignment) {
        return one(new ControllerRequest.CreatePartitions(List.of(new MorePartitions(name, total, assignment)), false));
    }

    Item delete(Uuid id) {
        return one(new ControllerRequest.DeleteTopics(List.of(id.toString())));
    }

    Item alter(ConfigResource.Type type, String name, String key, String value, boolean replaceAll) {
        Map<String, String> values = new HashMap<>();
        if (key != null) {
            values.put(key, value);
        }
        return one(new ControllerRequest.AlterConfigs(List.of(new ConfigChange(type.id(), name, values)), replaceAll,
                false));
    }

    long reserve(int count) {
        return one(new ControllerRequest.ReserveProducerIds(0, count)).number();
    }

    Item one(ControllerRequest request) {
        List<Item> items = all(request);
        if (items.size() != 1) {
            throw new IllegalStateException("expected one item, got " + items);
        }
        return items.getFirst();
    }

    List<Item> all(ControllerRequest request) {
        Decision decision = state.decide(request,
                new DecisionContext(Set.copyOf(alive), () -> new Uuid(7, ++ids), maxPartitions));
        for (ControllerEvent event : decision.events()) {
            state = state.apply(event);
        }
        events.addAll(decision.events());
        return decision.items();
    }

    ClusterMetadata metadata() {
        return state.metadata();
    }

    TopicImage topic(String name) {
        return state.metadata().topic(name).orElseThrow();
    }
}
