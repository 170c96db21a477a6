package io.sluice.clusterconfig;

import io.sluice.clusterconfig.cli.CommandException;
import io.sluice.clusterconfig.cli.ExitCode;
import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;
import picocli.CommandLine.UnmatchedArgumentException;
import picocli.CommandLine;

/** The command line: parses, runs the command, and turns every failure into one line and an exit code. */
@Command(name = "sluice", description = "A Kafka-compatible reactive log cluster.", mixinStandardHelpOptions = true, exitCodeListHeading = "Exit codes:%n", usageHelpAutoWidth = true)
final class Cli implements Runnable {

    /** What Picocli puts before some of its messages, and not before others. */
    private static final String PICOCLI_ERROR = "Error: ";

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
        Commands commands = new Commands(environment, start);
        CommandLine line = new CommandLine(new Cli());
        commands.namedBy(arguments).forEach((name, command) -> line.addSubcommand(name, command));
        line.setCaseInsensitiveEnumValuesAllowed(true).setOut(out).setErr(err); // after the subcommands are there, so that they are told too
        tellVersion(line);
        line.getCommandSpec().usageMessage().exitCodeList(exitCodes());
        line.setParameterExceptionHandler((e, args) -> usage(e, err));
        line.setExecutionExceptionHandler((e, command, parsed) -> failure(e, err));
        if (arguments.length > 0 && !Commands.START.equals(arguments[0])) {
            // libraries would log every attempt and every refusal; a command tells them, in one line
            StderrLogging.setLevel("off");
        }
        return line.execute(arguments);
    }

    private static void tellVersion(CommandLine line) {
        line.getCommandSpec().versionProvider(new Version());
        line.getSubcommands().values().forEach(Cli::tellVersion);
    }

    /** Without a command there is nothing to do. */
    @Override
    public void run() {
        throw new ParameterException(spec.commandLine(), "no command; try sluice start");
    }

    private static int usage(ParameterException e, PrintWriter err) {
        String hint = "";
        String what = firstLine(e);
        if (e instanceof UnmatchedArgumentException unmatched && !unmatched.getUnmatched().isEmpty()) {
            String first = unmatched.getUnmatched().getFirst();
            CommandSpec command = e.getCommandLine().getCommandSpec();
            List<String> names = new ArrayList<>(command.optionsMap().keySet());
            names.addAll(command.subcommands().keySet());
            if (!first.startsWith("-")) {
                what = (command.subcommands().isEmpty() ? "unexpected argument " : "there is no command ") + first;
            }
            hint = NearMatch.of(first, names).map(near -> " (did you mean " + near + "?)").orElse("");
        }
        err.println("sluice: " + what + hint + "; see "
                + e.getCommandLine().getCommandSpec().qualifiedName() + " --help");
        err.flush();
        return ExitCode.USAGE.number();
    }

    private static int failure(Exception e, PrintWriter err) {
        ExitCode code = e instanceof CommandException told ? told.code() : ExitCode.FAILED;
        err.println("sluice: " + (e instanceof CommandException ? e.getMessage() : "unexpected failure: " + e));
        err.flush();
        return code.number();
    }

    private static String firstLine(Exception e) {
        String line = e.getMessage().lines().findFirst().orElse("wrong arguments");
        return line.startsWith(PICOCLI_ERROR) ? line.substring(PICOCLI_ERROR.length()) : line;
    }

    private static Map<String, String> exitCodes() {
        return Stream.of(ExitCode.values()).collect(Collectors.toMap(code -> String.format("%3d", code.number()),
                ExitCode::meaning, (a, b) -> a, TreeMap::new));
    }
}
