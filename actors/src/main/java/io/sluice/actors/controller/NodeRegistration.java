package io.sluice.actors.controller;

/**
 * What a node says of itself when it starts.
 *
 * @param diskId id made with its data directory
 * @param clusterId the cluster that its data directory belongs to, or null if it was never registered
 * @param host host of the Kafka listener as clients reach it
 * @param port port of the Kafka listener as clients reach it
 */
public record NodeRegistration(String diskId, String clusterId, String host, int port) {}
