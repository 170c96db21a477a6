package io.sluice.clusterconfig;

import java.util.concurrent.Callable;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.ParentCommand;
import picocli.CommandLine.Spec;

/** A subcommand of {@code sluice cluster} that is about one node. */
abstract class ClusterNodeCommand implements Callable<Integer> {

    @ParentCommand
    ClusterCommand cluster;

    @Parameters(paramLabel = "NODE", description = "Id of the node.")
    int node;

    @Spec
    CommandSpec spec;
}
