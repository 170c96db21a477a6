package io.sluice.kafka.admin;

import static org.assertj.core.api.Assertions.assertThat;

import io.sluice.kafka.fakes.Exchange;
import io.sluice.kafka.fakes.FakeController;
import io.sluice.kafka.fakes.FakePartitions;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.apache.kafka.common.message.DescribeLogDirsRequestData;
import org.apache.kafka.common.message.DescribeLogDirsRequestData.DescribableLogDirTopic;
import org.apache.kafka.common.message.DescribeLogDirsRequestData.DescribableLogDirTopicCollection;
import org.apache.kafka.common.message.DescribeLogDirsResponseData;
import org.apache.kafka.common.message.DescribeLogDirsResponseData.DescribeLogDirsResult;
import org.apache.kafka.common.protocol.Errors;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class DescribeLogDirsHandlerTest {

    @TempDir
    Path directory;

    private final FakeController controller = new FakeController();
    private final FakePartitions partitions = new FakePartitions();

    static IntStream versions() {
        return IntStream.rangeClosed(1, 5);
    }

    @BeforeEach
    void topics() {
        controller.image.node(1, true);
        controller.image.topic("a", List.of(List.of(0), List.of(1), List.of(1, 0)), Map.of());
        controller.image.topic("elsewhere", List.of(List.of(1)), Map.of());
        partitions.sizes.put("a-0", 100L);
    }

    private DescribeLogDirsResponseData call(int version, DescribeLogDirsRequestData request, Path path) {
        return Exchange.call(new DescribeLogDirsHandler(controller, partitions, path), version, request,
                DescribeLogDirsResponseData.class);
    }

    private static List<String> sizes(DescribeLogDirsResult result) {
        List<String> sizes = new ArrayList<>();
        result.topics().forEach(topic -> topic.partitions().forEach(partition -> sizes
                .add(topic.name() + "-" + partition.partitionIndex() + "=" + partition.partitionSize())));
        return sizes;
    }

    @Test
    void servesEveryVersionOfTheProtocol() {
        var handler = new DescribeLogDirsHandler(controller, partitions, directory);
        assertThat(Exchange.versions(handler).boxed()).containsExactly(versions().boxed().toArray(Integer[]::new));
    }

    @ParameterizedTest
    @MethodSource("versions")
    void nullAsksForAllThatThisNodeHolds(int version) {
        DescribeLogDirsResponseData response = call(version, new DescribeLogDirsRequestData().setTopics(null),
                directory);

        assertThat(response.errorCode()).isZero();
        assertThat(response.results()).hasSize(1);
        DescribeLogDirsResult result = response.results().getFirst();
        assertThat(result.errorCode()).isZero();
        assertThat(result.logDir()).isEqualTo(directory.toAbsolutePath().toString());
        assertThat(sizes(result)).containsExactly("a-0=100", "a-2=0");
        assertThat(result.topics().getFirst().partitions().getFirst().isFutureKey()).isFalse();
        assertThat(result.topics().getFirst().partitions().getFirst().offsetLag()).isZero();
        if (version >= 4) {
            assertThat(result.totalBytes()).isPositive().isGreaterThanOrEqualTo(result.usableBytes());
            assertThat(result.usableBytes()).isPositive();
        } else {
            assertThat(result.totalBytes()).isEqualTo(-1);
        }
    }

    @ParameterizedTest
    @MethodSource("versions")
    void partitionsThatAreNotHereAreLeftOut(int version) {
        var topics = new DescribableLogDirTopicCollection();
        topics.add(new DescribableLogDirTopic().setTopic("a").setPartitions(List.of(0, 0, 1, 77, -1)));
        topics.add(new DescribableLogDirTopic().setTopic("nope").setPartitions(List.of(0)));
        topics.add(new DescribableLogDirTopic().setTopic("elsewhere").setPartitions(List.of(0)));

        DescribeLogDirsResponseData response = call(version, new DescribeLogDirsRequestData().setTopics(topics),
                directory);

        assertThat(sizes(response.results().getFirst())).containsExactly("a-0=100");
        assertThat(response.results().getFirst().topics()).hasSize(1);
    }

    @Test
    void anEmptyListShowsTheDirectoryAlone() {
        assertThat(sizes(call(5, new DescribeLogDirsRequestData(), directory).results().getFirst())).isEmpty();
    }

    @Test
    void aDirectoryThatCannotBeReadIsAnErrorOfTheDirectory() {
        var response = call(5, new DescribeLogDirsRequestData(), directory.resolve("gone"));
        assertThat(response.results().getFirst().errorCode()).isEqualTo(Errors.KAFKA_STORAGE_ERROR.code());
    }
}
