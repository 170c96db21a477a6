package io.sluice.clusterconfig.membership;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.StreamSupport;
import org.apache.pekko.actor.AbstractActor;
import org.apache.pekko.actor.Address;
import org.apache.pekko.actor.AddressFromURIString;
import org.apache.pekko.actor.Props;
import org.apache.pekko.cluster.Cluster;
import org.apache.pekko.cluster.ClusterEvent;
import org.apache.pekko.cluster.ClusterEvent.MemberEvent;
import org.apache.pekko.cluster.ClusterEvent.MemberRemoved;
import org.apache.pekko.cluster.ClusterEvent.MemberUp;
import org.apache.pekko.cluster.MemberStatus;
import org.apache.pekko.dispatch.Dispatchers;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Tells who joins and who is gone, and keeps the addresses of the other members in the data directory, so that a node that starts again asks them too, whatever its seeds are: a
 * first node without seeds finds the others that joined it. Only a hint: the file may be old, or be missing.
 */
final class MemberMemory extends AbstractActor {

    private static final Logger LOG = LoggerFactory.getLogger(MemberMemory.class);

    private final Cluster cluster = Cluster.get(getContext().getSystem());
    private final Path file;
    private Set<String> written = Set.of();

    private MemberMemory(Path file) {
        this.file = file;
    }

    /** How to make one; it writes files, so it has a dispatcher for that. */
    static Props props(Path file) {
        return Props.create(MemberMemory.class, () -> new MemberMemory(file))
                .withDispatcher(Dispatchers.DefaultBlockingDispatcherId());
    }

    /** The members when the node last ran; none if that is not known. */
    static Set<Address> read(Path file) {
        try {
            return Files.exists(file)
                    ? Files.readAllLines(file).stream().filter(line -> line.startsWith("pekko://"))
                            .map(AddressFromURIString::parse).collect(Collectors.toSet())
                    : Set.of();
        } catch (IOException | RuntimeException e) {
            LOG.warn("file {} cannot be read and is left out", file, e);
            return Set.of();
        }
    }

    @Override
    public void preStart() {
        cluster.subscribe(getSelf(), ClusterEvent.initialStateAsEvents(), MemberEvent.class);
    }

    @Override
    public void postStop() {
        cluster.unsubscribe(getSelf());
    }

    @Override
    public Receive createReceive() {
        return receiveBuilder().match(MemberEvent.class, event -> {
            tell(event);
            remember();
        }).build();
    }

    private void tell(MemberEvent event) {
        boolean isOther = !event.member().uniqueAddress().equals(cluster.selfUniqueAddress());
        if (isOther && (event instanceof MemberUp || event instanceof MemberRemoved)) {
            LOG.info("{} {}", JoinRules.text(event.member().address()),
                    event instanceof MemberUp ? "is a member" : "is no member any more");
        }
    }

    private void remember() {
        if (!cluster.selfMember().status().equals(MemberStatus.up())) {
            return; // a node that leaves sees the others go
        }
        Set<String> others = StreamSupport.stream(cluster.state().getMembers().spliterator(), false)
                .map(member -> member.address().toString()).collect(Collectors.toCollection(TreeSet::new));
        others.remove(cluster.selfAddress().toString());
        if (others.equals(written)) {
            return;
        }
        try {
            Path draft = file.resolveSibling(file.getFileName() + ".new");
            Files.write(draft, others);
            Files.move(draft, file, StandardCopyOption.ATOMIC_MOVE);
            written = Set.copyOf(others);
        } catch (IOException e) {
            LOG.warn("file {} cannot be written", file, e);
        }
    }
}
