package io.sluice.actors.controller;

/**
 * What a node says of itself when it starts.
 *
 * @param diskId id made with its data directory
 * @param host host of the Kafka listener as clients reach it
 * @param port port of the Kafka listener as clients reach it
 */
public record NodeRegistration(String diskId, String host, int port) {}
