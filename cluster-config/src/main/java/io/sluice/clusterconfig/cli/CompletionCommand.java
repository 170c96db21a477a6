package io.sluice.clusterconfig.cli;

import java.io.PrintWriter;
import picocli.AutoComplete;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** {@code sluice completion}: has the shell complete commands and options. */
@Command(name = "completion", description = "Prints a script for bash or zsh that completes commands and options: source <(sluice completion).", mixinStandardHelpOptions = true, sortOptions = false, usageHelpAutoWidth = true)
public final class CompletionCommand implements Runnable {

    @Spec
    private CommandSpec spec;

    @Override
    public void run() {
        CommandLine root = spec.root().commandLine();
        PrintWriter out = spec.commandLine().getOut();
        out.print(AutoComplete.bash(root.getCommandName(), root));
        out.flush();
    }
}
