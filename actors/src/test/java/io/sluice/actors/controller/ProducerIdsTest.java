package io.sluice.actors.controller;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.apache.kafka.common.protocol.Errors;
import org.junit.jupiter.api.Test;

class ProducerIdsTest {

    private final List<CompletableFuture<AdminResult<Long>>> fetches = new ArrayList<>();
    private final ProducerIds ids = new ProducerIds(2, () -> {
        fetches.add(new CompletableFuture<>());
        return fetches.getLast();
    });

    @Test
    void shouldFetchOneBlockForAllWhoWaitAndAnotherForThoseItDoesNotServe() {
        List<CompletableFuture<AdminResult<Long>>> asked = List.of(ask(), ask(), ask());
        assertThat(fetches).hasSize(1);

        fetches.get(0).complete(AdminResult.of(1000L));
        fetches.get(1).complete(AdminResult.of(5000L));

        assertThat(asked.stream().map(each -> each.join().value())).containsExactlyInAnyOrder(1000L, 1001L, 5000L);
        assertThat(fetches).hasSize(2);
    }

    @Test
    void shouldTellAllWhoWaitOfAFailureAndFetchAgainForTheNext() {
        CompletableFuture<AdminResult<Long>> first = ask();
        fetches.get(0).complete(AdminResult.failed(Errors.COORDINATOR_NOT_AVAILABLE, "no controller"));
        assertThat(first.join().error()).isEqualTo(Errors.COORDINATOR_NOT_AVAILABLE);

        CompletableFuture<AdminResult<Long>> second = ask();
        fetches.get(1).complete(AdminResult.of(0L));
        assertThat(second.join().value()).isZero();
    }

    private CompletableFuture<AdminResult<Long>> ask() {
        return ids.next().toCompletableFuture();
    }
}
