package io.sluice.persistence.replicated;

import static org.assertj.core.api.Assertions.assertThat;

import io.sluice.persistence.replication.ReplicaId;
import io.sluice.persistence.replication.ReplicaReply;
import io.sluice.persistence.replication.ReplicaRequest;
import io.sluice.persistence.snapshot.SnapshotRange;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;

class InquiryTest {
    private static final ReplicaId ONE = new ReplicaId("one");
    private static final ReplicaId TWO = new ReplicaId("two");
    private static final UUID QUESTION = new UUID(1, 2);
    private static final long AGAIN = 10;
    private static final long LATE = 100;

    private final List<ReplicaId> asked = new ArrayList<>();
    private final Set<ReplicaId> unreachable = new HashSet<>();

    @Test
    void asManyAnswersAsNeededAreEnough() {
        Inquiry inquiry = inquiry(1);
        inquiry.start(0);
        assertThat(asked).containsExactly(ONE, TWO);
        assertThat(answers(inquiry)).isNotDone();

        inquiry.on(from(TWO));

        assertThat(answers(inquiry)).isCompletedWithValue(List.of(from(TWO)));
        inquiry.tick(AGAIN, AGAIN, LATE);
        assertThat(asked).hasSize(2);
    }

    @Test
    void aReplicaCountsOnceAndAStrangerNever() {
        Inquiry inquiry = inquiry(2);
        inquiry.start(0);

        inquiry.on(from(ONE));
        inquiry.on(from(ONE));
        inquiry.on(from(new ReplicaId("stranger")));
        assertThat(answers(inquiry)).isNotDone();

        inquiry.on(from(TWO));
        assertThat(answers(inquiry).join()).containsExactlyInAnyOrder(from(ONE), from(TWO));
    }

    @Test
    void onlyWhoHasNotAnsweredIsAskedAgain() {
        Inquiry inquiry = inquiry(2);
        inquiry.start(0);
        inquiry.on(from(ONE));
        asked.clear();

        inquiry.tick(AGAIN - 1, AGAIN, LATE);
        assertThat(asked).isEmpty();
        inquiry.tick(AGAIN, AGAIN, LATE);
        assertThat(asked).containsExactly(TWO);
        inquiry.tick(AGAIN + 1, AGAIN, LATE);
        assertThat(asked).hasSize(1);
    }

    @Test
    void whoCouldNotBeReachedIsAskedOnceItCan() {
        unreachable.add(TWO);
        Inquiry inquiry = inquiry(2);
        inquiry.start(0);
        asked.clear();

        inquiry.connected(ONE);
        assertThat(asked).as("it was asked").isEmpty();
        inquiry.connected(TWO);
        assertThat(asked).containsExactly(TWO);
    }

    @Test
    void whoseConnectionEndedIsAskedOnceThereIsAnother() {
        Inquiry inquiry = inquiry(2);
        inquiry.start(0);
        inquiry.on(from(ONE));
        asked.clear();

        inquiry.disconnected(ONE);
        inquiry.disconnected(TWO);
        inquiry.connected(ONE);
        inquiry.connected(TWO);
        inquiry.connected(TWO);

        assertThat(asked).containsExactly(TWO);
    }

    @Test
    void nobodyIsAskedAgainWhenItIsOver() {
        Inquiry inquiry = inquiry(1);
        inquiry.start(0);
        inquiry.on(from(ONE));
        asked.clear();

        inquiry.disconnected(TWO);
        inquiry.connected(TWO);

        assertThat(asked).isEmpty();
    }

    @Test
    void itEndsWhenItIsLate() {
        Inquiry inquiry = inquiry(2);
        inquiry.start(0);
        inquiry.on(from(ONE));

        inquiry.tick(LATE, AGAIN, LATE);

        assertThat(answers(inquiry)).failsWithin(0, java.util.concurrent.TimeUnit.SECONDS)
                .withThrowableThat().withCauseInstanceOf(UnavailableException.class)
                .withMessageContaining("1 of the log's other replicas have answered in 100 ms, 2 must");
    }

    @Test
    void nobodyIsAskedWhereNoAnswerIsNeeded() {
        Inquiry inquiry = inquiry(0);
        inquiry.start(0);

        assertThat(asked).isEmpty();
        assertThat(answers(inquiry)).isCompletedWithValue(List.of());
    }

    @Test
    void itFailsAtOnceIfThereAreTooFewReplicas() {
        Inquiry inquiry = inquiry(3);
        inquiry.start(0);

        assertThat(asked).isEmpty();
        assertThat(answers(inquiry)).isCompletedExceptionally();
    }

    private Inquiry inquiry(int needed) {
        return new Inquiry("it", List.of(ONE, TWO), needed,
                replica -> new ReplicaRequest.FindSnapshot(new ReplicaRequest.Header("log", -1, QUESTION, replica),
                        new SnapshotRange(0, 1, 0, 1)),
                request -> asked.add(request.header().target()) && !unreachable.contains(request.header().target()));
    }

    private static ReplicaReply from(ReplicaId replica) {
        return new ReplicaReply.NoSnapshot(new ReplicaReply.Header("log", -1, QUESTION, replica));
    }

    private static CompletableFuture<List<ReplicaReply>> answers(Inquiry inquiry) {
        return inquiry.answers().toCompletableFuture();
    }
}
