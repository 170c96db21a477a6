package io.sluice.clusterconfig.membership;

import java.io.IOException;
import java.net.ConnectException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.time.Duration;
import java.util.HashSet;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import org.apache.pekko.actor.AbstractActorWithTimers;
import org.apache.pekko.actor.Address;
import org.apache.pekko.actor.Props;
import org.apache.pekko.cluster.Cluster;
import org.apache.pekko.cluster.ClusterEvent;
import org.apache.pekko.cluster.ClusterEvent.UnreachableMember;
import org.apache.pekko.cluster.Member;
import org.apache.pekko.cluster.MemberStatus;
import org.apache.pekko.dispatch.Dispatchers;
import org.apache.pekko.pattern.Patterns;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Tells a crash from silence. When a connection with a member ends, or it becomes unreachable, it connects to the member's port: if the machine answers that
 * nobody listens there, the process is gone, and the member is unreachable and down at once. A node that hangs, is overloaded or cut off does not refuse
 * connections and is left to its heartbeats and the Split Brain Resolver. So the survivor of a cluster of two goes on after a crash of the other, although it
 * is no majority.
 */
final class CrashProbe extends AbstractActorWithTimers {
    private static final Logger LOG = LoggerFactory.getLogger(CrashProbe.class);
    private static final Duration TIMEOUT = Duration.ofMillis(500);
    /** A process that dies closes its sockets one after the other, the connection that told of it perhaps before the port. */
    private static final int ATTEMPTS = 4;
    private static final Duration BETWEEN_ATTEMPTS = Duration.ofMillis(50);

    private final Cluster cluster = Cluster.get(getContext().getSystem());
    private final Executor blocking = getContext().getSystem().dispatchers()
            .lookup(Dispatchers.DefaultBlockingDispatcherId());
    /** Members that are being looked at, each by one probe at a time, however many connections end. */
    private final Set<Address> probed = new HashSet<>();

    /** A connection with a member ended; see {@link Membership#connectionLost}. */
    record ConnectionLost(Address member) {}

    private record Attempt(Address member, int left) {}

    private record Answer(Address member, boolean refused, int left) {}

    /** How to make one. */
    static Props props() {
        return Props.create(CrashProbe.class, CrashProbe::new);
    }

    @Override
    public void preStart() {
        cluster.subscribe(getSelf(), ClusterEvent.initialStateAsEvents(), UnreachableMember.class);
        getContext().getSystem().eventStream().subscribe(getSelf(), ConnectionLost.class);
    }

    @Override
    public void postStop() {
        cluster.unsubscribe(getSelf());
        getContext().getSystem().eventStream().unsubscribe(getSelf());
    }

    @Override
    public Receive createReceive() {
        return receiveBuilder().match(ConnectionLost.class, lost -> look(lost.member()))
                .match(UnreachableMember.class, event -> look(event.member().address()))
                .match(Attempt.class, attempt -> probe(attempt.member(), attempt.left()))
                .match(Answer.class, this::heard).build();
    }

    private void look(Address member) {
        if (takesPart(member) && probed.add(member)) {
            probe(member, ATTEMPTS);
        }
    }

    /** Whether the cluster counts on it: a member that leaves in good order ends connections too. */
    private boolean takesPart(Address address) {
        for (Member member : cluster.state().getMembers()) {
            if (member.address().equals(address)) {
                return !member.status().equals(MemberStatus.exiting()) && !member.status().equals(MemberStatus.down());
            }
        }
        return false;
    }

    private void probe(Address member, int left) {
        Patterns.pipe(CompletableFuture.supplyAsync(() -> new Answer(member, refuses(member), left - 1), blocking),
                getContext().getDispatcher()).to(getSelf());
    }

    private void heard(Answer answer) {
        Address member = answer.member();
        if (!answer.refused() && answer.left() > 0) {
            getTimers().startSingleTimer(member, new Attempt(member, answer.left()), BETWEEN_ATTEMPTS);
            return;
        }
        probed.remove(member);
        if (answer.refused()) {
            LOG.info("{} is down: nobody listens there any more", JoinRules.text(member));
            CrashAwareFailureDetector.gone(cluster, member);
            cluster.down(member);
        }
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
