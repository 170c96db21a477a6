package io.sluice.actors.controller;

import java.util.Set;
import java.util.function.Supplier;
import org.apache.kafka.common.Uuid;

/**
 * What a decision depends on besides the state.
 *
 * @param alive cluster addresses of the nodes that are up and reachable
 * @param ids gives ids never seen before
 * @param maxPartitionsPerRequest the most partitions that one request may create
 */
record DecisionContext(Set<String> alive, Supplier<Uuid> ids, int maxPartitionsPerRequest) {}
