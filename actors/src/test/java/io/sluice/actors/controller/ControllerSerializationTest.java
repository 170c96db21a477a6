package io.sluice.actors.controller;

import static org.assertj.core.api.Assertions.assertThat;

import com.typesafe.config.ConfigFactory;
import io.sluice.actors.controller.Controller.MorePartitions;
import io.sluice.actors.controller.Controller.NewTopic;
import io.sluice.actors.controller.ControllerEvent.TopicCreated;
import io.sluice.actors.image.TopicImage;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.protocol.Errors;
import org.apache.pekko.actor.testkit.typed.javadsl.ActorTestKit;
import org.apache.pekko.actor.testkit.typed.javadsl.TestProbe;
import org.apache.pekko.serialization.SerializationExtension;
import org.apache.pekko.serialization.SerializerWithStringManifest;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What goes to the journal and to other nodes comes back as it was. */
class ControllerSerializationTest {

    private static final ActorTestKit KIT = ActorTestKit.create("serialization", ConfigFactory.load());
    private static final TestProbe<FeedMessage> PROBE = KIT.createTestProbe(FeedMessage.class);
    private static final TestProbe<ControllerAnswer> ANSWERS = KIT.createTestProbe(ControllerAnswer.class);
    private static final TestProbe<ControllerCommand> CONTROLLER = KIT.createTestProbe(ControllerCommand.class);
    private static final String ID = new Uuid(1, 2).toString();

    private static final List<ControllerEvent> EVENTS = List.of(new ControllerEvent.ClusterCreated(ID),
            new ControllerEvent.NodeRegistered(3, "disk", "h", 9092, null, "pekko://s@h:1"),
            new ControllerEvent.NodeConfigured(-1, Map.of("log.retention.ms", "1")),
            new ControllerEvent.GroupConfigured("g", Map.of("consumer.session.timeout.ms", "50000")),
            new TopicCreated(ID, "t", List.of(List.of(0, 1), List.of(1, 0)), Map.of("retention.ms", "5")),
            new ControllerEvent.TopicDeleted(ID, "t"), new ControllerEvent.TopicConfigured(ID, Map.of()),
            new ControllerEvent.PartitionsAdded(ID, List.of(List.of(2))),
            new ControllerEvent.ProducerIdsReserved(0, Long.MAX_VALUE - 1000, 1000));

    @AfterAll
    static void stop() {
        KIT.shutdownTestKit();
    }

    static Stream<ControllerMessage> messages() {
        var topic = new ControllerAnswer.Topic(ID, "t", List.of(List.of(0)), Map.of("a", "b"));
        Stream<ControllerRequest> requests = Stream.of(
                new ControllerRequest.RegisterNode("disk", "cluster", -1, "h", 9092, "rack", "pekko://s@h:1"),
                new ControllerRequest.CreateTopics(
                        List.of(new NewTopic("t", 3, (short) 2, null, Map.of("a", "b")),
                                new NewTopic("u", -1, (short) -1, List.of(List.of(0, 1)), Map.of())),
                        true),
                new ControllerRequest.DeleteTopics(List.of(ID)),
                new ControllerRequest.CreatePartitions(List.of(new MorePartitions("t", 4, null)), false),
                new ControllerRequest.AlterConfigs(List.of(new ControllerRequest.ConfigChange((byte) 2, "t",
                        Collections.singletonMap("retention.ms", null))), true, false),
                new ControllerRequest.ReserveProducerIds(1, 1000));
        return Stream.of(EVENTS.stream(), Stream.of(new ControllerSnapshot(EVENTS)),
                requests.map(request -> new ControllerCommand.Submit(request, ANSWERS.getRef())),
                Stream.of(new ControllerCommand.Follow(PROBE.getRef(), -1),
                        new ControllerAnswer(9, List.of(ControllerAnswer.Item.done(5),
                                ControllerAnswer.Item.refused(Errors.INVALID_CONFIG, "why"),
                                new ControllerAnswer.Item((short) 0, null, topic, -1))),
                        new FeedMessage.Whole(9, 0, 1, EVENTS, CONTROLLER.getRef()),
                        new FeedMessage.Changes(8, 9, EVENTS)))
                .flatMap(stream -> stream.map(ControllerMessage.class::cast));
    }

    @ParameterizedTest
    @MethodSource("messages")
    void shouldComeBackAsItWas(ControllerMessage message) {
        Object back = KIT.serializationTestKit().verifySerialization(message, false);

        assertThat(back).isEqualTo(message);
    }

    @Test
    void shouldReadAnEventThatHasAFieldOfALaterVersion() throws Exception {
        var serialization = SerializationExtension.get(KIT.system());
        var event = new ControllerEvent.ProducerIdsReserved(1, 2, 3);
        var serializer = (SerializerWithStringManifest) serialization.findSerializerFor(event);
        byte[] cbor = new com.fasterxml.jackson.dataformat.cbor.databind.CBORMapper().writeValueAsBytes(Map.of("event",
                "producer-ids-reserved", "nodeId", 1, "firstId", 2, "count", 3, "later", "x"));

        assertThat(serializer.fromBinary(cbor, serializer.manifest(event))).isEqualTo(event);
    }

    @Test
    void shouldCutALargeClusterIntoSmallMessages() {
        ControllerDriver controller = ControllerDriver.withNodes(3);
        for (int i = 0; i < 100; i++) {
            controller.create("topic-with-a-name-of-usual-length-" + i, 300, 3,
                    Map.of("retention.ms", "86400000", "max.message.bytes", "10485760"));
        }
        List<FeedMessage.Whole> parts = SnapshotParts.of(controller.metadata(), 7, CONTROLLER.getRef());

        var serialization = SerializationExtension.get(KIT.system());
        assertThat(parts).hasSizeGreaterThan(1)
                .allSatisfy(part -> assertThat(serialization.serialize(part).get()).hasSizeLessThan(200 * 1024));
        assertThat(parts.stream().map(FeedMessage.Whole::part))
                .containsExactlyElementsOf(IntStream.range(0, parts.size()).boxed().toList());
        List<ControllerEvent> all = parts.stream().flatMap(part -> part.events().stream()).toList();
        assertThat(new ControllerSnapshot(all).toMetadata()).isEqualTo(controller.metadata());
        assertThat(controller.metadata().topics()).extracting(TopicImage::partitionCount)
                .isEqualTo(Collections.nCopies(100, 300));
        assertThat(parts.stream().map(FeedMessage.Whole::version).collect(Collectors.toSet())).containsExactly(7L);
    }
}
