package io.sluice.clusterconfig.membership;

import java.io.IOException;
import java.net.ConnectException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.time.Duration;
import java.util.concurrent.Executor;
import org.apache.pekko.actor.AbstractActor;
import org.apache.pekko.actor.Address;
import org.apache.pekko.actor.Props;
import org.apache.pekko.cluster.Cluster;
import org.apache.pekko.cluster.ClusterEvent;
import org.apache.pekko.cluster.ClusterEvent.UnreachableMember;
import org.apache.pekko.dispatch.Dispatchers;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Tells a crash from silence. When a member becomes unreachable, it connects to its port: if the machine answers that nobody listens there, the
 * process is gone, and the member is down at once. A node that hangs, is overloaded or cut off does not refuse connections and is left to the Split Brain
 * Resolver. So the survivor of a cluster of two goes on after a crash of the other, although it is no majority.
 */
final class CrashProbe extends AbstractActor {
    private static final Logger LOG = LoggerFactory.getLogger(CrashProbe.class);
    private static final Duration TIMEOUT = Duration.ofMillis(500);

    private final Cluster cluster = Cluster.get(getContext().getSystem());
    private final Executor blocking = getContext().getSystem().dispatchers()
            .lookup(Dispatchers.DefaultBlockingDispatcherId());

    /** How to make one. */
    static Props props() {
        return Props.create(CrashProbe.class, CrashProbe::new);
    }

    @Override
    public void preStart() {
        cluster.subscribe(getSelf(), ClusterEvent.initialStateAsEvents(), UnreachableMember.class);
    }

    @Override
    public void postStop() {
        cluster.unsubscribe(getSelf());
    }

    @Override
    public Receive createReceive() {
        return receiveBuilder().match(UnreachableMember.class, event -> {
            Address address = event.member().address();
            blocking.execute(() -> {
                if (refuses(address)) {
                    LOG.info("{} is down: nobody listens there any more", JoinRules.text(address));
                    cluster.down(address);
                }
            });
        }).build();
    }

    /** Whether the machine is there and the process is not. Blocks, not longer than the timeout and what a name takes to be looked up. */
    static boolean refuses(Address address) {
        try (Socket socket = new Socket()) {
            socket.connect(new InetSocketAddress(address.getHost().orElseThrow(), address.getPort().orElseThrow()),
                    Math.toIntExact(TIMEOUT.toMillis()));
            return false;
        } catch (ConnectException e) {
            return String.valueOf(e.getMessage()).contains("refused");
        } catch (IOException e) {
            return false;
        }
    }
}
