package io.sluice.clusterconfig.cli;

import java.io.PrintWriter;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ScopeType;
import picocli.CommandLine.Spec;

/** The option that says how a command and its subcommands write what they found, and the writing. */
final class Output {

    @Option(names = "--output", paramLabel = "FORMAT", defaultValue = "table", scope = ScopeType.INHERIT, description = "table or json; default ${DEFAULT-VALUE}.")
    private OutputFormat format;

    @Spec(Spec.Target.MIXEE)
    private CommandSpec spec;

    /** Writes rows. */
    void print(Table table) {
        write(table.in(format));
    }

    /** Writes rows for programs, and a sentence for people. */
    void print(Table table, String sentence) {
        write(isJson() ? table.in(format) : sentence + "\n");
    }

    /** Writes text as it is. */
    void write(String text) {
        PrintWriter out = spec.commandLine().getOut();
        out.print(text);
        out.flush();
    }

    /** Whether programs read it. */
    boolean isJson() {
        return format == OutputFormat.JSON;
    }
}
