/** Partitions as backpressured Pekko streams: demand reaches the reader of the log, and nothing is read that nobody asked for. */
package io.sluice.streams;
