package io.sluice.persistence.journal;

import io.sluice.persistence.log.FencedException;
import io.sluice.persistence.log.LogStore;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.apache.pekko.actor.ActorRef;

/**
 * Who may write to which log. Recovery takes the claim of a persistence id; whoever had it before is deposed and its writes fail from then on,
 * so of two live actors with one id exactly one commits. An actor is told by its reference, which names one incarnation.
 *
 * <p>Kept only for actors that live. Writes without recovery (tests, tools) claim at their first write; of those without a sender only the latest
 * claims are kept. Used by the journal's actor only.
 */
final class Claims {
    private static final int NOBODYS_MAX = 1000;

    private final Supplier<LogStore> store;
    private final ActorRef nobody;
    private final Consumer<ActorRef> watch;
    private final Map<String, Claim> claims = new HashMap<>();
    /** The ids claimed by nobody, oldest first. */
    private final Set<String> nobodys = new LinkedHashSet<>();
    /** Every id that a live actor ever claimed, its own still or not. */
    private final Map<ActorRef, Set<String>> claimedBy = new HashMap<>();

    /**
     * @param store opens the store, or throws
     * @param nobody the sender of messages that have none; it never stops
     * @param watch calls {@link #stopped} when the actor has stopped
     */
    Claims(Supplier<LogStore> store, ActorRef nobody, Consumer<ActorRef> watch) {
        this.store = store;
        this.nobody = nobody;
        this.watch = watch;
    }

    /** Gives the id to the actor and deposes whoever had it. */
    Claim take(String persistenceId, ActorRef owner) {
        Claim claim = new Claim(store.get(), persistenceId, owner);
        claims.put(persistenceId, claim);
        nobodys.remove(persistenceId);
        if (owner.equals(nobody)) {
            nobodys.add(persistenceId);
            forgetOldest();
        } else {
            remember(persistenceId, owner);
        }
        return claim;
    }

    private void forgetOldest() {
        if (nobodys.size() > NOBODYS_MAX) {
            String oldest = nobodys.iterator().next();
            nobodys.remove(oldest);
            claims.remove(oldest);
        }
    }

    private void remember(String persistenceId, ActorRef owner) {
        Set<String> ids = claimedBy.get(owner);
        if (ids == null) {
            claimedBy.put(owner, Set.of(persistenceId)); // an actor has one id, as good as always
            watch.accept(owner);
        } else if (!ids.contains(persistenceId)) {
            Set<String> more = new HashSet<>(ids);
            more.add(persistenceId);
            claimedBy.put(owner, more);
        }
    }

    /** The claim under which the actor may write. */
    Claim forWrite(String persistenceId, ActorRef writer) throws FencedException {
        Claim claim = find(persistenceId, writer);
        return claim == null ? take(persistenceId, writer) : claim;
    }

    /** The actor's claim, or null if nobody claims the id and the actor never did. */
    Claim find(String persistenceId, ActorRef writer) throws FencedException {
        Claim claim = claims.get(persistenceId);
        if (claim == null
                ? claimedBy.getOrDefault(writer, Set.of()).contains(persistenceId)
                : !claim.owner().equals(writer)) {
            throw new FencedException("another actor has recovered \"" + persistenceId + "\" since " + writer
                    + " did: two actors with one persistence id");
        }
        return claim;
    }

    /** Forgets an actor that has stopped. */
    void stopped(ActorRef owner) {
        Set<String> ids = claimedBy.remove(owner);
        if (ids == null) {
            return;
        }
        for (String id : ids) {
            Claim claim = claims.get(id);
            if (claim != null && claim.owner().equals(owner)) {
                claims.remove(id);
                claim.resign();
            }
        }
    }

    /** Number of ids with a claim. */
    int size() {
        return claims.size();
    }
}
