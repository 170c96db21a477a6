package io.sluice.persistence.example;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigFactory;
import java.time.Duration;
import java.util.concurrent.CompletionStage;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.actor.typed.ActorSystem;
import org.apache.pekko.actor.typed.Behavior;
import org.apache.pekko.actor.typed.javadsl.AskPattern;
import org.apache.pekko.persistence.typed.PersistenceId;
import org.apache.pekko.persistence.typed.javadsl.CommandHandler;
import org.apache.pekko.persistence.typed.javadsl.EventHandler;
import org.apache.pekko.persistence.typed.javadsl.EventSourcedBehavior;
import org.apache.pekko.persistence.typed.javadsl.RetentionCriteria;

/** Counts how often it was started, in a directory: {@code VisitCounter DIR}. */
public final class VisitCounter extends EventSourcedBehavior<VisitCounter.Visit, String, Integer> {

    /** Counts a visit and answers how many there were. */
    public record Visit(String visitor, ActorRef<Integer> replyTo) {}

    private VisitCounter(String page) {
        super(PersistenceId.of("page", page));
    }

    @Override
    public Integer emptyState() {
        return 0;
    }

    @Override
    public CommandHandler<Visit, String, Integer> commandHandler() {
        return (visits, visit) -> Effect().persist(visit.visitor()).thenReply(visit.replyTo(), after -> after);
    }

    @Override
    public EventHandler<Integer, String> eventHandler() {
        return (visits, visitor) -> visits + 1;
    }

    @Override
    public RetentionCriteria retentionCriteria() {
        return RetentionCriteria.snapshotEvery(10, 2).withDeleteEventsOnSnapshot();
    }

    static Behavior<Visit> of(String page) {
        return new VisitCounter(page);
    }

    /** Prints the number of visits so far. */
    public static void main(String[] args) {
        System.out.println("visit " + visit(args[0]));
    }

    static int visit(String directory) {
        Config config = ConfigFactory.parseString("""
                pekko.persistence.journal.plugin = "sluice.persistence.journal"
                pekko.persistence.snapshot-store.plugin = "sluice.persistence.snapshot-store"
                """)
                .withFallback(ConfigFactory.parseString("sluice.persistence.dir = \"" + directory + "\""))
                .withFallback(ConfigFactory.load());
        ActorSystem<Visit> system = ActorSystem.create(of("index"), "visits", config);
        try {
            CompletionStage<Integer> visits = AskPattern.ask(system,
                    (ActorRef<Integer> me) -> new Visit("somebody", me),
                    Duration.ofSeconds(10), system.scheduler());
            return visits.toCompletableFuture().join();
        } finally {
            system.terminate();
            system.getWhenTerminated().toCompletableFuture().join(); // the logs are closed by now
        }
    }
}
