/** Compares streams inside a node with the plain Java client. */
package io.sluice.bench.streams;
