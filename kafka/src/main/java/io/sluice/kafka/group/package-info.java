/** The APIs of consumer groups, of both protocols: thin translations between protocol versions and {@link io.sluice.actors.group.Groups}. */
package io.sluice.kafka.group;
