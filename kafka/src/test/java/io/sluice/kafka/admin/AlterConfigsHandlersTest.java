package io.sluice.kafka.admin;

import static org.assertj.core.api.Assertions.assertThat;

import io.sluice.actors.config.StaticConfigs;
import io.sluice.kafka.fakes.Exchange;
import io.sluice.kafka.fakes.FakeController;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.admin.AlterConfigOp.OpType;
import org.apache.kafka.common.config.ConfigResource;
import org.apache.kafka.common.message.AlterConfigsRequestData;
import org.apache.kafka.common.message.AlterConfigsResponseData;
import org.apache.kafka.common.message.IncrementalAlterConfigsRequestData;
import org.apache.kafka.common.message.IncrementalAlterConfigsRequestData.AlterConfigsResource;
import org.apache.kafka.common.message.IncrementalAlterConfigsRequestData.AlterableConfig;
import org.apache.kafka.common.message.IncrementalAlterConfigsResponseData;
import org.apache.kafka.common.message.IncrementalAlterConfigsResponseData.AlterConfigsResourceResponse;
import org.apache.kafka.common.protocol.Errors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class AlterConfigsHandlersTest {

    private static final byte TOPIC = 2;
    private static final byte BROKER = 4;
    private static final byte GROUP = 32;

    private final FakeController controller = new FakeController();
    private final ConfigAlteration alteration = new ConfigAlteration(controller, StaticConfigs.NONE);
    private final IncrementalAlterConfigsHandler incremental = new IncrementalAlterConfigsHandler(alteration);
    private final AlterConfigsHandler full = new AlterConfigsHandler(alteration);

    private List<AlterConfigsResourceResponse> change(int version, AlterConfigsResource... resources) {
        var request = new IncrementalAlterConfigsRequestData();
        List.of(resources).forEach(request.resources()::add);
        return Exchange.call(incremental, version, request, IncrementalAlterConfigsResponseData.class).responses();
    }

    private static AlterConfigsResource resource(byte type, String name, AlterableConfig... configs) {
        var resource = new AlterConfigsResource().setResourceType(type).setResourceName(name);
        List.of(configs).forEach(resource.configs()::add);
        return resource;
    }

    private static AlterableConfig op(OpType op, String name, String value) {
        return new AlterableConfig().setConfigOperation(op.id()).setName(name).setValue(value);
    }

    private static ConfigResource key(ConfigResource.Type type, String name) {
        return new ConfigResource(type, name);
    }

    /** Applies operations to the topic t; what the controller was asked, or the error. */
    private Object applied(AlterableConfig... configs) {
        AlterConfigsResourceResponse response = change(1, resource(TOPIC, "t", configs)).getFirst();
        return response.errorCode() != 0
                ? Errors.forCode(response.errorCode())
                : controller.altered.getLast().changes().get(key(ConfigResource.Type.TOPIC, "t"));
    }

    @Test
    void serveEveryVersionOfTheProtocol() {
        assertThat(Exchange.versions(full).boxed()).containsExactly(0, 1, 2);
        assertThat(Exchange.versions(incremental).boxed()).containsExactly(0, 1);
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1})
    void incrementalChangesGoToTheController(int version) {
        controller.image.topic("t", 1);

        List<AlterConfigsResourceResponse> responses = change(version,
                resource(TOPIC, "t", op(OpType.SET, "retention.ms", "5"), op(OpType.DELETE, "segment.bytes", null)),
                resource(BROKER, "0", op(OpType.SET, "message.max.bytes", "6")),
                resource(BROKER, "", op(OpType.SET, "message.max.bytes", "7")));

        assertThat(responses).extracting(AlterConfigsResourceResponse::errorCode).containsOnly((short) 0).hasSize(3);
        assertThat(responses).extracting(AlterConfigsResourceResponse::errorMessage).containsOnlyNulls();
        assertThat(responses).extracting(AlterConfigsResourceResponse::resourceName).containsExactly("t", "0", "");
        assertThat(controller.altered).hasSize(1);
        var topic = new HashMap<String, String>();
        topic.put("retention.ms", "5");
        topic.put("segment.bytes", null);
        assertThat(controller.altered.getFirst())
                .isEqualTo(new FakeController.AlterCall(
                        Map.of(key(ConfigResource.Type.TOPIC, "t"), topic, key(ConfigResource.Type.BROKER, "0"),
                                Map.of("message.max.bytes", "6"), key(ConfigResource.Type.BROKER, ""),
                                Map.of("message.max.bytes", "7")),
                        false, false));
    }

    @ParameterizedTest
    @CsvSource({"consumer.session.timeout.ms,44999,group.consumer.min.session.timeout.ms",
            "consumer.session.timeout.ms,60001,group.consumer.max.session.timeout.ms",
            "consumer.heartbeat.interval.ms,4999,group.consumer.min.heartbeat.interval.ms",
            "consumer.heartbeat.interval.ms,15001,group.consumer.max.heartbeat.interval.ms",
            "consumer.heartbeat.interval.ms,soon,consumer.heartbeat.interval.ms"})
    void settingsOfGroupsOutsideTheNodesLimitsAreRefused(String name, String value, String told) {
        AlterConfigsResourceResponse response = change(1, resource(GROUP, "g", op(OpType.SET, name, value)))
                .getFirst();

        assertThat(Errors.forCode(response.errorCode())).isEqualTo(Errors.INVALID_CONFIG);
        assertThat(response.errorMessage()).contains(told);
        assertThat(controller.altered).isEmpty();
    }

    @Test
    void settingsOfGroupsAtTheNodesLimitsAreTaken() {
        var response = change(1, resource(GROUP, "g", op(OpType.SET, "consumer.session.timeout.ms", "60000"),
                op(OpType.SET, "consumer.heartbeat.interval.ms", "5000"))).getFirst();

        assertThat(response.errorCode()).isZero();
        assertThat(controller.altered).hasSize(1);
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 2})
    void theOlderWayReplacesAll(int version) {
        controller.image.topic("t", 1);
        var request = new AlterConfigsRequestData().setValidateOnly(true);
        var configs = new AlterConfigsRequestData.AlterableConfigCollection();
        configs.add(new AlterConfigsRequestData.AlterableConfig().setName("retention.ms").setValue("5"));
        request.resources().add(new AlterConfigsRequestData.AlterConfigsResource().setResourceType(TOPIC)
                .setResourceName("t").setConfigs(configs));
        request.resources()
                .add(new AlterConfigsRequestData.AlterConfigsResource().setResourceType(TOPIC).setResourceName("u"));

        var responses = Exchange.call(full, version, request, AlterConfigsResponseData.class).responses();

        assertThat(responses).extracting(response -> response.resourceName() + " " + response.errorCode())
                .containsExactly("t 0", "u " + Errors.UNKNOWN_TOPIC_OR_PARTITION.code());
        assertThat(controller.altered.getFirst()).isEqualTo(new FakeController.AlterCall(
                Map.of(key(ConfigResource.Type.TOPIC, "t"), Map.of("retention.ms", "5")), true, true));
    }

    @Test
    void noSettingsResetAllInTheOlderWay() {
        controller.image.topic("t", 1);
        var request = new AlterConfigsRequestData();
        request.resources()
                .add(new AlterConfigsRequestData.AlterConfigsResource().setResourceType(TOPIC).setResourceName("t"));
        Exchange.call(full, 2, request, AlterConfigsResponseData.class);
        assertThat(controller.altered.getFirst().changes())
                .isEqualTo(Map.of(key(ConfigResource.Type.TOPIC, "t"), Map.of()));
    }

    @Test
    void listsGrowAndShrink() {
        controller.image.topic("t", List.of(List.of(0)), Map.of("cleanup.policy", "a,b"));
        assertThat(applied(op(OpType.APPEND, "cleanup.policy", "c, b"))).isEqualTo(Map.of("cleanup.policy", "a,b,c"));
        assertThat(applied(op(OpType.SUBTRACT, "cleanup.policy", "a,x"))).isEqualTo(Map.of("cleanup.policy", "b"));
        assertThat(applied(op(OpType.SUBTRACT, "cleanup.policy", "a,b"))).isEqualTo(Map.of("cleanup.policy", ""));
        assertThat(applied(op(OpType.APPEND, "cleanup.policy", "a"))).as("nothing to change").isEqualTo(Map.of());
    }

    @Test
    void aListThatWasNotSetStartsFromTheValueInForce() {
        controller.image.topic("t", 1);
        assertThat(applied(op(OpType.APPEND, "cleanup.policy", "compact")))
                .isEqualTo(Map.of("cleanup.policy", "delete,compact"));
        change(1, resource(BROKER, "", op(OpType.APPEND, "log.cleanup.policy", "compact")));
        assertThat(controller.altered.getLast().changes()).isEqualTo(
                Map.of(key(ConfigResource.Type.BROKER, ""), Map.of("log.cleanup.policy", "delete,compact")));
    }

    @Test
    void operationsThatMakeNoSenseAreRefused() {
        controller.image.topic("t", 1);
        assertThat(applied(op(OpType.APPEND, "retention.ms", "1"))).isEqualTo(Errors.INVALID_CONFIG);
        assertThat(applied(op(OpType.SUBTRACT, "unheard.of", "1"))).isEqualTo(Errors.INVALID_CONFIG);
        assertThat(applied(op(OpType.SET, "retention.ms", null))).isEqualTo(Errors.INVALID_REQUEST);
        assertThat(applied(op(OpType.APPEND, "cleanup.policy", null))).isEqualTo(Errors.INVALID_REQUEST);
        assertThat(applied(op(OpType.SET, "retention.ms", "1").setConfigOperation((byte) 9)))
                .isEqualTo(Errors.INVALID_REQUEST);
        assertThat(applied(op(OpType.SET, "retention.ms", "1"), op(OpType.DELETE, "retention.ms", null)))
                .isEqualTo(Errors.INVALID_REQUEST);
        assertThat(controller.altered).isEmpty();
    }

    @ParameterizedTest
    @CsvSource({"2, nope, UNKNOWN_TOPIC_OR_PARTITION", "2, bad name, INVALID_TOPIC_EXCEPTION",
            "2, '', INVALID_TOPIC_EXCEPTION", "4, 9, INVALID_REQUEST", "4, x, INVALID_REQUEST",
            "8, 0, INVALID_REQUEST", "16, m, INVALID_REQUEST", "77, t, INVALID_REQUEST"})
    void whatThereIsNotIsRefused(byte type, String name, Errors error) {
        for (int version : new int[]{0, 1}) {
            AlterConfigsResourceResponse response = change(version,
                    resource(type, name, op(OpType.SET, "retention.ms", "1"))).getFirst();
            assertThat(response.errorCode()).isEqualTo(error.code());
            assertThat(response.errorMessage()).isNotBlank();
            assertThat(response.resourceType()).isEqualTo(type);
            assertThat(response.resourceName()).isEqualTo(name);
        }
        assertThat(controller.altered).isEmpty();
    }

    @Test
    void aResourceInTheRequestTwiceIsRefusedEachTime() {
        controller.image.topic("t", 1);
        controller.image.topic("u", 1);
        List<String> answers = new ArrayList<>();
        change(1, resource(TOPIC, "t", op(OpType.SET, "retention.ms", "1")), resource(TOPIC, "u"),
                resource(TOPIC, "t")).forEach(
                        response -> answers.add(response.resourceName() + " " + response.errorCode()));
        short invalid = Errors.INVALID_REQUEST.code();
        assertThat(answers).containsExactly("t " + invalid, "u 0", "t " + invalid);
        assertThat(controller.altered.getFirst().changes()).containsOnlyKeys(key(ConfigResource.Type.TOPIC, "u"));
    }

    @Test
    void theControllersRefusalReachesTheClient() {
        controller.image.topic("t", 1);
        controller.refusals.put("t", Errors.INVALID_CONFIG);
        AlterConfigsResourceResponse response = change(1, resource(TOPIC, "t", op(OpType.SET, "nope", "1")))
                .getFirst();
        assertThat(response.errorCode()).isEqualTo(Errors.INVALID_CONFIG.code());
        assertThat(response.errorMessage()).isEqualTo("refused: t");
    }
}
