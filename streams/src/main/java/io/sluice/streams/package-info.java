/** The logs of a node, for streams that run in it. */
package io.sluice.streams;
