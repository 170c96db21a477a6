/**
 * Sources, flows and sinks over topics, in the shape that users of Pekko Connectors Kafka know. They talk the Kafka protocol to the cluster: a source
 * is a member of its group like any foreign client, and what there is no demand for is not read. In a node they read what it leads from its logs.
 */
package io.sluice.streams.javadsl;
