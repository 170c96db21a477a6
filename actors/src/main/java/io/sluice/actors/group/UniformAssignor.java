package io.sluice.actors.group;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.PriorityQueue;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;
import org.apache.kafka.common.Uuid;

/**
 * Gives all members about as many partitions, whatever their topics, and moves as few as that takes. Where all members subscribe to the same topics,
 * their loads differ by at most one; where they do not, no single move would even them out further.
 */
final class UniformAssignor implements Assignor {

    @Override
    public String name() {
        return "uniform";
    }

    @Override
    public Map<String, Partitions> assign(Map<Uuid, Integer> topics, SortedMap<String, Candidate> members) {
        return new Run(topics, members).result();
    }

    /** A member while partitions are dealt out. */
    private static final class Hand {
        final String member;
        final Map<Uuid, TreeSet<Integer>> partitions = new HashMap<>();
        int load;

        Hand(String member) {
            this.member = member;
        }

        void take(Uuid topic, int partition) {
            partitions.computeIfAbsent(topic, t -> new TreeSet<>()).add(partition);
            load++;
        }

        boolean has(Uuid topic) {
            return !partitions.getOrDefault(topic, new TreeSet<>()).isEmpty();
        }

        int drop(Uuid topic) {
            load--;
            return partitions.get(topic).pollLast();
        }
    }

    /** One assignment. */
    private static final class Run {
        private static final Comparator<Hand> BY_LOAD = Comparator.<Hand>comparingInt(h -> h.load)
                .thenComparing(h -> h.member);

        private final Map<Uuid, Integer> topics;
        private final Map<String, Hand> hands = new TreeMap<>();
        private final Map<Uuid, List<Hand>> readers = new HashMap<>();
        private final Map<Uuid, Set<Integer>> taken = new HashMap<>();
        private final List<Uuid> order;

        Run(Map<Uuid, Integer> topics, SortedMap<String, Candidate> members) {
            this.topics = topics;
            topics.keySet().forEach(t -> {
                readers.put(t, new ArrayList<>());
                taken.put(t, new HashSet<>());
            });
            members.forEach((id, candidate) -> {
                Hand hand = new Hand(id);
                hands.put(id, hand);
                candidate.topics().stream().filter(topics::containsKey).forEach(t -> readers.get(t).add(hand));
                keep(hand, candidate);
            });
            // those that few can read come first, while there still is a choice for the others
            order = topics.keySet().stream().filter(t -> !readers.get(t).isEmpty())
                    .sorted(Comparator.<Uuid>comparingInt(t -> readers.get(t).size()).thenComparing(t -> t)).toList();
        }

        private void keep(Hand hand, Candidate candidate) {
            candidate.previous().forEach((topic, partition) -> {
                if (candidate.topics().contains(topic) && partition < topics.getOrDefault(topic, 0)
                        && taken.get(topic).add(partition)) {
                    hand.take(topic, partition);
                }
            });
        }

        Map<String, Partitions> result() {
            order.forEach(this::dealOut);
            boolean moved = true;
            while (moved) {
                // ends: each move brings the loads' squares closer together
                moved = false;
                for (Uuid topic : order) {
                    moved |= even(topic);
                }
            }
            Map<String, Partitions> result = new HashMap<>();
            hands.forEach((member, hand) -> result.put(member, Partitions.of(hand.partitions)));
            return result;
        }

        private void dealOut(Uuid topic) {
            PriorityQueue<Hand> lightest = new PriorityQueue<>(BY_LOAD);
            lightest.addAll(readers.get(topic));
            for (int p = 0; p < topics.get(topic); p++) {
                if (!taken.get(topic).contains(p)) {
                    Hand hand = lightest.remove();
                    hand.take(topic, p);
                    lightest.add(hand);
                }
            }
        }

        /** Moves partitions of a topic from those of its readers that have most to those that have least; whether it moved any. */
        private boolean even(Uuid topic) {
            TreeSet<Hand> byLoad = new TreeSet<>(BY_LOAD);
            byLoad.addAll(readers.get(topic));
            TreeSet<Hand> givers = new TreeSet<>(BY_LOAD);
            readers.get(topic).stream().filter(h -> h.has(topic)).forEach(givers::add);
            boolean moved = false;
            while (!givers.isEmpty() && givers.last().load - byLoad.first().load > 1) {
                Hand from = givers.last();
                Hand to = byLoad.first();
                // out of the sets while their order changes
                givers.remove(from);
                givers.remove(to);
                byLoad.remove(from);
                byLoad.remove(to);
                to.take(topic, from.drop(topic));
                byLoad.add(from);
                byLoad.add(to);
                givers.add(to);
                if (from.has(topic)) {
                    givers.add(from);
                }
                moved = true;
            }
            return moved;
        }
    }
}
