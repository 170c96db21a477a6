package io.sluice.clusterconfig;

import io.sluice.clusterconfig.cli.ExitCode;
import io.sluice.clusterconfig.cli.Failures;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.ServerSocket;

/** Tells before anything is started whether an address can be listened on, so that the answer is one line. */
final class Ports {

    private Ports() {
    }

    /**
     * Listens for a moment.
     *
     * @param setting which setting named the address, for the message
     * @throws StartException with {@code code} if the address is taken, not of this machine, or not allowed
     */
    static void requireFree(HostPort address, String setting, ExitCode code) {
        InetSocketAddress socket = new InetSocketAddress(address.host(), address.port());
        if (socket.isUnresolved()) {
            throw new StartException(code, "cannot listen on " + address + ": unknown host; change " + setting);
        }
        try (ServerSocket server = new ServerSocket()) {
            server.setReuseAddress(true);
            server.bind(socket);
        } catch (IOException e) {
            throw refused(address, setting, code, e);
        }
    }

    /** The failure of a bind, in words. */
    static StartException refused(HostPort address, String setting, ExitCode code, Throwable failure) {
        String reason = Failures.reason(failure);
        boolean taken = reason.contains("in use");
        return new StartException(code, "cannot listen on " + address + ": "
                + (taken
                        ? "the port is taken; stop what listens there, or choose another"
                        : reason + "; choose another")
                + " with "
                + setting, failure);
    }
}
