package io.sluice.clusterconfig;

import io.sluice.clusterconfig.cli.ExitCode;
import java.io.PrintWriter;
import java.util.concurrent.atomic.AtomicBoolean;

/** Runs a node until a signal or a failed start ends it. A node that the cluster removed starts again, as the same node with the same data. */
final class Foreground {
    private final StartTrace trace;
    private final PrintWriter out;
    private final PrintWriter err;
    private final AtomicBoolean stopping = new AtomicBoolean();
    private volatile NodeLife life;

    Foreground(StartTrace trace, PrintWriter out, PrintWriter err) {
        this.trace = trace;
        this.out = out;
        this.err = err;
    }

    /**
     * Starts, waits, stops.
     *
     * @return how the process shall end
     * @throws StartException if the settings are wrong
     */
    ExitCode run(SettingsSources sources) {
        NodeSettings settings = new SettingsLoader().load(sources);
        StderrLogging.setLevel(settings.logLevel());
        trace.reached("settings");
        life = new NodeLife(settings, trace, out, err);
        Signals.onStop(this::signalled);
        while (true) {
            ExitCode how = life.run();
            if (how != ExitCode.REMOVED || !settings.restartWhenRemoved() || stopping.get()) {
                return how;
            }
            err.println(
                    "sluice: the cluster removed this node, because it could not be reached for a while; it starts again");
            life = new NodeLife(life.settingsInUse(), trace, out, err);
            if (stopping.get()) { // the signal may have met the life before
                return ExitCode.STOPPED;
            }
        }
    }

    private void signalled() {
        if (stopping.getAndSet(true)) {
            err.println("sluice: second signal, stopping at once");
            err.flush();
            Runtime.getRuntime().halt(ExitCode.FORCED.number());
        }
        life.end();
    }
}
