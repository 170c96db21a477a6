/** Logs on disk: segment files of Kafka record batches, their indexes, recovery and retention. No actors in here. */
package io.sluice.persistence.log;
