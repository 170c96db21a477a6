package io.sluice.kafka.fetch;

import static org.assertj.core.api.Assertions.assertThat;

import io.sluice.actors.image.TopicImage;
import io.sluice.kafka.fakes.DataRig;
import io.sluice.kafka.fakes.WireClient;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.stream.Stream;
import org.apache.kafka.common.message.FetchResponseData;
import org.apache.kafka.common.message.FetchResponseData.PartitionData;
import org.apache.kafka.common.protocol.ApiKeys;
import org.apache.kafka.common.protocol.Errors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DamagedLogTest {
    @TempDir
    Path directory;

    @Test
    void shouldNameTheDamageAndServeTheOtherPartitions() throws IOException {
        TopicImage topic;
        try (DataRig rig = new DataRig(directory)) {
            topic = rig.controller.image.topic("t", 2);
            for (int i = 0; i < 10; i++) {
                rig.append(rig.ref(topic, 0), DataRig.batch(1, 10_000, 0));
                rig.append(rig.ref(topic, 1), DataRig.batch(1, 10_000, 0));
            }
        }
        damage("t-0");
        try (DataRig rig = new DataRig(directory); WireClient client = rig.client()) {
            rig.controller.image.topics.put("t", topic);
            var request = DataRig.fetch(topic, 0, 0);
            request.topics().get(0).partitions().add(DataRig.want(1, 0));
            List<PartitionData> answer = client.call(ApiKeys.FETCH, 18, request, FetchResponseData.class).responses()
                    .get(0).partitions();
            assertThat(Errors.forCode(answer.get(0).errorCode())).isEqualTo(Errors.CORRUPT_MESSAGE);
            assertThat(Errors.forCode(answer.get(1).errorCode())).isEqualTo(Errors.NONE);
            assertThat(answer.get(1).records().sizeInBytes()).isPositive();
        }
    }

    private void damage(String log) throws IOException {
        try (Stream<Path> files = Files.walk(directory)) {
            Path segment = files.filter(file -> file.toString().contains(log) && file.toString().endsWith(".log"))
                    .findFirst().orElseThrow();
            try (FileChannel channel = FileChannel.open(segment, StandardOpenOption.WRITE)) {
                channel.write(ByteBuffer.wrap(new byte[]{1, 2, 3}), 500);
            }
        }
    }
}
