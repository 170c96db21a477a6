package io.sluice.kafka.admin;

import static org.assertj.core.api.Assertions.assertThat;

import io.sluice.actors.config.StaticConfigs;
import io.sluice.kafka.fakes.Exchange;
import io.sluice.kafka.fakes.FakeController;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.apache.kafka.common.message.DescribeConfigsRequestData;
import org.apache.kafka.common.message.DescribeConfigsRequestData.DescribeConfigsResource;
import org.apache.kafka.common.message.DescribeConfigsResponseData;
import org.apache.kafka.common.message.DescribeConfigsResponseData.DescribeConfigsResourceResult;
import org.apache.kafka.common.message.DescribeConfigsResponseData.DescribeConfigsResult;
import org.apache.kafka.common.protocol.Errors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

class DescribeConfigsHandlerTest {

    private static final int LATEST = 4;
    private static final byte TOPIC = 2;
    private static final byte BROKER = 4;
    private static final byte GROUP = 32;

    private final FakeController controller = new FakeController();
    private final DescribeConfigsHandler handler = new DescribeConfigsHandler(controller,
            StaticConfigs.of(Map.of("log.retention.hours", "2")));

    static IntStream versions() {
        return IntStream.rangeClosed(1, LATEST);
    }

    private List<DescribeConfigsResult> call(int version, DescribeConfigsRequestData request) {
        return Exchange.call(handler, version, request, DescribeConfigsResponseData.class).results();
    }

    private static DescribeConfigsRequestData request(byte type, String name, String... keys) {
        return new DescribeConfigsRequestData().setResources(List.of(resource(type, name, keys)));
    }

    private static DescribeConfigsResource resource(byte type, String name, String... keys) {
        return new DescribeConfigsResource().setResourceType(type).setResourceName(name)
                .setConfigurationKeys(keys.length == 0 ? null : List.of(keys));
    }

    private DescribeConfigsResult only(int version, DescribeConfigsRequestData request) {
        List<DescribeConfigsResult> results = call(version, request);
        assertThat(results).hasSize(1);
        return results.getFirst();
    }

    private static DescribeConfigsResourceResult config(DescribeConfigsResult result, String name) {
        return result.configs().stream().filter(config -> config.name().equals(name)).findFirst().orElseThrow();
    }

    private static List<String> synonyms(DescribeConfigsResourceResult config) {
        return config.synonyms().stream()
                .map(synonym -> synonym.name() + "=" + synonym.value() + "@" + synonym.source()).toList();
    }

    @Test
    void servesEveryVersionOfTheProtocol() {
        assertThat(Exchange.versions(handler).boxed()).containsExactly(versions().boxed().toArray(Integer[]::new));
    }

    @ParameterizedTest
    @MethodSource("versions")
    void describesATopic(int version) {
        controller.image.topic("t", List.of(List.of(0)), Map.of("segment.bytes", "2000000"));

        DescribeConfigsResult result = only(version, request(TOPIC, "t"));

        assertThat(result.errorCode()).isZero();
        assertThat(result.resourceType()).isEqualTo(TOPIC);
        assertThat(result.resourceName()).isEqualTo("t");
        DescribeConfigsResourceResult own = config(result, "segment.bytes");
        assertThat(own.value()).isEqualTo("2000000");
        assertThat(own.configSource()).isEqualTo((byte) 1);
        assertThat(own.readOnly()).isFalse();
        assertThat(own.isSensitive()).isFalse();
        assertThat(own.synonyms()).as("only when asked for").isEmpty();
        assertThat(own.documentation()).as("only when asked for").isNullOrEmpty();
        assertThat(own.configType()).isEqualTo((byte) (version >= 3 ? 3 : 0));
        assertThat(config(result, "retention.ms").value()).isEqualTo("7200000");
        assertThat(config(result, "retention.ms").configSource()).as("what the node was started with")
                .isEqualTo((byte) 4);
        assertThat(config(result, "max.message.bytes").configSource()).as("default").isEqualTo((byte) 5);
    }

    @ParameterizedTest
    @MethodSource("versions")
    void synonymsAndDocumentationAreThereWhenAskedFor(int version) {
        controller.image.topic("t", List.of(List.of(0)), Map.of("retention.ms", "1"));
        controller.image.nodeConfigs.put(0, Map.of("log.retention.ms", "2"));
        controller.image.nodeConfigs.put(-1, Map.of("log.retention.ms", "3"));

        DescribeConfigsResult result = only(version, request(TOPIC, "t", "retention.ms").setIncludeSynonyms(true)
                .setIncludeDocumentation(version >= 3));

        assertThat(result.configs()).hasSize(1);
        DescribeConfigsResourceResult config = config(result, "retention.ms");
        assertThat(synonyms(config)).startsWith("retention.ms=1@1", "log.retention.ms=2@2", "log.retention.ms=3@3",
                "log.retention.hours=2@4");
        assertThat(config.documentation() != null && !config.documentation().isBlank()).isEqualTo(version >= 3);
    }

    @ParameterizedTest
    @MethodSource("versions")
    void describesAGroupByWhatItSetsAndWhatItDoesNot(int version) {
        controller.image.groupConfigs.put("g", Map.of("consumer.session.timeout.ms", "50000"));

        DescribeConfigsResult result = only(version, request(GROUP, "g").setIncludeSynonyms(true));

        assertThat(synonyms(config(result, "consumer.session.timeout.ms")))
                .containsExactly("consumer.session.timeout.ms=50000@8", "group.consumer.session.timeout.ms=45000@5");
        assertThat(config(result, "consumer.heartbeat.interval.ms").value()).isEqualTo("5000");
    }

    @ParameterizedTest
    @MethodSource("versions")
    void describesThisNode(int version) {
        controller.image.nodeConfigs.put(0, Map.of("message.max.bytes", "5000"));

        DescribeConfigsResult result = only(version, request(BROKER, "0"));

        assertThat(config(result, "message.max.bytes").value()).isEqualTo("5000");
        assertThat(config(result, "message.max.bytes").configSource()).isEqualTo((byte) 2);
        assertThat(config(result, "message.max.bytes").readOnly()).isFalse();
        assertThat(config(result, "num.partitions").readOnly()).isTrue();
        assertThat(config(result, "log.retention.hours").value()).isEqualTo("2");
        assertThat(config(result, "node.id").value()).isEqualTo("0");
    }

    @ParameterizedTest
    @MethodSource("versions")
    void theEmptyNameIsTheClustersDefaults(int version) {
        assertThat(only(version, request(BROKER, "")).configs()).isEmpty();
        controller.image.nodeConfigs.put(-1, Map.of("message.max.bytes", "6000"));
        DescribeConfigsResult result = only(version, request(BROKER, ""));
        assertThat(result.configs()).singleElement().satisfies(config -> {
            assertThat(config.name()).isEqualTo("message.max.bytes");
            assertThat(config.value()).isEqualTo("6000");
            assertThat(config.configSource()).isEqualTo((byte) 3);
        });
    }

    @ParameterizedTest
    @MethodSource("versions")
    void keysFilterAndAnEmptyListIsNoFilter(int version) {
        controller.image.topic("t", 1);
        assertThat(only(version, request(TOPIC, "t", "retention.ms", "unheard.of")).configs()).hasSize(1);
        var empty = new DescribeConfigsRequestData()
                .setResources(List.of(resource(TOPIC, "t").setConfigurationKeys(List.of())));
        assertThat(only(version, empty).configs()).hasSameSizeAs(only(version, request(TOPIC, "t")).configs());
    }

    @ParameterizedTest
    @CsvSource({"2, nope, UNKNOWN_TOPIC_OR_PARTITION", "2, bad name, INVALID_TOPIC_EXCEPTION",
            "2, '', INVALID_TOPIC_EXCEPTION", "4, 9, INVALID_REQUEST", "4, x, INVALID_REQUEST",
            "8, 0, INVALID_REQUEST", "16, m, INVALID_REQUEST", "32, '', INVALID_REQUEST", "0, t, INVALID_REQUEST",
            "77, t, INVALID_REQUEST"})
    void whatThereIsNotIsRefused(byte type, String name, Errors error) {
        versions().forEach(version -> {
            DescribeConfigsResult result = only(version, request(type, name));
            assertThat(result.errorCode()).isEqualTo(error.code());
            assertThat(result.errorMessage()).isNotBlank();
            assertThat(result.configs()).isEmpty();
            assertThat(result.resourceType()).isEqualTo(type);
            assertThat(result.resourceName()).isEqualTo(name);
        });
    }

    @Test
    void resourcesFailOneByOneAndMayRepeat() {
        controller.image.topic("t", 1);
        var request = new DescribeConfigsRequestData()
                .setResources(List.of(resource(TOPIC, "t"), resource((byte) 77, "x"), resource(TOPIC, "t")));
        assertThat(call(LATEST, request)).extracting(DescribeConfigsResult::errorCode).containsExactly((short) 0,
                Errors.INVALID_REQUEST.code(), (short) 0);
    }
}
