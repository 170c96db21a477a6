package io.sluice.actors.group;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import org.apache.kafka.common.protocol.Errors;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Random joins, leaves, heartbeats, lost answers, crashes and changes of topics, each run from its own seed. */
class ConsumerGroupPropertyTest {
    private static final int RUNS = 60;
    private static final int STEPS = 250;

    @ParameterizedTest
    @ValueSource(strings = {"uniform", "range"})
    void shouldNeverHaveTwoOwnersAndEndUpFairAndComplete(String assignor) {
        for (int seed = 0; seed < RUNS; seed++) {
            new Run(seed, assignor).run();
        }
    }

    /** One history of a group. */
    private static final class Run {
        private final GroupDriver group = new GroupDriver();
        private final List<TestConsumer> live = new ArrayList<>();
        private final Random random;
        private final String assignor;
        private final String name;

        Run(int seed, String assignor) {
            this.random = new Random(seed);
            this.assignor = assignor;
            this.name = assignor + ", seed " + seed;
        }

        void run() {
            group.topics.put("t0", 5);
            for (int step = 0; step < STEPS; step++) {
                act();
                assertOneOwner(step);
            }
            if (live.isEmpty()) {
                join();
            }
            // beyond every session and rebalance time-out of those that crashed
            for (int i = 0; i < 30; i++) {
                group.pass(Duration.ofSeconds(5));
                List.copyOf(live).forEach(TestConsumer::beat);
                assertOneOwner(STEPS + i);
            }
            assertComplete();
        }

        private void act() {
            switch (random.nextInt(20)) {
                case 0, 1 -> join();
                case 2 -> any().ifPresent(c -> {
                    c.leave();
                    live.remove(c);
                });
                // its process dies: it says nothing any more, and reads nothing
                case 3 -> any().ifPresent(live::remove);
                // its process starts again under the same member id
                case 4 -> any().ifPresent(TestConsumer::crash);
                case 5 -> group.crash();
                case 6 -> group.topics.put("t" + random.nextInt(3), 1 + random.nextInt(4));
                case 7 -> group.topics.put("t0", group.topics.image().topic("t0").orElseThrow().partitionCount() + 1);
                case 8 -> {
                    if (random.nextBoolean()) {
                        group.topics.delete("t" + (1 + random.nextInt(2)));
                    }
                }
                case 9 -> {
                    group.pass(Duration.ofSeconds(random.nextInt(10)));
                    // a client that lives is heard of before its session ends
                    List.copyOf(live).forEach(TestConsumer::beat);
                }
                case 10 -> any().filter(c -> c.epoch > 0).ifPresent(c -> {
                    c.exchange();
                    if (c.beatInFull() != Errors.NONE) {
                        c.crash();
                    }
                });
                default -> any().ifPresent(TestConsumer::beat);
            }
        }

        private void join() {
            TestConsumer c = new TestConsumer(group).pattern("t.*").assignor(assignor);
            c.slowness = random.nextInt(4);
            c.beat();
            live.add(c);
        }

        private Optional<TestConsumer> any() {
            return live.isEmpty()
                    ? Optional.empty()
                    : Optional.of(live.get(random.nextInt(live.size())));
        }

        private void assertOneOwner(int step) {
            Set<String> owned = new HashSet<>();
            live.forEach(c -> c.owned.forEach((topic, partition) -> assertThat(owned.add(topic + "-" + partition))
                    .as("%s, step %d: %s-%d has one owner", name, step, topic, partition).isTrue()));
        }

        private void assertComplete() {
            int partitions = group.topics.image().topics().stream().mapToInt(t -> t.partitionCount()).sum();
            assertThat(live.stream().mapToInt(c -> c.owned.size()).sum()).as("%s: all is owned", name)
                    .isEqualTo(partitions);
            assertThat(group.registry.describeConsumer(GroupDriver.GROUP).groupState()).as(name).isEqualTo("Stable");
            if (assignor.equals("uniform")) {
                int least = live.stream().mapToInt(c -> c.owned.size()).min().orElseThrow();
                assertThat(live).as("%s: fair", name).allSatisfy(c -> assertThat(c.owned.size() - least)
                        .isLessThanOrEqualTo(1));
            }
        }
    }
}
