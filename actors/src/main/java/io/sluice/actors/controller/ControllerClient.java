package io.sluice.actors.controller;

import io.sluice.actors.config.NodeSettings;
import io.sluice.actors.controller.ControllerAnswer.Item;
import io.sluice.actors.image.ClusterImage;
import io.sluice.actors.image.TopicImage;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Function;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.config.ConfigResource;
import org.apache.kafka.common.protocol.Errors;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.actor.typed.ActorSystem;
import org.apache.pekko.actor.typed.javadsl.AskPattern;

/**
 * Asks the controller, wherever it runs, and answers once this node's image has the change.
 *
 * <p>A request is sent once. If it or its answer is lost, because the controller moved, the client gets REQUEST_TIMED_OUT and does not know whether
 * the change was made; should it ask again, it may be told TOPIC_ALREADY_EXISTS. Kafka's clients know that case from Kafka.
 */
final class ControllerClient implements Controller {

    private final ActorSystem<?> system;
    private final ActorRef<ControllerCommand> controller;
    private final PublishedImages images;
    private final NodeSettings node;
    private final ControllerSettings settings;
    private final ProducerIds producerIds;

    ControllerClient(ActorSystem<?> system, ActorRef<ControllerCommand> controller, PublishedImages images,
            NodeSettings node, ControllerSettings settings) {
        this.system = system;
        this.controller = controller;
        this.images = images;
        this.node = node;
        this.settings = settings;
        this.producerIds = new ProducerIds(settings.producerIdBlock(), this::reserveProducerIds);
    }

    @Override
    public ClusterImage image() {
        return images.current();
    }

    @Override
    public CompletionStage<Map<String, AdminResult<TopicImage>>> createTopics(List<NewTopic> topics,
            boolean validateOnly, Duration timeout) {
        List<NewTopic> complete = topics.stream().map(this::withDefaults).toList();
        return ask(new ControllerRequest.CreateTopics(complete, validateOnly), complete, NewTopic::name,
                Item::toTopicResult, timeout);
    }

    @Override
    public CompletionStage<AdminResult<TopicImage>> createInternalTopic(NewTopic topic, Duration timeout) {
        return ask(new ControllerRequest.CreateInternalTopic(topic), List.of(topic), NewTopic::name,
                Item::toTopicResult, timeout).thenApply(results -> results.get(topic.name()));
    }

    @Override
    public CompletionStage<Map<Uuid, AdminResult<TopicImage>>> deleteTopics(List<Uuid> topics, Duration timeout) {
        if (!node.deleteTopics()) {
            Map<Uuid, AdminResult<TopicImage>> refused = new HashMap<>();
            topics.forEach(id -> refused.put(id, AdminResult.failed(Errors.TOPIC_DELETION_DISABLED,
                    "topics cannot be deleted while delete.topic.enable=false")));
            return CompletableFuture.completedFuture(refused);
        }
        return ask(new ControllerRequest.DeleteTopics(topics.stream().map(Uuid::toString).toList()), topics,
                Function.identity(), Item::toTopicResult, timeout);
    }

    @Override
    public CompletionStage<Map<String, AdminResult<TopicImage>>> createPartitions(List<MorePartitions> topics,
            boolean validateOnly, Duration timeout) {
        return ask(new ControllerRequest.CreatePartitions(topics, validateOnly), topics, MorePartitions::topic,
                Item::toTopicResult, timeout);
    }

    @Override
    public CompletionStage<Map<ConfigResource, AdminResult<Void>>> alterConfigs(
            Map<ConfigResource, Map<String, String>> changes, boolean replaceAll, boolean validateOnly,
            Duration timeout) {
        List<ConfigResource> resources = new ArrayList<>(changes.keySet());
        List<ControllerRequest.ConfigChange> list = resources.stream()
                .map(resource -> new ControllerRequest.ConfigChange(resource.type().id(), resource.name(),
                        changes.get(resource)))
                .toList();
        return ask(new ControllerRequest.AlterConfigs(list, replaceAll, validateOnly), resources, Function.identity(),
                ControllerClient::withoutValue, timeout);
    }

    @Override
    public CompletionStage<Map<TopicPartition, AdminResult<Void>>> alterReassignments(List<NewReplicas> changes,
            boolean allowFactorChange, Duration timeout) {
        return ask(new ControllerRequest.AlterReassignments(changes, allowFactorChange), changes,
                change -> new TopicPartition(change.topic(), change.partition()), ControllerClient::withoutValue,
                timeout);
    }

    @Override
    public CompletionStage<AdminResult<Void>> setReplicas(Uuid topic, int partition, int version,
            List<Integer> replicas, Duration timeout) {
        return ask(new ControllerRequest.SetReplicas(topic.toString(), partition, version, replicas), List.of(topic),
                Function.identity(), ControllerClient::withoutValue, timeout).thenApply(results -> results.get(topic));
    }

    @Override
    public CompletionStage<AdminResult<Void>> unregisterNode(int id, Duration timeout) {
        return ask(new ControllerRequest.UnregisterNode(id), List.of(id), Function.identity(),
                ControllerClient::withoutValue, timeout).thenApply(results -> results.get(id));
    }

    @Override
    public void reportLag(Map<String, List<Integer>> lagging) {
        controller.tell(new ControllerCommand.ReportLag(images.current().selfId(), lagging));
    }

    @Override
    public CompletionStage<MetadataQuorum> describeQuorum(Duration timeout) {
        return AskPattern.ask(controller, ControllerCommand.DescribeQuorum::new,
                ControllerAsk.clamp(timeout, settings.timeoutMin(), settings.timeoutMax()), system.scheduler());
    }

    private static AdminResult<Void> withoutValue(Item item) {
        return new AdminResult<>(item.errors(), item.message(), null);
    }

    @Override
    public CompletionStage<AdminResult<Long>> nextProducerId() {
        return producerIds.next();
    }

    private CompletionStage<AdminResult<Long>> reserveProducerIds() {
        var request = new ControllerRequest.ReserveProducerIds(images.current().selfId(), settings.producerIdBlock());
        return ControllerAsk
                .answer(system, controller, request, settings.timeoutMin()).<AdminResult<Long>>thenApply(answer -> {
                    Item item = answer.items().getFirst();
                    return item.errors() == Errors.NONE
                            ? AdminResult.of(item.number())
                            : AdminResult.failed(item.errors(), item.message());
                })
                .exceptionally(error -> AdminResult.failed(Errors.COORDINATOR_NOT_AVAILABLE,
                        "the controller did not answer within " + settings.timeoutMin()));
    }

    private NewTopic withDefaults(NewTopic topic) {
        if (topic.assignment() != null) {
            return topic;
        }
        return new NewTopic(topic.name(), topic.partitions() == -1 ? node.numPartitions() : topic.partitions(),
                topic.replicationFactor() == -1 ? node.defaultReplicationFactor() : topic.replicationFactor(), null,
                topic.configs());
    }

    private <T, K, V> CompletionStage<Map<K, AdminResult<V>>> ask(ControllerRequest request, List<T> asked,
            Function<T, K> key, Function<Item, AdminResult<V>> value, Duration timeout) {
        Duration bounded = ControllerAsk.clamp(timeout, settings.timeoutMin(), settings.timeoutMax());
        long deadline = System.nanoTime() + bounded.toNanos();
        return ControllerAsk.answer(system, controller, request, bounded)
                .thenCompose(answer -> images
                        .await(image -> image.version() >= answer.version(),
                                Duration.ofNanos(Math.max(1_000_000, deadline - System.nanoTime())))
                        .thenApply(image -> answer.items()))
                .handle((items, error) -> {
                    Map<K, AdminResult<V>> results = new LinkedHashMap<>();
                    for (int i = 0; i < asked.size(); i++) {
                        results.put(key.apply(asked.get(i)),
                                error == null
                                        ? value.apply(items.get(i))
                                        : AdminResult.failed(Errors.REQUEST_TIMED_OUT,
                                                "the controller did not answer within " + bounded.toMillis()
                                                        + " ms; whether the change was made is not known"));
                    }
                    return results;
                });
    }
}
