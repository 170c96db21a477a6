package io.sluice.persistence.replication.net;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.sluice.persistence.replication.ReplicaRequest;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.Test;

/**
 * Good, damaged and senseless frames against a live server. {@code -Dsluice.long=true} sends a million, {@code -Dsluice.fuzz.seed=N} repeats a
 * run.
 */
class NetworkFuzzTest {
    private final TestNode.Addresses addresses = new TestNode.Addresses();

    @Test
    void shouldSurviveAnyFrames() throws IOException {
        long seed = Long.getLong("sluice.fuzz.seed", System.nanoTime());
        int frames = Boolean.getBoolean("sluice.long") ? 1_000_000 : 20_000;
        try (TestNode asked = new TestNode(addresses, 2, "c1"); TestNode bystander = new TestNode(addresses, 1, "c1")) {
            fuzz(asked, bystander, new Random(seed), frames);
            bystander.peers.close();
            await().atMost(Duration.ofSeconds(20)).until(() -> asked.server.connectionCount() == 0);
            assertThat(asked.network.receivedBytes()).isZero();
        } catch (RuntimeException | AssertionError e) {
            throw new AssertionError("seed " + seed, e);
        }
    }

    private static void fuzz(TestNode asked, TestNode bystander, Random random, int frames) throws IOException {
        int sent = 0;
        while (sent < frames) {
            try (RawPeer peer = new RawPeer(asked.server.address(), asked.id)) {
                for (int i = random.nextInt(60); i >= 0; i--) {
                    peer.send(damaged(random));
                    sent++;
                }
                if (random.nextBoolean()) {
                    peer.endSending();
                }
            } catch (IOException e) {
                // the server closed while we sent
            }
            if (random.nextInt(20) == 0) {
                assertThat(bystander.peers.send(new ReplicaRequest.Seal(
                        new ReplicaRequest.Header("bystander", sent, new java.util.UUID(1, 1), asked.id), 1))).isTrue();
                int mark = sent;
                await().until(() -> asked.requests.stream().anyMatch(got -> isFrom(got.request(), mark)));
                asked.requests.clear();
            }
        }
        assertThat(bystander.events).containsExactly("connected " + asked.id);
    }

    private static boolean isFrom(ReplicaRequest request, int mark) {
        return request.header().log().equals("bystander") && request.header().epoch() == mark;
    }

    /** Mostly a good frame with a few bytes changed, so that it gets past its first fields. */
    private static byte[] damaged(Random random) {
        var samples = Messages.samples(random);
        byte[] frame = Messages.withLength(samples.get(random.nextInt(samples.size()))).array();
        switch (random.nextInt(10)) {
            case 0 -> random.nextBytes(frame);
            case 1 -> ByteBuffer.wrap(frame).putInt(0, random.nextInt());
            case 2 -> frame = Arrays.copyOf(frame, random.nextInt(frame.length) + 1);
            case 3, 4 -> {
                for (int i = random.nextInt(4); i >= 0; i--) {
                    frame[4 + random.nextInt(frame.length - 4)] = (byte) random.nextInt();
                }
            }
            default -> {
                // as it is
            }
        }
        return frame;
    }
}
