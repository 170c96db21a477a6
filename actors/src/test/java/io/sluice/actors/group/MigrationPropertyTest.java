package io.sluice.actors.group;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Clients of both protocols join, leave, die and crash the coordinator at random, each run from its own seed. */
class MigrationPropertyTest {
    private static final int RUNS = 80;
    private static final int STEPS = 200;
    private static final int PARTITIONS = 7;

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void shouldNeverHaveTwoOwnersAndEndUpComplete(boolean cooperative) {
        for (int seed = 0; seed < RUNS; seed++) {
            new Run(seed, cooperative).run();
        }
    }

    /** One history of a group. */
    private static final class Run {
        private final GroupDriver group = new GroupDriver();
        private final List<TestClassicConsumer> classic = new ArrayList<>();
        private final List<TestConsumer> consumers = new ArrayList<>();
        private final Random random;
        private final boolean cooperative;
        private final String name;

        Run(int seed, boolean cooperative) {
            this.random = new Random(seed);
            this.cooperative = cooperative;
            this.name = (cooperative ? "cooperative" : "eager") + ", seed " + seed;
        }

        void run() {
            group.topics.put("t", PARTITIONS);
            for (int step = 0; step < STEPS; step++) {
                act();
                MigrationTest.assertOneOwner(classic, consumers);
            }
            if (classic.isEmpty() && consumers.isEmpty()) {
                consumers.add(new TestConsumer(group, "t"));
            }
            // beyond every session and rebalance time-out of those that died
            for (int i = 0; i < 60; i++) {
                pass(3);
            }
            assertComplete();
        }

        private void act() {
            switch (random.nextInt(24)) {
                case 0, 1 -> joinClassic();
                case 2, 3 -> joinConsumer();
                case 4, 5 -> {
                    if (!classic.isEmpty()) {
                        classic.remove(random.nextInt(classic.size())).leave();
                    }
                }
                case 6, 7 -> {
                    if (!consumers.isEmpty()) {
                        consumers.remove(random.nextInt(consumers.size())).leave();
                    }
                }
                // a process dies: it says nothing any more, and reads nothing
                case 8 -> {
                    if (random.nextBoolean() && !classic.isEmpty()) {
                        classic.remove(random.nextInt(classic.size()));
                    } else if (!consumers.isEmpty()) {
                        consumers.remove(random.nextInt(consumers.size()));
                    }
                }
                case 9 -> {
                    group.crash();
                    classic.forEach(TestClassicConsumer::connectionLost);
                }
                case 10 -> {
                    List<GroupEvent> snapshot = group.registry.toEvents();
                    group.stored.clear();
                    group.stored.addAll(snapshot);
                }
                case 11, 12 -> pass(1 + random.nextInt(4));
                default -> beatOne();
            }
        }

        private void joinClassic() {
            TestClassicConsumer c = new TestClassicConsumer(group, cooperative, "t");
            c.beat();
            classic.add(c);
        }

        private void joinConsumer() {
            TestConsumer c = new TestConsumer(group, "t");
            c.slowness = random.nextInt(3);
            c.beat();
            consumers.add(c);
        }

        private void beatOne() {
            int i = random.nextInt(classic.size() + consumers.size() + 1);
            if (i < classic.size()) {
                classic.get(i).beat();
            } else if (i < classic.size() + consumers.size()) {
                consumers.get(i - classic.size()).beat();
            }
        }

        /** Time goes by, and who lives is heard of before its session ends. */
        private void pass(int seconds) {
            group.pass(Duration.ofSeconds(seconds));
            classic.forEach(c -> {
                c.beat();
                MigrationTest.assertOneOwner(classic, consumers);
            });
            consumers.forEach(c -> {
                c.beat();
                MigrationTest.assertOneOwner(classic, consumers);
            });
        }

        private void assertComplete() {
            int owned = classic.stream().mapToInt(c -> c.owned.size()).sum()
                    + consumers.stream().mapToInt(c -> c.owned.size()).sum();
            assertThat(owned).as("%s: all is owned", name).isEqualTo(PARTITIONS);
            assertThat(group.registry.list().get(0).groupType()).as(name)
                    .isEqualTo(consumers.isEmpty() ? "classic" : "consumer");
            assertThat(group.registry.list().get(0).groupState()).as(name).isEqualTo("Stable");
        }
    }
}
