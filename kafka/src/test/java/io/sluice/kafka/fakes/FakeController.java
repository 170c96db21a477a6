package io.sluice.kafka.fakes;

import io.sluice.actors.controller.AdminResult;
import io.sluice.actors.controller.Controller;
import io.sluice.actors.controller.MetadataQuorum;
import io.sluice.actors.image.TopicImage;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Map.Entry;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Function;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.config.ConfigResource;
import org.apache.kafka.common.protocol.Errors;

/** A controller that does what it is told, unless a test says what goes wrong; it remembers its calls. */
public final class FakeController implements Controller {

    public record AlterCall(Map<ConfigResource, Map<String, String>> changes, boolean replaceAll,
            boolean validateOnly) {}

    public final FakeImage image = new FakeImage();
    public final List<NewTopic> created = new ArrayList<>();
    public final List<Uuid> deleted = new ArrayList<>();
    public final List<MorePartitions> grown = new ArrayList<>();
    /** What describeQuorum answers. */
    public MetadataQuorum quorum = new MetadataQuorum(0, 1, 10, List.of(new MetadataQuorum.Voter(0, "disk-0", 10)));
    public final List<NewReplicas> moved = new ArrayList<>();
    public final List<AlterCall> altered = new ArrayList<>();
    /** Refusals by name of the thing. */
    public final Map<String, Errors> refusals = new LinkedHashMap<>();
    /** If set, every stage fails with it. */
    public RuntimeException failure;
    /** If set, createTopics completes with this instead. */
    public CompletableFuture<Map<String, AdminResult<TopicImage>>> pendingCreation;

    @Override
    public FakeImage image() {
        return image;
    }

    @Override
    public CompletionStage<Map<String, AdminResult<TopicImage>>> createTopics(List<NewTopic> topics,
            boolean validateOnly, Duration timeout) {
        created.addAll(topics);
        if (pendingCreation != null) {
            return pendingCreation;
        }
        return answer(topics.stream().map(topic -> Map.entry(topic.name(), topic)).toList(), topic -> {
            int partitions = topic.assignment() != null ? topic.assignment().size() : Math.max(1, topic.partitions());
            var replicas = new ArrayList<List<Integer>>();
            for (int i = 0; i < partitions; i++) {
                replicas.add(topic.assignment() != null ? topic.assignment().get(i) : List.of(0));
            }
            var made = new TopicImage(Uuid.randomUuid(), topic.name(), replicas, topic.configs());
            if (!validateOnly) {
                image.topics.put(topic.name(), made);
            }
            return made;
        });
    }

    @Override
    public CompletionStage<AdminResult<TopicImage>> createInternalTopic(NewTopic topic, Duration timeout) {
        throw new UnsupportedOperationException("the edge creates no internal topics");
    }

    @Override
    public CompletionStage<Map<Uuid, AdminResult<TopicImage>>> deleteTopics(List<Uuid> topics, Duration timeout) {
        deleted.addAll(topics);
        return answer(topics.stream().map(id -> Map.entry(id, id)).toList(), id -> {
            TopicImage topic = image.topic(id).orElseThrow();
            image.topics.remove(topic.name());
            return topic;
        });
    }

    @Override
    public CompletionStage<Map<String, AdminResult<TopicImage>>> createPartitions(List<MorePartitions> topics,
            boolean validateOnly, Duration timeout) {
        grown.addAll(topics);
        return answer(topics.stream().map(topic -> Map.entry(topic.topic(), topic)).toList(),
                topic -> image.topics.get(topic.topic()));
    }

    @Override
    public CompletionStage<Map<ConfigResource, AdminResult<Void>>> alterConfigs(
            Map<ConfigResource, Map<String, String>> changes, boolean replaceAll, boolean validateOnly,
            Duration timeout) {
        altered.add(new AlterCall(changes, replaceAll, validateOnly));
        return answer(changes.keySet().stream().map(resource -> Map.entry(resource, resource)).toList(),
                resource -> null);
    }

    @Override
    public CompletionStage<Map<TopicPartition, AdminResult<Void>>> alterReassignments(List<NewReplicas> changes,
            boolean allowFactorChange, Duration timeout) {
        moved.addAll(changes);
        return answer(changes.stream()
                .map(change -> Map.entry(new TopicPartition(change.topic(), change.partition()), change)).toList(),
                change -> null);
    }

    @Override
    public CompletionStage<AdminResult<Void>> setReplicas(Uuid topic, int partition, int version,
            List<Integer> replicas, Duration timeout) {
        throw new UnsupportedOperationException("the edge sets no replicas");
    }

    @Override
    public CompletionStage<AdminResult<Void>> unregisterNode(int id, Duration timeout) {
        return answer(List.of(Map.entry(id, id)), node -> (Void) null).thenApply(results -> results.get(id));
    }

    @Override
    public void reportLag(Map<String, List<Integer>> lagging) {
        throw new UnsupportedOperationException("the edge knows nothing of replicas");
    }

    @Override
    public CompletionStage<MetadataQuorum> describeQuorum(Duration timeout) {
        return failure == null ? CompletableFuture.completedFuture(quorum) : CompletableFuture.failedFuture(failure);
    }

    @Override
    public CompletionStage<AdminResult<Long>> nextProducerId() {
        return CompletableFuture.completedFuture(AdminResult.of(1L));
    }

    private <K, T, V> CompletionStage<Map<K, AdminResult<V>>> answer(List<Entry<K, T>> things,
            Function<T, V> todo) {
        if (failure != null) {
            return CompletableFuture.failedFuture(failure);
        }
        Map<K, AdminResult<V>> results = new LinkedHashMap<>();
        for (Entry<K, T> thing : things) {
            String name = thing.getKey() instanceof ConfigResource resource
                    ? resource.name()
                    : thing.getKey().toString();
            Errors refusal = refusals.get(name);
            results.put(thing.getKey(), refusal == null
                    ? AdminResult.of(todo.apply(thing.getValue()))
                    : AdminResult.failed(refusal, "refused: " + name));
        }
        return CompletableFuture.completedFuture(results);
    }
}
