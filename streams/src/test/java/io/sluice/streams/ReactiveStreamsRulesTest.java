package io.sluice.streams;

import static org.junit.jupiter.api.DynamicTest.dynamicTest;

import io.sluice.streams.javadsl.PublisherOfTopic;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Comparator;
import java.util.function.LongFunction;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.apache.kafka.common.compress.Compression;
import org.apache.kafka.common.record.internal.SimpleRecord;
import org.apache.pekko.actor.ActorSystem;
import org.apache.pekko.stream.javadsl.AsPublisher;
import org.apache.pekko.stream.javadsl.Sink;
import org.apache.pekko.stream.javadsl.Source;
import org.apache.pekko.testkit.javadsl.TestKit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.io.TempDir;
import org.opentest4j.TestAbortedException;
import org.reactivestreams.Publisher;
import org.reactivestreams.tck.PublisherVerification;
import org.reactivestreams.tck.TestEnvironment;
import org.testng.SkipException;
import org.testng.annotations.Test;

/** The cases of the Reactive Streams TCK for publishers, with the publishers that our sources become. */
class ReactiveStreamsRulesTest {

    /** Most records that a case asks for, beside those that ask for no end. */
    private static final int RECORDS = 200;

    @TempDir
    static Path directory;

    private static ActorSystem system;
    private static OnePartition partition;

    @BeforeAll
    static void start() {
        system = ActorSystem.create("rules");
        partition = new OnePartition(directory);
        for (int i = 0; i < RECORDS; i++) {
            partition.append(Compression.NONE, new SimpleRecord(1, new byte[10]));
        }
    }

    @AfterAll
    static void stop() {
        TestKit.shutdownActorSystem(system);
        partition.close();
    }

    /** Cases of a publisher that emits a number of elements and completes. */
    private static final class Verification<T> extends PublisherVerification<T> {
        private final LongFunction<Source<T, ?>> source;

        Verification(LongFunction<Source<T, ?>> source) {
            super(new TestEnvironment(1000, 100, false));
            this.source = source;
        }

        @Override
        public Publisher<T> createPublisher(long elements) {
            return source.apply(elements).runWith(Sink.asPublisher(AsPublisher.WITHOUT_FANOUT), system);
        }

        @Override
        public Publisher<T> createFailedPublisher() {
            return null; // a source fails when it runs, not before
        }

        @Override
        public long maxElementsFromPublisher() {
            return RECORDS;
        }
    }

    @TestFactory
    Stream<DynamicTest> aTopic() {
        return cases(() -> new Verification<>(n -> PublisherOfTopic.records(RECORDS).take(n)));
    }

    @TestFactory
    Stream<DynamicTest> aTopicOfThisNode() {
        return cases(() -> new Verification<>(n -> PublisherOfTopic.recordsOf(name -> partition.log()).take(n)));
    }

    private static Stream<DynamicTest> cases(Supplier<PublisherVerification<?>> verification) {
        return Arrays.stream(PublisherVerification.class.getMethods())
                .filter(method -> method.isAnnotationPresent(Test.class))
                .sorted(Comparator.comparing(Method::getName))
                .map(method -> dynamicTest(method.getName(), () -> run(method, verification.get())));
    }

    private static void run(Method method, PublisherVerification<?> verification) throws Throwable {
        verification.setUp();
        try {
            method.invoke(verification);
        } catch (InvocationTargetException e) {
            if (e.getCause() instanceof SkipException skipped) {
                throw new TestAbortedException(skipped.getMessage());
            }
            throw e.getCause();
        }
    }
}
