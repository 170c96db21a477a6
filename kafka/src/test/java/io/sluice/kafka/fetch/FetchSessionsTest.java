package io.sluice.kafka.fetch;

import static org.assertj.core.api.Assertions.assertThat;

import io.sluice.kafka.fetch.FetchSessions.Outcome;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.apache.kafka.common.message.FetchRequestData;
import org.apache.kafka.common.message.FetchRequestData.FetchPartition;
import org.apache.kafka.common.message.FetchRequestData.FetchTopic;
import org.apache.kafka.common.message.FetchRequestData.ForgottenTopic;
import org.apache.kafka.common.message.FetchResponseData.PartitionData;
import org.apache.kafka.common.protocol.Errors;
import org.apache.kafka.common.record.internal.MemoryRecords;
import org.junit.jupiter.api.Test;

class FetchSessionsTest {
    private static final short VERSION = 12;

    private long nanos;
    private final FetchSessions sessions = sessions(2, 10);

    private FetchSessions sessions(int max, int partitions) {
        return new FetchSessions(new FetchSettings(1 << 20, max, partitions, Duration.ofMinutes(2)), () -> nanos);
    }

    /** A client changes its partitions at will; the session must always fetch what the client thinks it fetches. */
    @Property(tries = 300)
    void shouldFetchWhatTheClientHasNamedAndNotForgotten(@ForAll long seed) {
        Random random = new Random(seed);
        FetchSessions all = sessions(10, 1000);
        Map<Integer, Long> model = new LinkedHashMap<>();
        model.put(0, 0L);
        Outcome outcome = all.open(VERSION, request(0, 0, model));
        int epoch = 1;
        for (int i = 0; i < 20; i++) {
            Map<Integer, Long> changes = new HashMap<>();
            for (int n = random.nextInt(4); n > 0; n--) {
                changes.put(random.nextInt(8), (long) random.nextInt(100));
            }
            int forgotten = random.nextInt(8);
            boolean forget = random.nextBoolean() && model.size() > 1 && !changes.containsKey(forgotten)
                    && model.containsKey(forgotten);
            FetchRequestData request = request(outcome.sessionId(), epoch++, changes);
            model.putAll(changes);
            if (forget) {
                request.setForgottenTopicsData(
                        List.of(new ForgottenTopic().setTopic("t").setPartitions(List.of(forgotten))));
                model.remove(forgotten);
            }
            outcome = all.open(VERSION, request);
            assertThat(outcome.error()).isEqualTo(Errors.NONE);
            assertThat(outcome.incremental()).isTrue();
            Map<Integer, Long> fetched = new HashMap<>();
            outcome.targets().forEach(target -> fetched.put(target.key().partition(), target.offset()));
            assertThat(fetched).isEqualTo(model);
        }
    }

    @Test
    void shouldWantTheNextEpochEachTime() {
        int id = sessions.open(VERSION, request(0, 0, Map.of(1, 0L))).sessionId();
        assertThat(id).isPositive();
        assertThat(sessions.open(VERSION, request(id, 2, Map.of())).error())
                .isEqualTo(Errors.INVALID_FETCH_SESSION_EPOCH);
        assertThat(sessions.open(VERSION, request(id, 1, Map.of())).error()).isEqualTo(Errors.NONE);
        assertThat(sessions.open(VERSION, request(id, 1, Map.of())).error())
                .isEqualTo(Errors.INVALID_FETCH_SESSION_EPOCH);
        assertThat(sessions.open(VERSION, request(id, 2, Map.of())).error()).isEqualTo(Errors.NONE);
        assertThat(sessions.open(VERSION, request(id + 1, 3, Map.of())).error())
                .isEqualTo(Errors.FETCH_SESSION_ID_NOT_FOUND);
        assertThat(sessions.open((short) 13, request(id, 3, Map.of())).error())
                .isEqualTo(Errors.FETCH_SESSION_TOPIC_ID_ERROR);
    }

    @Test
    void shouldMakeNoSessionForEpochMinus1AndEndTheOneThatIsNamed() {
        int id = sessions.open(VERSION, request(0, 0, Map.of(1, 0L))).sessionId();
        Outcome outcome = sessions.open(VERSION, request(id, -1, Map.of(1, 0L)));
        assertThat(outcome.sessionId()).isZero();
        assertThat(outcome.targets()).hasSize(1);
        assertThat(sessions.count()).isZero();
    }

    @Test
    void shouldEndASessionThatHasNoPartitionsLeft() {
        int id = sessions.open(VERSION, request(0, 0, Map.of(1, 0L))).sessionId();
        Outcome outcome = sessions.open(VERSION, request(id, 1, Map.of()).setForgottenTopicsData(
                List.of(new ForgottenTopic().setTopic("t").setPartitions(List.of(1)))));
        assertThat(outcome.error()).isEqualTo(Errors.NONE);
        assertThat(outcome.sessionId()).isZero();
        assertThat(sessions.count()).isZero();
    }

    @Test
    void shouldRefuseASessionWithoutRoomAndTakeTheRoomOfIdleOnes() {
        sessions.open(VERSION, request(0, 0, Map.of(1, 0L)));
        nanos += Duration.ofMinutes(1).toNanos();
        sessions.open(VERSION, request(0, 0, Map.of(1, 0L)));
        assertThat(sessions.open(VERSION, request(0, 0, Map.of(1, 0L))).sessionId()).isZero();
        nanos += Duration.ofMinutes(1).toNanos() + 1;
        assertThat(sessions.open(VERSION, request(0, 0, Map.of(1, 0L))).sessionId()).isPositive();
        assertThat(sessions.count()).isEqualTo(2);
    }

    @Test
    void shouldBoundThePartitionsOfAllSessions() {
        Map<Integer, Long> eight = new HashMap<>();
        for (int i = 0; i < 8; i++) {
            eight.put(i, 0L);
        }
        int id = sessions.open(VERSION, request(0, 0, eight)).sessionId();
        assertThat(id).isPositive();
        assertThat(sessions.open(VERSION, request(0, 0, eight)).sessionId()).isZero();
        Outcome grown = sessions.open(VERSION, request(id, 1, Map.of(8, 0L, 9, 0L, 10, 0L)));
        assertThat(grown.sessionId()).as("too large now").isZero();
        assertThat(grown.incremental()).isFalse();
        assertThat(grown.targets()).hasSize(11);
        assertThat(sessions.open(VERSION, request(0, 0, eight)).sessionId()).as("its room is free").isPositive();
    }

    @Test
    void shouldTellOnlyNewsAndServeInTurn() {
        Outcome full = sessions.open(VERSION, request(0, 0, orderedMap(1, 2, 3)));
        for (FetchTarget target : full.targets()) {
            full.session().tell(target, data(target, 5, 0));
        }
        Outcome next = sessions.open(VERSION, request(full.sessionId(), 1, Map.of()));
        FetchTarget first = next.targets().get(0);
        assertThat(next.session().tell(first, data(first, 5, 0))).isFalse();
        assertThat(next.session().tell(first, data(first, 6, 0))).as("the high watermark moved").isTrue();
        assertThat(next.session().tell(first, data(first, 6, 0))).isFalse();
        assertThat(next.session().tell(first, data(first, 6, 3))).as("the log start moved").isTrue();
        PartitionData error = data(first, -1, -1).setErrorCode((short) 6);
        assertThat(next.session().tell(first, error)).isTrue();
        assertThat(next.session().tell(first, data(first, 6, -1))).as("it is well again").isTrue();
        PartitionData records = data(first, 6, -1).setRecords(MemoryRecords.readableRecords(
                java.nio.ByteBuffer.allocate(100)));
        assertThat(next.session().tell(first, records)).isTrue();

        assertThat(next.session().targets()).extracting(target -> target.key().partition()).containsExactly(2, 3, 1);
    }

    private static Map<Integer, Long> orderedMap(int... partitions) {
        Map<Integer, Long> map = new LinkedHashMap<>();
        for (int partition : partitions) {
            map.put(partition, 0L);
        }
        return map;
    }

    private static PartitionData data(FetchTarget target, long highWatermark, long logStart) {
        return new PartitionData().setPartitionIndex(target.key().partition()).setHighWatermark(highWatermark)
                .setLogStartOffset(logStart).setRecords(MemoryRecords.EMPTY);
    }

    private static FetchRequestData request(int id, int epoch, Map<Integer, Long> partitions) {
        List<FetchPartition> named = new ArrayList<>();
        partitions.forEach((partition, offset) -> named
                .add(new FetchPartition().setPartition(partition).setFetchOffset(offset)));
        return new FetchRequestData().setSessionId(id).setSessionEpoch(epoch)
                .setTopics(named.isEmpty() ? List.of() : List.of(new FetchTopic().setTopic("t").setPartitions(named)));
    }
}
