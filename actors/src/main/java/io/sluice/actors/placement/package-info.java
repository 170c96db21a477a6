/** Which nodes hold a partition and which of them leads it: pure functions that every node computes alike. */
package io.sluice.actors.placement;
