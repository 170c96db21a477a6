package io.sluice.kafka.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.netty.util.ResourceLeakDetector;
import io.netty.util.ResourceLeakDetectorFactory;
import io.sluice.actors.image.TopicImage;
import io.sluice.kafka.fakes.DataRig;
import io.sluice.kafka.fakes.WireClient;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.Random;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.apache.kafka.common.message.FetchResponseData;
import org.apache.kafka.common.message.ListOffsetsRequestData;
import org.apache.kafka.common.protocol.ApiKeys;
import org.apache.kafka.common.protocol.ApiMessage;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Good, damaged and senseless frames against a live server. {@code -Dsluice.long=true} sends a million, {@code -Dsluice.fuzz.seed=N} repeats a
 * run.
 */
class FuzzTest {
    private static final Queue<String> LEAKS = new ConcurrentLinkedQueue<>();
    private static ResourceLeakDetector.Level before;

    @TempDir
    Path directory;

    @BeforeAll
    static void watchForLeaks() {
        before = ResourceLeakDetector.getLevel();
        ResourceLeakDetector.setLevel(ResourceLeakDetector.Level.PARANOID);
        ResourceLeakDetectorFactory.setResourceLeakDetectorFactory(new ResourceLeakDetectorFactory() {
            @Override
            @SuppressWarnings("deprecation") // the interface still asks for it
            public <T> ResourceLeakDetector<T> newResourceLeakDetector(Class<T> type, int interval, long maxActive) {
                return new ResourceLeakDetector<>(type, interval) {
                    @Override
                    protected void reportTracedLeak(String resourceType, String records) {
                        LEAKS.add(resourceType + records);
                    }

                    @Override
                    protected void reportUntracedLeak(String resourceType) {
                        LEAKS.add(resourceType);
                    }
                };
            }
        });
    }

    @AfterAll
    static void watchNoMore() {
        ResourceLeakDetector.setLevel(before);
    }

    @Test
    void shouldSurviveAnyFrames() {
        long seed = Long.getLong("sluice.fuzz.seed", System.nanoTime());
        int frames = Boolean.getBoolean("sluice.long") ? 1_000_000 : 20_000;
        try (DataRig rig = new DataRig(directory)) {
            try {
                TopicImage topic = rig.controller.image.topic("t", 2);
                rig.append(rig.ref(topic, 0), DataRig.batch(10, 1000, 0));
                fuzz(rig, topic, new Random(seed), frames);
                await().atMost(Duration.ofSeconds(20)).until(() -> rig.server.connectionCount() == 0);
                await().atMost(Duration.ofSeconds(20)).until(() -> rig.server.requestBytesInFlight() == 0);
                System.gc();
                try (WireClient again = rig.client()) {
                    good(again, topic);
                }
                assertThat(LEAKS).isEmpty();
            } catch (RuntimeException | AssertionError e) {
                throw new AssertionError("seed " + seed, e);
            }
        }
    }

    private static void fuzz(DataRig rig, TopicImage topic, Random random, int frames) {
        List<byte[]> samples = samples(topic);
        try (WireClient bystander = rig.client()) {
            int sent = 0;
            while (sent < frames) {
                try (WireClient client = rig.client()) {
                    int burst = 1 + random.nextInt(40);
                    for (int i = 0; i < burst; i++) {
                        client.send(ByteBuffer.wrap(frame(random, samples)));
                        sent++;
                    }
                    if (random.nextBoolean()) {
                        client.endSending();
                    }
                } catch (UncheckedIOException e) {
                    // the server closed while we sent
                    assertThat(e.getCause()).isInstanceOf(IOException.class);
                }
                if (random.nextInt(20) == 0) {
                    good(bystander, topic);
                }
            }
        }
    }

    /** Mostly a good frame with a few bytes changed, so that it gets past the header. */
    private static byte[] frame(Random random, List<byte[]> samples) {
        byte[] frame = samples.get(random.nextInt(samples.size())).clone();
        switch (random.nextInt(8)) {
            case 0 -> random.nextBytes(frame);
            case 1 -> ByteBuffer.wrap(frame).putInt(0, random.nextInt());
            case 2 -> frame = java.util.Arrays.copyOf(frame, random.nextInt(frame.length) + 1);
            case 3 ->
                ByteBuffer.wrap(frame).putShort(4, (short) random.nextInt(95)).putShort(6, (short) random.nextInt(16));
            case 4 -> {
                // as it is
            }
            default -> {
                for (int i = random.nextInt(4); i >= 0; i--) {
                    int at = 12 + random.nextInt(Math.max(1, frame.length - 12));
                    if (at < frame.length) {
                        frame[at] = (byte) (random.nextBoolean() ? random.nextInt() : random.nextInt(3) - 1);
                    }
                }
            }
        }
        return frame;
    }

    private static List<byte[]> samples(TopicImage topic) {
        List<byte[]> samples = new ArrayList<>();
        for (ApiKeys api : List.of(ApiKeys.API_VERSIONS, ApiKeys.INIT_PRODUCER_ID, ApiKeys.LIST_OFFSETS,
                ApiKeys.OFFSET_FOR_LEADER_EPOCH, ApiKeys.FETCH, ApiKeys.PRODUCE)) {
            for (short version : api.allVersions()) {
                for (ApiMessage request : requests(api, topic)) {
                    try {
                        samples.add(WireClient.frameBytes(api, version, 1, request));
                    } catch (RuntimeException e) {
                        // not sayable in that version
                    }
                }
            }
        }
        return samples;
    }

    private static List<ApiMessage> requests(ApiKeys api, TopicImage topic) {
        return switch (api) {
            case FETCH -> List.of(DataRig.fetch(topic, 0, 0), DataRig.fetch(topic, 1, 0).setMaxWaitMs(50),
                    DataRig.fetch(topic, 0, 3).setSessionEpoch(0));
            case PRODUCE -> List.of(DataRig.produce(topic, 0, 1, DataRig.batch(2, 100, 0)),
                    DataRig.produce(topic, 1, 0, DataRig.batch(1, 20_000, 0)));
            case LIST_OFFSETS -> List.of(new ListOffsetsRequestData().setTopics(List.of(
                    new ListOffsetsRequestData.ListOffsetsTopic().setName("t").setPartitions(List.of(
                            new ListOffsetsRequestData.ListOffsetsPartition().setPartitionIndex(0)
                                    .setTimestamp(-1))))));
            default -> List.of(api.messageType.newRequest());
        };
    }

    private static void good(WireClient client, TopicImage topic) {
        FetchResponseData answer = client.call(ApiKeys.FETCH, 12, DataRig.fetch(topic, 0, 0), FetchResponseData.class);
        assertThat(answer.responses().get(0).partitions().get(0).records().sizeInBytes()).isPositive();
    }
}
