/** How actors that belong to a partition get to the node that leads it. */
package io.sluice.actors.sharding;
