package io.sluice.clusterconfig.cli;

/** How the process ends. Scripts and service managers rely on the numbers: never change one. 20 and 21 belong to {@code bin/sluice}. */
public enum ExitCode {
    STOPPED(0, "stopped as asked"), FAILED(1, "unexpected failure"), USAGE(2, "wrong use of the command line"), SETTING(
            3, "a setting is wrong"), LISTEN_ADDRESS(4, "cannot listen on the Kafka address"), CLUSTER_ADDRESS(5,
                    "cannot listen on the cluster address"), DATA_IN_USE(6,
                            "the data directory is in use by another process"), DATA_UNUSABLE(7,
                                    "the data directory cannot be read or written"), DATA_FORMAT(8,
                                            "the data directory is of another format version"), DATA_FOREIGN(9,
                                                    "the data directory belongs to another cluster or node"), JOIN(10,
                                                            "no cluster let the node in, in time"), START_TIMEOUT(11,
                                                                    "the start took too long"), REMOVED(12,
                                                                            "the cluster removed the node"), FORCED(13,
                                                                                    "a stop was cut short by a second signal or by sluice.stop-timeout"), TWIN(
                                                                                            14,
                                                                                            "another node of the cluster has this node's id or data"), INCOMPATIBLE(
                                                                                                    15,
                                                                                                    "the cluster runs an incompatible version"), UNREACHABLE(
                                                                                                            16,
                                                                                                            "no node answers"), REFUSED(
                                                                                                                    17,
                                                                                                                    "the cluster refuses"), UNFINISHED(
                                                                                                                            18,
                                                                                                                            "not done within the time given"), NOT_FOUND(
                                                                                                                                    19,
                                                                                                                                    "the topic, group, node or file does not exist"), NO_JDK(
                                                                                                                                            20,
                                                                                                                                            "no JDK (bin/sluice)"), NO_BUILD(
                                                                                                                                                    21,
                                                                                                                                                    "not built and cannot build (bin/sluice)"), DAMAGED(
                                                                                                                                                            22,
                                                                                                                                                            "a log is damaged (sluice log verify)");

    private final int number;
    private final String meaning;

    ExitCode(int number, String meaning) {
        this.number = number;
        this.meaning = meaning;
    }

    /** The process's exit status. */
    public int number() {
        return number;
    }

    /** What it means, for the help text. */
    public String meaning() {
        return meaning;
    }
}
