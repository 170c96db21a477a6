package io.sluice.clusterconfig;

import java.io.PrintWriter;
import java.nio.charset.Charset;

/** Where the process begins: {@code sluice COMMAND}. */
public final class Main {

    private Main() {
    }

    /** Runs the command line and ends the process with its exit code. */
    public static void main(String[] arguments) {
        StartTrace trace = new StartTrace();
        trace.reached("main");
        PrintWriter out = new PrintWriter(System.out, true, Charset.defaultCharset());
        PrintWriter err = new PrintWriter(System.err, true, Charset.defaultCharset());
        int status = Cli.run(arguments, System.getenv(), sources -> new Foreground(trace, out, err).run(sources), out,
                err);
        out.flush();
        err.flush();
        // not exit(): nothing is left for shutdown hooks to do, and a node that could not stop must not wait for them
        Runtime.getRuntime().halt(status);
    }
}
