package io.sluice.clusterconfig.cli;

import java.util.TreeSet;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** A command that does nothing but hold subcommands, its methods, which write tables or JSON. */
abstract class CommandGroup implements Runnable {

    @Mixin
    Output output;

    @Spec
    CommandSpec spec;

    /** Without a subcommand there is nothing to do. */
    @Override
    public final void run() {
        throw new ParameterException(spec.commandLine(),
                spec.name() + " needs one of " + String.join(", ", new TreeSet<>(spec.subcommands().keySet())));
    }
}
