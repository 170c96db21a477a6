/** The APIs of classic consumer groups: thin translations between protocol versions and {@link io.sluice.actors.group.Groups}. */
package io.sluice.kafka.group;
