package io.sluice.clusterconfig;

import io.sluice.clusterconfig.cli.BenchCommand;
import io.sluice.clusterconfig.cli.CompletionCommand;
import io.sluice.clusterconfig.cli.ConfigsCommand;
import io.sluice.clusterconfig.cli.ConsumeCommand;
import io.sluice.clusterconfig.cli.ExitCode;
import io.sluice.clusterconfig.cli.GroupsCommand;
import io.sluice.clusterconfig.cli.LogCommand;
import io.sluice.clusterconfig.cli.ProduceCommand;
import io.sluice.clusterconfig.cli.TopicsCommand;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;

/** All commands by name. Only the one that is run is made, since a node that starts has no time for the classes of the others. */
final class Commands {
    static final String START = "start";
    private static final String CLUSTER = "cluster";
    private static final String TOPICS = "topics";
    private static final String CONFIGS = "configs";
    private static final String GROUPS = "groups";
    private static final String PRODUCE = "produce";
    private static final String CONSUME = "consume";
    private static final String LOG = "log";
    private static final String BENCH = "bench";
    private static final String COMPLETION = "completion";
    private static final List<String> NAMES = List.of(START, CLUSTER, TOPICS, CONFIGS, GROUPS, PRODUCE, CONSUME, LOG,
            BENCH, COMPLETION);

    private final Map<String, String> environment;
    private final Function<SettingsSources, ExitCode> start;

    /**
     * @param environment the process's environment
     * @param start runs a node until it stops
     */
    Commands(Map<String, String> environment, Function<SettingsSources, ExitCode> start) {
        this.environment = environment;
        this.start = start;
    }

    /** The command that the first argument names; all of them if it names none, for the help and for what was probably meant, or if all are completed. */
    Map<String, Object> namedBy(String[] arguments) {
        boolean known = arguments.length > 0 && NAMES.contains(arguments[0]) && !COMPLETION.equals(arguments[0]);
        Map<String, Object> commands = new LinkedHashMap<>();
        for (String name : known ? List.of(arguments[0]) : NAMES) {
            commands.put(name, make(name));
        }
        return commands;
    }

    private Object make(String name) {
        return switch (name) {
            case START -> new StartCommand(environment, start);
            case CLUSTER -> new ClusterCommand();
            case TOPICS -> new TopicsCommand();
            case CONFIGS -> new ConfigsCommand();
            case GROUPS -> new GroupsCommand();
            case PRODUCE -> new ProduceCommand();
            case CONSUME -> new ConsumeCommand();
            case LOG -> new LogCommand();
            case BENCH -> new BenchCommand();
            case COMPLETION -> new CompletionCommand();
            default -> throw new IllegalArgumentException(name);
        };
    }
}
