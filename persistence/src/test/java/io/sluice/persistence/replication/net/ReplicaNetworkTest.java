package io.sluice.persistence.replication.net;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.sluice.persistence.log.EntryBatch;
import io.sluice.persistence.log.LogSlice;
import io.sluice.persistence.replication.ReplicaId;
import io.sluice.persistence.replication.ReplicaReply;
import io.sluice.persistence.replication.ReplicaRequest;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.UUID;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ReplicaNetworkTest {
    private static final UUID CLAIMANT = new UUID(1, 2);

    @TempDir
    Path directory;

    private final TestNode.Addresses addresses = new TestNode.Addresses();
    private final List<TestNode> nodes = new ArrayList<>();

    @AfterEach
    void stop() {
        nodes.forEach(TestNode::close);
    }

    private TestNode node(int id, String settings) {
        TestNode node = new TestNode(addresses, id, "c1", settings);
        nodes.add(node);
        return node;
    }

    private static ReplicaRequest.Append append(ReplicaId target, long from, byte[] batches) {
        return new ReplicaRequest.Append(new ReplicaRequest.Header("orders-0", 3, CLAIMANT, target), from, 2, 5, 6, 0,
                EntryBatch.Kind.RECORDS, ByteBuffer.wrap(batches));
    }

    private static ReplicaRequest seal(ReplicaId target) {
        return new ReplicaRequest.Seal(new ReplicaRequest.Header("orders-0", 3, CLAIMANT, target), 9);
    }

    @Test
    void shouldCarryMessagesOfAllTypes() {
        TestNode asking = node(1, "");
        TestNode asked = node(2, "");
        Random random = new Random(5);
        List<ReplicaRequest> requests = Messages.requests(random, asked.id);
        requests.forEach(request -> assertThat(asking.peers.send(request)).isTrue());
        await().until(() -> asked.requests.size() == requests.size());
        for (int i = 0; i < requests.size(); i++) {
            assertThat(Messages.encoded(asked.requests.get(i).request()))
                    .as(requests.get(i).toString()).hasSameSizeAs(Messages.encoded(requests.get(i)));
            assertThat(asked.requests.get(i).request().header()).isEqualTo(requests.get(i).header());
        }
        assertThat(asking.events).containsExactly("connected disk2");
        List<ReplicaReply> replies = Messages.replies(random);
        replies.forEach(reply -> assertThat(asked.requests.get(0).replies().send(reply)).isTrue());
        await().until(() -> asking.replies.size() == replies.size());
        for (int i = 0; i < replies.size(); i++) {
            assertThat(asking.replies.get(i).header()).isEqualTo(replies.get(i).header());
            assertThat(asking.replies.get(i)).hasSameClassAs(replies.get(i));
        }
        assertThat(asked.network.receivedBytes()).isZero();
        assertThat(asking.network.receivedBytes()).isZero();
    }

    @Test
    void shouldCarrySlicesOfALogBothWaysUnchanged() {
        try (SliceSource log = new SliceSource(directory)) {
            TestNode asking = node(1, "");
            TestNode asked = node(2, "");
            ReplicaRequest.Append head = append(asked.id, 0, new byte[0]);
            // one that is copied behind its head, one that leaves by sendfile, one over many reads
            int[] sizes = {1, 100_000, 3_000_000};
            for (int size : sizes) {
                assertThat(asking.peers.send(head, log.slice(size))).isTrue();
            }
            await().until(() -> asked.requests.size() == sizes.length);
            for (int i = 0; i < sizes.length; i++) {
                TestNode.Got got = asked.requests.get(i);
                assertThat(got.direct()).isTrue();
                assertThat(got.batches()).isEqualTo(log.bytes(sizes[i]));
            }
            Replies back = asked.requests.get(0).replies();
            ReplicaReply.Entries entries = new ReplicaReply.Entries(
                    new ReplicaReply.Header("orders-0", 3, CLAIMANT, asked.id), 0, EntryBatch.Kind.RECORDS,
                    ByteBuffer.allocate(0));
            for (int size : sizes) {
                assertThat(back.send(entries, log.slice(size))).isTrue();
            }
            await().until(() -> asking.replyBatches.size() == sizes.length);
            for (int i = 0; i < sizes.length; i++) {
                assertThat(asking.replyBatches.get(i)).isEqualTo(log.bytes(sizes[i]));
            }
            await().until(() -> log.open() == 0);
        }
    }

    @Test
    void shouldConnectAgainWhenWhatWasToBeSentIsLost() {
        TestNode asking = node(1, "reconnect-backoff = 2s, reconnect-backoff-max = 2s"); // time to start the other
        assertThat(asking.peers.send(seal(new ReplicaId("disk2")))).isTrue();
        await().until(() -> asking.events.contains("disconnected disk2: its address is not known"));

        node(2, "");

        await().until(() -> asking.events.contains("connected disk2"));
    }

    @Test
    void shouldConnectAgainToAPeerThatCameBackElsewhere() {
        TestNode asking = node(1, "");
        TestNode before = node(2, "");
        asking.peers.send(seal(before.id));
        await().until(() -> asking.events.contains("connected disk2"));
        before.close();
        await().until(() -> asking.events.stream().anyMatch(e -> e.startsWith("disconnected disk2")));
        TestNode after = node(2, "");
        await().until(() -> {
            asking.peers.send(seal(after.id));
            return !after.requests.isEmpty();
        });
    }

    @Test
    void shouldTellBothSidesThatAConnectionEnded() {
        TestNode middle = node(1, "");
        TestNode asking = node(2, "");
        TestNode asked = node(3, "");
        asking.peers.send(seal(middle.id));
        middle.peers.send(seal(asked.id));
        await().until(() -> middle.requests.size() == 1 && asked.requests.size() == 1);
        assertThat(asking.lost).isEmpty();
        middle.close();
        await().until(() -> asking.lost.equals(List.of(middle.id)) && asked.lost.equals(List.of(middle.id)));
    }

    @Test
    void shouldTryAgainWhileSomebodyWantsToSend() {
        TestNode asking = node(1, "");
        ReplicaId unknown = new ReplicaId("disk2");
        asking.peers.send(seal(unknown));
        await().until(() -> asking.events.contains("disconnected disk2: its address is not known"));
        TestNode asked = node(2, "");
        await().until(() -> {
            asking.peers.send(seal(unknown));
            return !asked.requests.isEmpty();
        });
    }

    @Test
    void shouldSayWhyItRefusesAnotherCluster() {
        TestNode asking = node(1, "");
        TestNode stranger = new TestNode(addresses, 2, "c2");
        nodes.add(stranger);
        asking.peers.send(seal(stranger.id));
        await().until(() -> asking.events.contains(
                "disconnected disk2: it refuses: it belongs to cluster c1, this node to cluster c2"));
        assertThat(stranger.requests).isEmpty();
        assertThat(asking.lost).isEmpty();
        assertThat(stranger.lost).isEmpty();
    }

    @Test
    void shouldTakeANodeThatIsInNoClusterYet() {
        TestNode asking = node(1, "");
        TestNode fresh = new TestNode(addresses, 2, "");
        nodes.add(fresh);
        asking.peers.send(seal(fresh.id));
        await().until(() -> fresh.requests.size() == 1);
    }

    @Test
    void shouldSayWhyItRefusesWhoMeansAnother() {
        TestNode asking = node(1, "");
        TestNode other = node(3, "");
        ReplicaId meant = new ReplicaId("disk2");
        addresses.set(meant, other.server.address());
        asking.peers.send(seal(meant));
        await().until(() -> asking.events.contains(
                "disconnected disk2: it refuses: it wants replica disk2, this is disk3"));
    }

    @Test
    void shouldHoldNoMoreThanItMayWhenTheOtherSideIsSlow() {
        String small = "received-bytes-max = 300k, outgoing-bytes-max = 500k";
        TestNode asking = node(1, small);
        TestNode slow = node(2, small);
        slow.releasesAtOnce = false;
        byte[] batches = new byte[100_000];
        // sockets' own buffers take some too; in the end nothing moves and sending is refused
        int[] sent = {0};
        await().until(() -> {
            while (asking.peers.send(append(slow.id, sent[0], batches))) {
                sent[0]++;
            }
            return slow.requests.size() >= 3;
        });
        await().during(java.time.Duration.ofMillis(300)).until(() -> {
            while (asking.peers.send(append(slow.id, sent[0], batches))) {
                sent[0]++;
            }
            return slow.requests.size() <= 4 && slow.network.receivedBytes() < 600_000;
        });
        assertThat(asking.events).as("slow is not dead").containsExactly("connected disk2");
        slow.releasesAtOnce = true;
        slow.requests.forEach(got -> got.release().run());
        await().until(() -> slow.requests.size() == sent[0]);
        for (int i = 0; i < sent[0]; i++) {
            assertThat(((ReplicaRequest.Append) slow.requests.get(i).request()).from()).isEqualTo(i);
        }
        await().until(() -> slow.network.receivedBytes() == 0);
        assertThat(asking.peers.send(append(slow.id, 0, batches))).isTrue();
    }

    @Test
    void shouldShareTheNodesBytesAmongConnections() {
        TestNode a = node(1, "");
        TestNode b = node(3, "");
        TestNode asked = node(2, "node-received-bytes-max = 150k");
        asked.releasesAtOnce = false;
        byte[] batches = new byte[100_000];
        a.peers.send(append(asked.id, 0, batches));
        await().until(() -> asked.requests.size() == 1);
        b.peers.send(append(asked.id, 1, batches));
        await().during(java.time.Duration.ofMillis(200)).until(() -> asked.requests.size() == 1);
        asked.requests.get(0).release().run();
        await().until(() -> asked.requests.size() == 2);
        asked.requests.get(1).release().run();
        await().until(() -> asked.network.receivedBytes() == 0);
    }

    @Test
    void shouldNoticeAPeerThatFallsSilent() throws IOException {
        TestNode asking = node(1, "");
        ReplicaId silent = new ReplicaId("disk2");
        try (ServerSocket listener = new ServerSocket(0, 5, InetAddress.getLoopbackAddress())) {
            addresses.set(silent, (java.net.InetSocketAddress) listener.getLocalSocketAddress());
            asking.peers.send(seal(silent));
            try (Socket accepted = listener.accept()) {
                RawPeer.welcome(accepted, silent);
                await().until(() -> asking.events.contains("connected disk2"));
                await().until(() -> asking.events.stream().anyMatch(e -> e.contains("nothing was heard")));
            }
            asking.peers.send(seal(silent));
            try (Socket mute = listener.accept()) {
                await().until(() -> asking.events.stream().anyMatch(e -> e.contains("did not greet in time")));
                assertThat(mute.isClosed()).isFalse();
            }
        }
    }

    @Test
    void shouldTakeRepliesWhileNothingCanBeSent() throws IOException {
        TestNode asking = node(1, "outgoing-bytes-max = 500k, dead-after = 20s");
        ReplicaId stuck = new ReplicaId("disk2");
        try (ServerSocket listener = new ServerSocket(0, 5, InetAddress.getLoopbackAddress())) {
            addresses.set(stuck, (java.net.InetSocketAddress) listener.getLocalSocketAddress());
            asking.peers.send(seal(stuck));
            try (Socket accepted = listener.accept()) {
                RawPeer.welcome(accepted, stuck);
                await().until(() -> asking.events.contains("connected disk2"));
                byte[] batches = new byte[100_000];
                await().during(java.time.Duration.ofMillis(200))
                        .until(() -> !asking.peers.send(append(stuck, 0, batches)));
                ReplicaReply ack = new ReplicaReply.Ack(new ReplicaReply.Header("orders-0", 3, CLAIMANT, stuck), 7, 0);
                for (int i = 1; i <= 2; i++) {
                    accepted.getOutputStream().write(Messages.withLength(Messages.encoded(ack)).array());
                    int replies = i;
                    await().until(() -> asking.replies.size() == replies);
                }
            }
        }
    }

    @Test
    void shouldCloseWhatNobodyUsesAndOpenItAgain() {
        TestNode asking = node(1, "idle-timeout = 100ms");
        TestNode asked = node(2, "");
        asking.peers.send(seal(asked.id));
        await().until(() -> asking.events.contains("disconnected disk2: nobody used it"));
        await().until(() -> asked.server.connectionCount() == 0);
        assertThat(asking.lost).isEmpty();
        assertThat(asking.peers.send(seal(asked.id))).isTrue();
        await().until(() -> asked.requests.size() == 2);
    }

    @Test
    void shouldForgetAFrameThatIsCutOff() throws IOException {
        TestNode asked = node(2, "");
        byte[] frame = Messages.encoded(append(asked.id, 0, new byte[100_000]));
        try (RawPeer peer = new RawPeer(asked.server.address(), asked.id)) {
            peer.send(java.util.Arrays.copyOf(Messages.withLength(frame).array(), 50_000));
            await().until(() -> asked.network.receivedBytes() == frame.length);
        }
        await().until(() -> asked.network.receivedBytes() == 0 && asked.server.connectionCount() == 0);
        assertThat(asked.requests).isEmpty();
    }

    @Test
    void shouldCloseSlicesThatAreNeverSent() {
        try (SliceSource log = new SliceSource(directory)) {
            TestNode asking = node(1, "");
            ReplicaId nobody = new ReplicaId("disk2");
            LogSlice slice = log.slice(100_000);
            asking.peers.send(append(nobody, 0, new byte[0]), slice);
            await().until(() -> log.open() == 0);
        }
    }

    @Test
    void shouldServeAgainAfterTooManyConnections() throws IOException {
        TestNode asked = node(2, "connections-max = 1");
        try (RawPeer first = new RawPeer(asked.server.address(), asked.id);
                Socket second = new Socket(asked.server.address().getAddress(), asked.server.address().getPort())) {
            assertThat(second.getInputStream().read()).isEqualTo(-1);
            first.send(Messages.withLength(Messages.encoded(seal(asked.id))).array());
            await().until(() -> asked.requests.size() == 1);
        }
        await().until(() -> asked.server.connectionCount() == 0);
        TestNode asking = node(1, "");
        asking.peers.send(seal(asked.id));
        await().until(() -> asked.requests.size() == 2);
    }
}
