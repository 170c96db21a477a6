package io.sluice.actors.partition;

import static io.sluice.actors.partition.PartitionNode.get;
import static io.sluice.actors.partition.PartitionNode.ref;
import static io.sluice.actors.partition.PartitionNode.topic;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.sluice.actors.image.TopicImage;
import io.sluice.actors.partition.Partitions.DeleteRecordsOutcome;
import io.sluice.persistence.log.BatchHeader;
import io.sluice.persistence.log.LogSlice;
import java.io.File;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.errors.NotLeaderOrFollowerException;
import org.apache.kafka.common.errors.UnknownTopicIdException;
import org.apache.kafka.common.protocol.Errors;
import org.assertj.core.api.Assertions;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LocalPartitionsTest {

    @TempDir
    private Path directory;

    private final TopicImage topic = topic("events", 3, Map.of("message.timestamp.after.max.ms", "9000000000000"));
    private final PartitionRef ref = ref(topic, 0);
    private PartitionNode node;

    @BeforeEach
    void startNode() {
        start("");
    }

    @AfterEach
    void stopNode() {
        node.close();
    }

    private void start(String settings) {
        node = PartitionNode.start(directory, settings, topic);
    }

    private void restart(String settings) {
        node.close();
        start(settings);
    }

    @Test
    void storesBatchesAndServesThem() throws IOException {
        assertThat(node.partitions.active(ref)).isNull();
        assertThat(node.partitions.leaderEpoch(ref)).isEqualTo(-1);

        AppendOutcome first = node.append(ref, Batches.plain(3));
        AppendOutcome second = node.append(ref, Batches.plain(2));

        assertThat(first).isEqualTo(new AppendOutcome(Errors.NONE, null, 0, -1, 0));
        assertThat(second.baseOffset()).isEqualTo(3);
        ActivePartition active = node.partitions.active(ref);
        assertThat(active.log().view().highWatermark()).isEqualTo(5);
        assertThat(node.partitions.leaderEpoch(ref)).isEqualTo(active.leaderEpoch()).isZero();
        try (LogSlice slice = get(active.log().view().read(0, 1 << 20, true))) {
            ByteBuffer bytes = ByteBuffer.allocate(slice.length());
            slice.channel().read(bytes, slice.position());
            BatchHeader header = BatchHeader.read(bytes, 0);
            assertThat(header.recordCount()).isEqualTo(3);
            assertThat(header.leaderEpoch()).isEqualTo(active.leaderEpoch());
            assertThat(BatchHeader.computeCrc(bytes, 0, header.sizeInBytes())).isEqualTo(header.crc());
        }
        assertThat(node.partitions.sizeInBytes(ref)).isPositive();
    }

    @Test
    void keepsTheOrderOfAppendsThatComeWhileItStarts() {
        List<CompletionStage<AppendOutcome>> answers = new ArrayList<>();
        for (int i = 0; i < 500; i++) {
            answers.add(node.partitions.append(ref, Batches.idempotent(9, 0, i, 1)));
        }
        for (int i = 0; i < 500; i++) {
            assertThat(get(answers.get(i))).isEqualTo(new AppendOutcome(Errors.NONE, null, i, -1, 0));
        }
    }

    @Test
    void answersEveryAppendWhenTheSystemEndsUnderThem() throws InterruptedException {
        node.append(ref, Batches.plain(1));
        List<CompletionStage<AppendOutcome>> answers = new ArrayList<>();
        Thread client = Thread.ofPlatform().start(() -> {
            while (!node.system.whenTerminated().isCompleted()) {
                answers.add(node.partitions.append(ref, Batches.plain(1)));
            }
        });
        await().until(() -> node.partitions.active(ref).log().view().highWatermark() > 100);

        node.system.terminate();
        client.join();
        node.close();

        answers.forEach(PartitionNode::get);
    }

    @Test
    void refusesWhatItMust() {
        assertThat(node.append(new PartitionRef(Uuid.randomUuid(), "events", 0), Batches.plain(1)).error())
                .isEqualTo(Errors.UNKNOWN_TOPIC_ID);
        assertThat(node.append(ref(topic, 3), Batches.plain(1)).error()).isEqualTo(Errors.UNKNOWN_TOPIC_OR_PARTITION);
        assertThat(node.append(ref, Batches.plain(1).put(30, (byte) 9)).error()).isEqualTo(Errors.CORRUPT_MESSAGE);
        TopicImage elsewhere = new TopicImage(Uuid.randomUuid(), "elsewhere", List.of(List.of(1)), Map.of());
        node.put(elsewhere);
        assertThat(node.append(ref(elsewhere, 0), Batches.plain(1)).error()).isEqualTo(Errors.NOT_LEADER_OR_FOLLOWER);
        assertThat(failure(node.partitions.activate(ref(elsewhere, 0))))
                .isInstanceOf(NotLeaderOrFollowerException.class);
        assertThat(failure(node.partitions.activate(new PartitionRef(Uuid.randomUuid(), "x", 0))))
                .isInstanceOf(UnknownTopicIdException.class);
        assertThat(node.partitions.active(ref)).isNull();
    }

    @Test
    void answersDuplicatesWithTheFirstOffset() {
        node.append(ref, Batches.plain(7));
        node.append(ref, Batches.idempotent(9, 0, 0, 2));

        assertThat(node.append(ref, Batches.idempotent(9, 0, 0, 2)).baseOffset()).isEqualTo(7);
        assertThat(node.append(ref, Batches.idempotent(9, 0, 5, 2)).error())
                .isEqualTo(Errors.OUT_OF_ORDER_SEQUENCE_NUMBER);
        assertThat(node.partitions.active(ref).log().view().highWatermark()).isEqualTo(9);
    }

    @Test
    void knowsWhetherEnoughReplicasAreInSync() {
        assertThat(node.partitions.hasEnoughInSync(ref)).isTrue();

        node.close();
        TopicImage demanding = topic("events", 1, Map.of("min.insync.replicas", "2"));
        node = PartitionNode.start(directory, "", demanding);

        assertThat(node.partitions.hasEnoughInSync(ref(demanding, 0))).isFalse();
    }

    @Test
    void isNotAskedHowManyReplicasAreInSyncOfWhatItDoesNotLead() {
        TopicImage elsewhere = new TopicImage(Uuid.randomUuid(), "elsewhere", List.of(List.of(1)), Map.of());
        node.put(elsewhere);

        assertThat(node.partitions.hasEnoughInSync(ref(elsewhere, 0)))
                .as("the append is refused, which sends clients on")
                .isTrue();
    }

    @Test
    void knowsDuplicatesAfterACrash() {
        for (int i = 0; i < 20; i++) {
            node.append(ref, Batches.idempotent(9, 0, i, 1));
        }

        restart("");

        assertThat(node.append(ref, Batches.idempotent(9, 0, 17, 1)))
                .isEqualTo(new AppendOutcome(Errors.NONE, null, 17, -1, 0));
        assertThat(node.append(ref, Batches.idempotent(9, 0, 20, 1)).baseOffset()).isEqualTo(20);
        assertThat(node.append(ref, Batches.idempotent(9, 0, 22, 1)).error())
                .isEqualTo(Errors.OUT_OF_ORDER_SEQUENCE_NUMBER);
        assertThat(node.partitions.leaderEpoch(ref)).isEqualTo(1);
    }

    @Test
    void knowsDuplicatesAfterACrashFromASnapshot() {
        restart("sluice.partition.snapshot-every = 7");
        int stored = 0;
        while (count(directory.resolve("snapshots").toFile()) < 2 || stored < 100) {
            assertThat(node.append(ref, Batches.idempotent(9, 0, stored++, 1)).error()).isEqualTo(Errors.NONE);
        }
        await().until(() -> count(directory.resolve("snapshots").toFile()) == 2);

        restart("");

        int last = stored - 1;
        assertThat(node.append(ref, Batches.idempotent(9, 0, last - 4, 1)).baseOffset()).isEqualTo(last - 4);
        assertThat(node.append(ref, Batches.idempotent(9, 0, last + 1, 1)).baseOffset()).isEqualTo(last + 1);
    }

    @Test
    void restsWhenNobodyUsesItAndComesBack() {
        restart("sluice.partition { passivate-after = 200ms, snapshot-on-stop = 1 }");
        node.append(ref, Batches.idempotent(9, 0, 0, 2));

        await().until(() -> node.partitions.leaderEpoch(ref) == -1);
        await().until(() -> count(directory.resolve("snapshots").toFile()) == 1);

        assertThat(node.append(ref, Batches.idempotent(9, 0, 0, 2)).baseOffset()).isZero();
        assertThat(node.append(ref, Batches.idempotent(9, 0, 2, 1)).baseOffset()).isEqualTo(2);
        assertThat(node.partitions.leaderEpoch(ref)).isEqualTo(1);
    }

    @Test
    void staysUpWhileItIsRead() {
        restart("sluice.partition.passivate-after = 500ms");
        node.append(ref, Batches.plain(1));

        await().pollInterval(50, TimeUnit.MILLISECONDS).during(2, TimeUnit.SECONDS).atMost(4, TimeUnit.SECONDS)
                .until(() -> node.partitions.active(ref) != null);
        assertThat(node.partitions.leaderEpoch(ref)).isZero();
    }

    @Test
    void losesNoAppendThatMeetsAPartitionGoingToRest() {
        restart("sluice.partition.passivate-after = 50ms");
        for (int i = 0; i < 60; i++) {
            assertThat(node.append(ref, Batches.idempotent(9, 0, i, 1)).error()).isEqualTo(Errors.NONE);
            await().pollDelay(i % 6 * 10L + 40, TimeUnit.MILLISECONDS).until(() -> true);
        }
        assertThat(get(node.partitions.activate(ref)).leaderEpoch()).as("it rested in between").isPositive();
    }

    @Test
    void deletesRecords() {
        node.append(ref, Batches.plain(3));
        node.append(ref, Batches.plain(3));

        assertThat(get(node.partitions.deleteRecords(ref, 3))).isEqualTo(new DeleteRecordsOutcome(Errors.NONE, 3));
        assertThat(get(node.partitions.deleteRecords(ref, 7)).error()).isEqualTo(Errors.OFFSET_OUT_OF_RANGE);
        assertThat(get(node.partitions.deleteRecords(ref, -2)).error()).isEqualTo(Errors.OFFSET_OUT_OF_RANGE);
        assertThat(get(node.partitions.deleteRecords(ref(topic, 9), 0)))
                .isEqualTo(new DeleteRecordsOutcome(Errors.UNKNOWN_TOPIC_OR_PARTITION, -1));
        assertThat(get(node.partitions.deleteRecords(ref, -1))).isEqualTo(new DeleteRecordsOutcome(Errors.NONE, 6));
        assertThat(node.append(ref, Batches.plain(1))).isEqualTo(new AppendOutcome(Errors.NONE, null, 6, -1, 6));

        restart("");

        assertThat(get(node.partitions.deleteRecords(ref, 2)).lowWatermark()).isEqualTo(6);
    }

    @Test
    void setsTheLeadersTimestampWhereTheTopicWantsIt() {
        TopicImage stamped = topic("stamped", 1, Map.of("message.timestamp.type", "LogAppendTime"));
        node.put(stamped);

        AppendOutcome outcome = node.append(ref(stamped, 0), Batches.idempotent(9, 0, 0, 1));

        assertThat(outcome.logAppendTimeMs()).isGreaterThan(Batches.NOW);
        assertThat(node.append(ref(stamped, 0), Batches.idempotent(9, 0, 0, 1))).isEqualTo(outcome);
    }

    @Test
    void followsATopicsSettings() {
        node.append(ref, Batches.plain(1));
        int size = Batches.plain(50).limit();
        node.put(new TopicImage(topic.id(), topic.name(), topic.replicas(),
                Map.of("max.message.bytes", String.valueOf(size - 1), "message.timestamp.after.max.ms",
                        "9000000000000")));

        assertThat(node.append(ref, Batches.plain(50)).error()).isEqualTo(Errors.MESSAGE_TOO_LARGE);
    }

    @Test
    void deletesWhatBelongsToADeletedTopic() throws IOException {
        restart("sluice.partition.snapshot-every = 1");
        node.append(ref, Batches.idempotent(9, 0, 0, 1));
        node.append(ref(topic, 1), Batches.plain(1));
        assertThat(node.store.persistenceIds()).hasSize(2);
        Path snapshots = directory.resolve("snapshots");
        await().until(() -> !isEmpty(snapshots));

        node.delete(topic);

        await().until(() -> node.store.persistenceIds().isEmpty());
        assertThat(isEmpty(snapshots)).isTrue();
        assertThat(node.partitions.active(ref)).isNull();
        assertThat(node.append(ref, Batches.plain(1)).error()).isEqualTo(Errors.UNKNOWN_TOPIC_ID);
    }

    @Test
    void deletesWhatADeletedTopicLeftBehind() {
        node.append(ref, Batches.plain(1));
        node.close();

        node = PartitionNode.start(directory, "", topic("another", 1, Map.of()));

        await().until(() -> node.store.persistenceIds().isEmpty());
    }

    @Test
    void refusesMoreThanMayBeInFlight() {
        restart("sluice.partition.in-flight-appends-max = 10");
        List<CompletionStage<AppendOutcome>> answers = new ArrayList<>();
        for (int i = 0; i < 50; i++) {
            answers.add(node.partitions.append(ref, Batches.plain(1)));
        }

        List<Errors> errors = answers.stream().map(answer -> get(answer).error()).toList();

        assertThat(errors).contains(Errors.REQUEST_TIMED_OUT).startsWith(Errors.NONE);
        assertThat(errors.stream().filter(Errors.NONE::equals).count())
                .isEqualTo(node.partitions.active(ref).log().view().highWatermark()).isGreaterThanOrEqualTo(10);
        assertThat(node.append(ref, Batches.plain(1)).error()).isEqualTo(Errors.NONE);
    }

    @Test
    void failsAndStartsAnewWhenTheClaimIsLost() {
        node.append(ref, Batches.plain(1));
        get(node.partitions.active(ref).log().claim());

        List<CompletionStage<AppendOutcome>> answers = new ArrayList<>();
        for (int i = 0; i < 5; i++) {
            answers.add(node.partitions.append(ref, Batches.plain(1)));
        }

        answers.forEach(answer -> assertThat(get(answer).error()).isEqualTo(Errors.NOT_LEADER_OR_FOLLOWER));
        await().until(() -> node.append(ref, Batches.plain(1)).error() == Errors.NONE);
        assertThat(node.partitions.leaderEpoch(ref)).isEqualTo(2);
    }

    @Test
    void failsAndStartsAnewWhenTheDiskRefuses() {
        node.close();
        FailingDisk disk = new FailingDisk();
        node = PartitionNode.start(directory, "", disk::around, topic);
        node.append(ref, Batches.idempotent(9, 0, 0, 1));
        disk.full = true;

        List<CompletionStage<AppendOutcome>> answers = new ArrayList<>();
        for (int i = 1; i < 20; i++) {
            answers.add(node.partitions.append(ref, Batches.idempotent(9, 0, i, 1)));
        }
        answers.add(node.partitions.append(ref, Batches.idempotent(9, 0, 1, 1)));

        answers.forEach(answer -> assertThat(get(answer).error()).isIn(Errors.KAFKA_STORAGE_ERROR,
                Errors.NOT_LEADER_OR_FOLLOWER));
        assertThat(get(answers.getFirst()).error()).isEqualTo(Errors.KAFKA_STORAGE_ERROR);
        assertThat(node.append(ref, Batches.idempotent(9, 0, 1, 1)).error()).isNotEqualTo(Errors.NONE);
        disk.full = false;
        await().until(() -> node.append(ref, Batches.idempotent(9, 0, 1, 1)).error() == Errors.NONE);
        assertThat(node.append(ref, Batches.idempotent(9, 0, 1, 1)).baseOffset()).isEqualTo(1);
        assertThat(node.partitions.leaderEpoch(ref)).isPositive();
    }

    @Test
    void letsNoBatchOvertakeTheOneThatFailedBeforeIt() {
        node.close();
        FailingDisk disk = new FailingDisk();
        node = PartitionNode.start(directory, "", disk::around, topic);
        disk.full = true;
        assertThat(node.append(ref, Batches.idempotent(9, 0, 0, 3)).error()).isEqualTo(Errors.KAFKA_STORAGE_ERROR);
        disk.full = false;
        await().until(() -> node.append(ref, Batches.plain(1)).error() == Errors.NONE);

        assertOvertakingIsRefused(1);
    }

    @Test
    void letsNoBatchOvertakeTheOneThatFoundNoRoom() {
        restart("sluice.partition.in-flight-appends-max = 10");
        List<CompletionStage<AppendOutcome>> others = new ArrayList<>();
        for (int i = 0; i < 10; i++) { // they wait for the partition to start
            others.add(node.partitions.append(ref, Batches.plain(1)));
        }
        assertThat(node.append(ref, Batches.idempotent(9, 0, 0, 3)).error()).isEqualTo(Errors.REQUEST_TIMED_OUT);
        others.forEach(PartitionNode::get);

        assertOvertakingIsRefused(10);
    }

    /** Sequences 0 to 2 of a producer failed; 3 to 5, in flight with them, come first now. */
    private void assertOvertakingIsRefused(long nextOffset) {
        assertThat(node.append(ref, Batches.idempotent(9, 0, 3, 3)).error())
                .isEqualTo(Errors.OUT_OF_ORDER_SEQUENCE_NUMBER);
        assertThat(node.append(ref, Batches.idempotent(9, 0, 0, 3)))
                .isEqualTo(new AppendOutcome(Errors.NONE, null, nextOffset, -1, 0));
        assertThat(node.append(ref, Batches.idempotent(9, 0, 3, 3)))
                .isEqualTo(new AppendOutcome(Errors.NONE, null, nextOffset + 3, -1, 0));
        assertThat(node.append(ref, Batches.idempotent(9, 0, 3, 3)).baseOffset()).as("a duplicate")
                .isEqualTo(nextOffset + 3);
    }

    @Test
    void answersAppendsThatItsActorNeverSaw() {
        node.append(ref, Batches.plain(1));
        List<CompletionStage<AppendOutcome>> answers = new ArrayList<>();
        for (int i = 0; i < 300; i++) {
            if (i == 100) {
                node.system.actorSelection("/system/sharding/partition/0/*").tell(
                        org.apache.pekko.actor.PoisonPill.getInstance(), org.apache.pekko.actor.ActorRef.noSender());
            }
            answers.add(node.partitions.append(ref, Batches.plain(1)));
        }

        answers.forEach(answer -> assertThat(get(answer).error()).isIn(Errors.NONE, Errors.NOT_LEADER_OR_FOLLOWER));
        await().until(() -> node.append(ref, Batches.plain(1)).error() == Errors.NONE);
    }

    private static boolean isEmpty(Path directory) throws IOException {
        if (!Files.isDirectory(directory)) {
            return true;
        }
        try (Stream<Path> files = Files.list(directory)) {
            return files.findAny().isEmpty();
        }
    }

    /** Number of files below a directory, some of which may just come or go. */
    private static long count(File directory) {
        File[] entries = directory.listFiles();
        return entries == null
                ? 0
                : Stream.of(entries).mapToLong(entry -> entry.isFile() ? 1 : count(entry)).sum();
    }

    private static Throwable failure(CompletionStage<?> stage) {
        CompletableFuture<?> future = stage.toCompletableFuture();
        return Assertions.catchThrowableOfType(ExecutionException.class, () -> future.get(20, TimeUnit.SECONDS))
                .getCause();
    }
}
