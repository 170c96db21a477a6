package io.sluice.kafka.admin;

import io.sluice.actors.controller.Controller;
import io.sluice.actors.image.ClusterImage;
import io.sluice.actors.image.TopicImage;
import io.sluice.actors.partition.PartitionRef;
import io.sluice.actors.partition.Partitions;
import io.sluice.kafka.api.ApiHandler;
import io.sluice.kafka.api.RequestContext;
import java.io.IOException;
import java.nio.file.FileStore;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.apache.kafka.common.message.DescribeLogDirsRequestData;
import org.apache.kafka.common.message.DescribeLogDirsResponseData;
import org.apache.kafka.common.message.DescribeLogDirsResponseData.DescribeLogDirsPartition;
import org.apache.kafka.common.message.DescribeLogDirsResponseData.DescribeLogDirsResult;
import org.apache.kafka.common.message.DescribeLogDirsResponseData.DescribeLogDirsTopic;
import org.apache.kafka.common.protocol.ApiKeys;
import org.apache.kafka.common.protocol.ApiMessage;
import org.apache.kafka.common.protocol.Errors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** DescribeLogDirs (KIP-113, KIP-827): the node's one data directory, and what the partitions on it take. */
final class DescribeLogDirsHandler implements ApiHandler {

    private static final Logger LOG = LoggerFactory.getLogger(DescribeLogDirsHandler.class);

    private final Controller controller;
    private final Partitions partitions;
    private final Path dataDirectory;

    DescribeLogDirsHandler(Controller controller, Partitions partitions, Path dataDirectory) {
        this.controller = controller;
        this.partitions = partitions;
        this.dataDirectory = dataDirectory.toAbsolutePath().normalize();
    }

    @Override
    public ApiKeys api() {
        return ApiKeys.DESCRIBE_LOG_DIRS;
    }

    @Override
    public CompletionStage<DescribeLogDirsResponseData> handle(RequestContext context, ApiMessage message) {
        var request = (DescribeLogDirsRequestData) message;
        // sizes and free space are the file system's to tell, so not on the connection's event loop
        return CompletableFuture.supplyAsync(() -> describe(request), Thread::startVirtualThread);
    }

    private DescribeLogDirsResponseData describe(DescribeLogDirsRequestData request) {
        ClusterImage image = controller.image();
        var directory = new DescribeLogDirsResult().setLogDir(dataDirectory.toString());
        Stream<DescribeLogDirsTopic> topics = request.topics() == null
                ? image.topics().stream().map(
                        topic -> describe(image, topic, IntStream.range(0, topic.partitionCount()).boxed().toList()))
                : request.topics().stream().flatMap(asked -> image.topic(asked.topic()).stream()
                        .map(topic -> describe(image, topic, asked.partitions())));
        directory.setTopics(topics.filter(topic -> !topic.partitions().isEmpty()).toList());
        try {
            FileStore store = Files.getFileStore(dataDirectory);
            directory.setTotalBytes(store.getTotalSpace()).setUsableBytes(store.getUsableSpace());
        } catch (IOException e) {
            LOG.warn("the data directory {} cannot be read: {}", dataDirectory, e.toString());
            directory.setErrorCode(Errors.KAFKA_STORAGE_ERROR.code());
        }
        return new DescribeLogDirsResponseData().setResults(List.of(directory));
    }

    /** The partitions that this node holds; others, and those that do not exist, are left out. */
    private DescribeLogDirsTopic describe(ClusterImage image, TopicImage topic, List<Integer> indexes) {
        return new DescribeLogDirsTopic().setName(topic.name())
                .setPartitions(indexes.stream().distinct().filter(topic::hasPartition)
                        .filter(index -> topic.replicas().get(index).contains(image.selfId()))
                        .map(index -> new DescribeLogDirsPartition().setPartitionIndex(index).setPartitionSize(
                                partitions.sizeInBytes(new PartitionRef(topic.id(), topic.name(), index))))
                        .toList());
    }
}
