package io.sluice.clusterconfig.cli;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.ExecutionException;
import org.apache.kafka.common.KafkaFuture;
import org.apache.kafka.common.errors.UnknownTopicOrPartitionException;

/** Waits for what a cluster says of topics; the protocol's error for a topic that is not there does not name it. */
final class TopicAnswers {

    private TopicAnswers() {
    }

    /**
     * Waits for all answers.
     *
     * @param answers by the topic's name
     * @return in the order of the names
     * @throws CommandException NOT_FOUND with the names of the topics that are not there
     * @throws ExecutionException with the first other failure
     */
    static <T> List<T> all(Map<String, KafkaFuture<T>> answers) throws ExecutionException, InterruptedException {
        List<T> all = new ArrayList<>();
        Set<String> missing = new TreeSet<>();
        for (Map.Entry<String, KafkaFuture<T>> answer : new TreeMap<>(answers).entrySet()) {
            try {
                all.add(answer.getValue().get());
            } catch (ExecutionException e) {
                if (!(e.getCause() instanceof UnknownTopicOrPartitionException)) {
                    throw e;
                }
                missing.add(answer.getKey());
            }
        }
        if (!missing.isEmpty()) {
            throw new CommandException(ExitCode.NOT_FOUND,
                    "there is no topic " + String.join(", ", missing) + "; see sluice topics list");
        }
        return all;
    }
}
