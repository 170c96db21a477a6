package io.sluice.actors.controller;

import static org.assertj.core.api.Assertions.assertThat;

import io.sluice.actors.controller.ControllerAnswer.Item;
import io.sluice.actors.image.TopicImage;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.config.ConfigResource;
import org.apache.kafka.common.protocol.Errors;

/** Laws that hold after any sequence of requests, allowed or not. */
class ControllerStateTest {

    /** One step of a random history; {@code crash} rebuilds the controller from its events before it. */
    record Step(int kind, String name, int number, boolean crash) {

        long run(ControllerDriver controller) {
            switch (kind) {
                case 0 -> controller.create(name, number, Math.floorMod(number, 4), Map.of());
                case 1 -> controller.grow(name, number, null);
                case 2 -> controller.delete(
                        controller.metadata().topic(name).map(TopicImage::id).orElse(Uuid.ZERO_UUID));
                case 3 -> controller.alter(ConfigResource.Type.TOPIC, name, "retention.ms", "" + number, number > 3);
                case 4 -> controller.alter(ConfigResource.Type.BROKER, number > 2 ? "" : "" + number,
                        "log.retention.ms", number % 2 == 0 ? "" + number : null, false);
                case 5 -> controller.register("disk-" + number, -1, ControllerDriver.address(number));
                case 7 ->
                    controller.one(new ControllerRequest.AlterReassignments(List.of(new Controller.NewReplicas(name,
                            0, number < 0 ? null : number % 2 == 0 ? List.of(0) : List.of(1, 0))), true));
                case 8 -> controller.metadata().topic(name)
                        .ifPresent(topic -> controller.one(new ControllerRequest.SetReplicas(topic.id().toString(), 0,
                                topic.configuration(0).version() + 1, List.of(number % 2 == 0 ? 1 : 0))));
                default -> {
                    Item item = controller.one(new ControllerRequest.ReserveProducerIds(0, Math.max(1, number)));
                    return item.errors() == Errors.NONE ? item.number() : -1;
                }
            }
            return -1;
        }
    }

    @Provide
    Arbitrary<List<Step>> histories() {
        return Combinators
                .combine(Arbitraries.integers().between(0, 8), Arbitraries.of("a", "b.c", "b_c", "d", "..", "e"),
                        Arbitraries.integers().between(-1, 6), Arbitraries.of(false, false, false, true))
                .as(Step::new).list().ofMaxSize(60);
    }

    @Property(tries = 300)
    void shouldBeTheSameAfterReplayOfEventsAndAfterASnapshot(@ForAll("histories") List<Step> history) {
        ControllerDriver controller = ControllerDriver.withNodes(2);
        history.forEach(step -> step.run(controller));

        ControllerState replayed = ControllerState.EMPTY;
        for (ControllerEvent event : controller.events) {
            replayed = replayed.apply(event);
        }
        assertThat(replayed).isEqualTo(controller.state);
        assertThat(ControllerSnapshot.of(controller.metadata()).toMetadata()).isEqualTo(controller.metadata());
    }

    @Property(tries = 300)
    void shouldNeverGiveAProducerIdTwice(@ForAll("histories") List<Step> history) {
        ControllerDriver controller = ControllerDriver.withNodes(1);
        Set<Long> given = new HashSet<>();
        for (Step step : history) {
            if (step.crash) {
                controller.state = new ControllerState(ControllerSnapshot.of(controller.metadata()).toMetadata());
            }
            long first = step.run(controller);
            for (long id = first; first >= 0 && id < first + Math.max(1, step.number); id++) {
                assertThat(given.add(id)).as("producer id %s is new", id).isTrue();
            }
        }
    }

    @Property(tries = 300)
    void shouldKeepNamesAndIdsOfTopicsOneToOne(@ForAll("histories") List<Step> history) {
        ControllerDriver controller = ControllerDriver.withNodes(3);
        for (Step step : history) {
            step.run(controller);
            for (TopicImage topic : controller.metadata().topics()) {
                assertThat(controller.metadata().topic(topic.id())).containsSame(topic);
                assertThat(topic.replicas()).isNotEmpty().allSatisfy(
                        replicas -> assertThat(replicas).isNotEmpty().doesNotHaveDuplicates());
            }
            assertThat(controller.metadata().topicNames()).hasSize(controller.metadata().topics().size());
        }
    }
}
