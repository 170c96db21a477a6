package io.sluice.streams.javadsl;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.apache.kafka.clients.consumer.CloseOptions;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRebalanceListener;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.InterruptException;
import org.apache.kafka.common.errors.WakeupException;
import org.apache.pekko.Done;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Runs one consumer on a thread of its own, because kafka-clients block and belong to one thread. It polls for as long as it lives, which keeps the
 * member in its group however slow the stream is. What the stream wants is read from the log of this node where it leads, else by the client.
 */
final class ConsumerLoop<K, V> implements OffsetCommits {

    private static final Logger LOG = LoggerFactory.getLogger(ConsumerLoop.class);

    /** How long a poll waits; rebalances and retried commits are looked at that often. */
    private static final Duration POLL = Duration.ofMillis(100);
    /**
     * How long it waits for what is told only between polls: that a commit is answered, by the consumer of KIP-848, and where a partition begins.
     */
    private static final Duration POLL_SHORT = Duration.ofMillis(5);
    /** How long closing may take: to leave the group. */
    private static final Duration CLOSE = Duration.ofSeconds(5);
    private static final int MAX_QUESTIONS = 64;
    private static final AtomicInteger STARTED = new AtomicInteger();

    private enum State {
        RUNNING, RESTING, FINISHING, CLOSING
    }

    private final ConsumerSettings<K, V> settings;
    private final Subscriptions.Subscription subscription;
    private final Receiver<K, V> receiver;
    private final CommitQueue commits;
    private final Map<TopicPartition, OwnedPartition> owned = new ConcurrentHashMap<>();
    private final Queue<Question<K, V, ?>> questions = new ArrayBlockingQueue<>(MAX_QUESTIONS);
    private final CompletableFuture<Done> closed = new CompletableFuture<>();
    private volatile State state = State.RUNNING;
    private volatile long finishBefore;
    private volatile Consumer<K, V> consumer;
    private volatile Wakeup wakeup;
    private LocalFeed<K, V> local;
    private ClientFeed<K, V> client;
    private PollPace pace;

    ConsumerLoop(ConsumerSettings<K, V> settings, Subscriptions.Subscription subscription, Receiver<K, V> receiver) {
        this.settings = settings;
        this.subscription = subscription;
        this.receiver = receiver;
        this.commits = new CommitQueue(settings.commitTimeout(), System::nanoTime);
    }

    /** Starts the thread; once. */
    void start() {
        Thread.ofPlatform().name("sluice-consumer-" + STARTED.incrementAndGet()).daemon().start(this::run);
    }

    /** The receiver wants something that it did not want before. */
    void demand() {
        signal();
    }

    @Override
    public CompletionStage<Boolean> commit(Map<OwnedPartition, Long> offsets) {
        CompletionStage<Boolean> done = commits.add(offsets);
        signal();
        return done;
    }

    /** Reads nothing more; stays for commits until it is closed. */
    void rest() {
        state = State.RESTING;
        signal();
    }

    /** Reads nothing more, and closes once everything given to the stream is committed, or after the stop timeout. */
    void finish() {
        finishBefore = System.nanoTime() + settings.stopTimeout().toNanos();
        state = State.FINISHING;
        signal();
    }

    /** Commits what was asked for so far, and closes. */
    void close() {
        state = State.CLOSING;
        signal();
    }

    /** Completes when the consumer is closed; never fails. */
    CompletionStage<Done> closed() {
        return closed.minimalCompletionStage();
    }

    /** The partitions it has now. */
    Set<TopicPartition> assignment() {
        return Set.copyOf(owned.keySet());
    }

    /** The partitions it has now, as they are owned. */
    Collection<OwnedPartition> owned() {
        return List.copyOf(owned.values());
    }

    /** The consumer, for what it allows other threads; null until it is there. */
    Consumer<K, V> consumer() {
        return consumer;
    }

    /** Asks the consumer something, on its thread. Fails if the consumer is closed, or is asked too much at a time. */
    <T> CompletionStage<T> ask(Function<Consumer<K, V>, T> question) {
        Question<K, V, T> asked = new Question<>(question, new CompletableFuture<>());
        if (!questions.offer(asked)) {
            asked.refuse(new RejectedExecutionException(MAX_QUESTIONS + " questions wait already for the consumer"));
        }
        signal();
        if (closed.isDone()) { // perhaps before the question was there
            refuseQuestions();
        }
        return asked.answer();
    }

    private void refuseQuestions() {
        for (Question<K, V, ?> question = questions.poll(); question != null; question = questions.poll()) {
            question.refuse(new IllegalStateException("the consumer is closed"));
        }
    }

    private void signal() {
        Wakeup signalled = wakeup;
        if (signalled != null) {
            signalled.signal();
        }
    }

    private void run() {
        Throwable failure = null;
        try {
            consumer = settings.createConsumer();
            wakeup = new Wakeup(consumer);
            client = new ClientFeed<>(consumer);
            local = new LocalFeed<>(settings.localLogs(), Positions.of(consumer), settings.deserializer(),
                    chunkBytes(), this::signal, System::nanoTime);
            pace = new PollPace(System.nanoTime());
            subscription.begin(consumer, new Rebalances());
            assigned(consumer.assignment());
            while (!isOver()) {
                turn();
            }
            commitAll();
        } catch (Exception | LinkageError e) {
            failure = e;
        }
        end(failure);
    }

    /** Half of the read-ahead: the stream may hold what one poll brought and what the next did. */
    private int chunkBytes() {
        return Math.max(1, settings.readAhead() / 2);
    }

    private boolean isOver() {
        return switch (state) {
            case RUNNING, RESTING -> false;
            case FINISHING -> System.nanoTime() - finishBefore > 0
                    || (!commits.isBusy() && owned.values().stream().allMatch(OwnedPartition::isSettled));
            case CLOSING -> true;
        };
    }

    private void turn() {
        wakeup.clear();
        for (Question<K, V, ?> question = questions.poll(); question != null; question = questions.poll()) {
            question.ask(consumer);
        }
        sendCommits();
        List<OwnedPartition> elsewhere = local.want(wanted());
        client.want(elsewhere);
        feed();
        long pause = elsewhere.isEmpty() ? pause() : 0;
        if (pause == 0) {
            deliver(poll(pollTime()));
            pace.polled(System.nanoTime());
        } else if (!isLeftOver()) {
            wakeup.await(pause);
        }
    }

    /** For how many nanoseconds nothing needs the consumer to be polled. */
    private long pause() {
        return state == State.RUNNING && !commits.isBusy() && !local.isUnsettled() ? pace.pause(System.nanoTime()) : 0;
    }

    /** Whether something is wanted that there was no room for. */
    private boolean isLeftOver() {
        return local.isFull() && !wanted().isEmpty();
    }

    private void feed() {
        Map<OwnedPartition, FedRecords<K, V>> records = local.poll(Duration.ZERO);
        if (!records.isEmpty()) {
            receiver.records(records);
            pace.fed(System.nanoTime());
        }
    }

    private List<OwnedPartition> wanted() {
        return state == State.RUNNING ? owned.values().stream().filter(receiver::wants).toList() : List.of();
    }

    private Duration pollTime() {
        if (isLeftOver()) {
            return Duration.ZERO;
        }
        return commits.isBusy() || local.isUnsettled() ? POLL_SHORT : POLL;
    }

    private Map<OwnedPartition, FedRecords<K, V>> poll(Duration wait) {
        try {
            return client.poll(wakeup.beginPoll(wait));
        } catch (WakeupException e) {
            return Map.of();
        } finally {
            wakeup.endPoll();
        }
    }

    private void deliver(Map<OwnedPartition, FedRecords<K, V>> records) {
        if (!records.isEmpty()) {
            receiver.records(records);
        }
    }

    private void sendCommits() {
        CommitRound round = commits.next();
        if (round != null) {
            Map<OwnedPartition, Long> sent = round.toSend();
            consumer.commitAsync(kafka(sent), (offsets, failure) -> {
                if (failure == null) {
                    commits.stored(round, sent);
                } else {
                    commits.failed(round, failure);
                }
            });
        }
    }

    /** Commits everything that was asked for, and waits for it: afterwards it may not be allowed any more. */
    private void commitAll() {
        CommitRound round = commits.drain();
        if (round == null) {
            return;
        }
        Map<OwnedPartition, Long> sent = round.toSend();
        try {
            if (!sent.isEmpty()) {
                Wakeup.undisturbed(() -> {
                    consumer.commitSync(kafka(sent), settings.commitTimeout());
                    return Done.getInstance();
                });
            }
            commits.stored(round, sent);
        } catch (InterruptException e) {
            throw e;
        } catch (RuntimeException e) {
            commits.failed(round, e);
        }
    }

    private static Map<TopicPartition, OffsetAndMetadata> kafka(Map<OwnedPartition, Long> offsets) {
        return offsets.entrySet().stream().collect(Collectors.toUnmodifiableMap(entry -> entry.getKey().partition(),
                entry -> new OffsetAndMetadata(entry.getValue())));
    }

    private void assigned(Collection<TopicPartition> partitions) {
        if (partitions.isEmpty()) {
            return;
        }
        consumer.pause(partitions); // before the poll under way returns records that nobody asked for
        List<OwnedPartition> added = partitions.stream().map(partition -> new OwnedPartition(partition, this)).toList();
        added.forEach(own -> owned.put(own.partition(), own));
        receiver.assigned(added);
    }

    private void lost(Collection<TopicPartition> partitions) {
        List<OwnedPartition> gone = new ArrayList<>();
        for (TopicPartition partition : partitions) {
            OwnedPartition own = owned.remove(partition);
            if (own != null) {
                own.lose();
                client.forget(own);
                local.forget(own);
                gone.add(own);
            }
        }
        if (!gone.isEmpty()) {
            receiver.lost(gone);
        }
    }

    private void end(Throwable failure) {
        lost(assignment());
        commits.close();
        try {
            if (consumer != null) {
                Wakeup.undisturbed(() -> {
                    consumer.close(CloseOptions.timeout(CLOSE));
                    return Done.getInstance();
                });
            }
        } catch (RuntimeException e) {
            LOG.warn("a consumer did not close cleanly", e);
        }
        receiver.ended(failure);
        closed.complete(Done.getInstance());
        refuseQuestions();
    }

    private record Question<K, V, T>(Function<Consumer<K, V>, T> question, CompletableFuture<T> answer) {
        void ask(Consumer<K, V> consumer) {
            try {
                answer.complete(Wakeup.undisturbed(() -> question.apply(consumer)));
            } catch (RuntimeException e) {
                answer.completeExceptionally(e);
            }
        }

        void refuse(RuntimeException reason) {
            answer.completeExceptionally(reason);
        }
    }

    /** Called by the consumer within its poll, and when it is closed. */
    private final class Rebalances implements ConsumerRebalanceListener {

        @Override
        public void onPartitionsAssigned(Collection<TopicPartition> partitions) {
            assigned(partitions);
        }

        @Override
        public void onPartitionsRevoked(Collection<TopicPartition> partitions) {
            commitAll();
            lost(partitions);
        }

        @Override
        public void onPartitionsLost(Collection<TopicPartition> partitions) {
            lost(partitions);
        }
    }
}
