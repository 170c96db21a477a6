package io.sluice.kafka.fetch;

import static org.assertj.core.api.Assertions.assertThat;

import io.sluice.actors.image.TopicImage;
import io.sluice.kafka.fakes.DataRig;
import io.sluice.kafka.fakes.WireClient;
import java.nio.file.Path;
import java.util.List;
import org.apache.kafka.common.message.FetchRequestData;
import org.apache.kafka.common.message.FetchResponseData;
import org.apache.kafka.common.protocol.ApiKeys;
import org.apache.kafka.common.protocol.Errors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class FetchSessionWireTest {
    @TempDir
    Path directory;

    @Test
    void shouldAnswerIncrementallyInEveryVersionThatHasSessions() {
        try (DataRig rig = new DataRig(directory); WireClient client = rig.client()) {
            for (short version = 7; version <= ApiKeys.FETCH.latestVersion(); version++) {
                TopicImage topic = rig.controller.image.topic("t" + version, 2);
                FetchRequestData open = DataRig.fetch(topic, 0, 0).setSessionEpoch(0);
                open.topics().get(0).partitions().add(DataRig.want(1, 0));
                FetchResponseData full = call(client, version, open);
                assertThat(full.sessionId()).isPositive();
                assertThat(full.responses().get(0).partitions()).hasSize(2);

                rig.append(rig.ref(topic, 1), DataRig.batch(1, 10, 0));
                FetchResponseData news = call(client, version, next(full.sessionId(), 1));
                assertThat(news.sessionId()).isEqualTo(full.sessionId());
                assertThat(news.responses()).hasSize(1);
                assertThat(news.responses().get(0).partitions().get(0).partitionIndex()).isEqualTo(1);
                assertThat(news.responses().get(0).partitions().get(0).records().sizeInBytes()).isPositive();

                FetchRequestData moved = next(full.sessionId(), 2)
                        .setTopics(DataRig.fetch(topic, 1, 1).topics());
                assertThat(call(client, version, moved).responses()).isEmpty();

                assertThat(Errors.forCode(call(client, version, next(full.sessionId(), 2)).errorCode()))
                        .isEqualTo(Errors.INVALID_FETCH_SESSION_EPOCH);
                assertThat(Errors.forCode(call(client, version, next(1 ^ full.sessionId(), 2)).errorCode()))
                        .isEqualTo(Errors.FETCH_SESSION_ID_NOT_FOUND);
            }
        }
    }

    private static FetchRequestData next(int id, int epoch) {
        return new FetchRequestData().setMaxWaitMs(0).setMinBytes(1).setSessionId(id).setSessionEpoch(epoch)
                .setTopics(List.of());
    }

    private static FetchResponseData call(WireClient client, int version, FetchRequestData request) {
        return client.call(ApiKeys.FETCH, version, request, FetchResponseData.class);
    }
}
