package io.sluice.clusterconfig;

import io.sluice.clusterconfig.SettingsSources.Assignment;
import io.sluice.clusterconfig.cli.ExitCode;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.function.Function;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code sluice start}: collects the settings and hands them to what runs a node. */
@Command(name = "start", description = "Runs a node in the foreground until it is told to stop (SIGTERM, SIGINT).", mixinStandardHelpOptions = true, sortOptions = false, usageHelpAutoWidth = true)
final class StartCommand implements Callable<Integer> {

    @Option(names = "--data", paramLabel = "DIR", description = "Directory of all that the node keeps; default ./data.")
    private String data;

    @Option(names = "--listen", paramLabel = "HOST:PORT", description = "Where Kafka clients connect; default 127.0.0.1:9092. Port 0 takes a free one.")
    private String listen;

    @Option(names = "--cluster", paramLabel = "HOST:PORT", description = "Where other nodes connect; default 127.0.0.1:7355, or a free port if clients do not connect to port 9092.")
    private String cluster;

    @Option(names = "--seed", paramLabel = "HOST:PORT", description = "Cluster address of a node to join; repeat for more. None: the node is a cluster of its own.")
    private List<String> seeds = List.of();

    @Option(names = "--config", paramLabel = "FILE", description = "Settings file (HOCON, or .properties).")
    private Path file;

    @Option(names = "--set", paramLabel = "KEY=VALUE", description = "A setting, such as sluice.log.flush=os or num.partitions=3; repeat for more. Wins over file and environment.")
    private List<String> sets = List.of();

    private final Map<String, String> environment;
    private final Function<SettingsSources, ExitCode> run;

    /**
     * @param environment the process's environment
     * @param run runs a node until it stops
     */
    StartCommand(Map<String, String> environment, Function<SettingsSources, ExitCode> run) {
        this.environment = environment;
        this.run = run;
    }

    @Override
    public Integer call() {
        List<Assignment> assignments = new ArrayList<>();
        add(assignments, "--data", "sluice.data-dir", data);
        add(assignments, "--listen", "sluice.listen", listen);
        add(assignments, "--cluster", "sluice.cluster.listen", cluster);
        add(assignments, "--seed", "sluice.cluster.seeds", seeds.isEmpty() ? null : String.join(",", seeds));
        sets.forEach(set -> assignments.add(Assignment.parse(set)));
        return run.apply(new SettingsSources(file, environment, assignments)).number();
    }

    private static void add(List<Assignment> assignments, String option, String key, String value) {
        if (value != null) {
            assignments.add(new Assignment(key, value, option));
        }
    }
}
