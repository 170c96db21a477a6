/**
 * The APIs with which a client learns what there is: nodes, topics, partitions and their leaders. All are answered from this node's image of the
 * cluster, without a message to anybody.
 */
package io.sluice.kafka.metadata;
