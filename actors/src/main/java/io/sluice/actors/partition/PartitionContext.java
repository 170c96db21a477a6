package io.sluice.actors.partition;

import io.sluice.actors.config.TopicSettings;
import io.sluice.persistence.log.LogStore;
import java.time.Clock;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Function;

/**
 * What the actors of all partitions of a node share. Immutable.
 *
 * @param slots where the actors make themselves known
 * @param store the logs
 * @param topics settings in force for a partition's topic; empty once the topic is gone
 * @param reactivate starts a partition's actor anew
 */
record PartitionContext(PartitionSlots slots, LogStore store, Function<PartitionRef, Optional<TopicSettings>> topics,
        PartitionSettings settings, Consumer<Activate> reactivate, Clock clock) {}
