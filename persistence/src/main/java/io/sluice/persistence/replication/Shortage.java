package io.sluice.persistence.replication;

import java.util.List;
import java.util.function.Function;
import java.util.stream.Collectors;

/**
 * Why a leader is not active yet: which replicas it waits for.
 *
 * @param replicas how many the log has, or as long as that is not known, how many are asked
 * @param missing those of them that have not answered, or have not done yet what they were asked for
 * @param suspect how many of those that answered may have lost what they acknowledged, and so cannot make up a majority; 0 if without them there is none
 *        of those that answered either
 */
public record Shortage(int replicas, List<ReplicaId> missing, int suspect) {
    public Shortage {
        missing = List.copyOf(missing);
    }

    /**
     * Says it on one line.
     *
     * @param log the log's persistence id
     * @param name what people call a replica
     */
    public String toMessage(String log, Function<ReplicaId, String> name) {
        if (replicas == 0) {
            return "the replicas of log " + log + " are not known here";
        }
        if (missing.isEmpty()) {
            return "log " + log + " cannot be led yet, though all " + replicas + " replicas answer";
        }
        int answered = replicas - missing.size();
        String waits = missing.stream().map(name).collect(Collectors.joining(", "));
        return suspect > 0
                ? "log " + log + ": " + answered + " of " + replicas + " replicas answer, but " + suspect
                        + " of them may have lost records when the machine went down; waits for " + waits
                : "too few replicas of log " + log + " answer to lead it, " + answered + " of " + replicas
                        + "; waits for " + waits;
    }
}
