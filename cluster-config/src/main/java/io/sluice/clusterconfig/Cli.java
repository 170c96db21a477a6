package io.sluice.clusterconfig;

import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;
import picocli.CommandLine.UnmatchedArgumentException;

/** The command line: parses, runs the command, and turns every failure into one line and an exit code. */
@Command(name = "sluice", description = "A Kafka-compatible reactive log cluster.", mixinStandardHelpOptions = true, versionProvider = Version.class, exitCodeListHeading = "Exit codes:%n", usageHelpAutoWidth = true)
final class Cli implements Runnable {

    @Spec
    private CommandSpec spec;

    /**
     * Runs the command that the arguments name.
     *
     * @param start runs a node until it stops
     * @return the process's exit status
     */
    static int run(String[] arguments, Map<String, String> environment, Function<SettingsSources, ExitCode> start,
            PrintWriter out, PrintWriter err) {
        CommandLine line = new CommandLine(new Cli()).addSubcommand(new StartCommand(environment, start))
                .addSubcommand(new ClusterCommand());
        line.setCaseInsensitiveEnumValuesAllowed(true).setOut(out).setErr(err); // after the subcommand is there, so that it is told too
        line.getCommandSpec().usageMessage().exitCodeList(exitCodes());
        line.setParameterExceptionHandler((e, args) -> usage(e, err));
        line.setExecutionExceptionHandler((e, command, parsed) -> failure(e, err));
        return line.execute(arguments);
    }

    /** Without a command there is nothing to do. */
    @Override
    public void run() {
        throw new ParameterException(spec.commandLine(), "no command; try sluice start");
    }

    private static int usage(ParameterException e, PrintWriter err) {
        String hint = "";
        if (e instanceof UnmatchedArgumentException unmatched && !unmatched.getUnmatched().isEmpty()) {
            String first = unmatched.getUnmatched().getFirst();
            CommandSpec command = e.getCommandLine().getCommandSpec();
            List<String> names = new ArrayList<>(command.optionsMap().keySet());
            names.addAll(command.subcommands().keySet());
            hint = NearMatch.of(first, names).map(near -> " (did you mean " + near + "?)").orElse("");
        }
        err.println("sluice: " + firstLine(e) + hint + "; see sluice --help");
        err.flush();
        return ExitCode.USAGE.number();
    }

    private static int failure(Exception e, PrintWriter err) {
        ExitCode code = e instanceof StartException start ? start.code() : ExitCode.FAILED;
        err.println("sluice: " + (e instanceof StartException ? e.getMessage() : "unexpected failure: " + e));
        err.flush();
        return code.number();
    }

    private static String firstLine(Exception e) {
        return e.getMessage().lines().findFirst().orElse("wrong arguments");
    }

    private static Map<String, String> exitCodes() {
        return Stream.of(ExitCode.values()).collect(Collectors.toMap(code -> String.format("%3d", code.number()),
                ExitCode::meaning, (a, b) -> a, TreeMap::new));
    }
}
