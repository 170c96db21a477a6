/**
 * Replication of a log by promises, epochs and majorities, as docs/replication describes and checks it. A {@code Replica} decides for one copy, a
 * {@code Leader} for the whole log; neither does I/O.
 */
package io.sluice.persistence.replication;
