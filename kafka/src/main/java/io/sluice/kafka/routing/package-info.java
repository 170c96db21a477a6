/** From the names and ids of a request to partitions, and from a partition to its leader. */
package io.sluice.kafka.routing;
