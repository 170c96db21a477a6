/**
 * The settings with Kafka names that act in Sluice: which there are, their defaults, limits and meaning, and how topic, node and cluster values
 * combine. A name that is not here is refused.
 */
package io.sluice.actors.config;
