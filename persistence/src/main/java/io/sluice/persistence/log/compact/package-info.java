/**
 * Log compaction: what is decided about records, batches and segments, without files or threads. The parts of {@code io.sluice.persistence.log} that
 * read and replace segments ask these classes; they know nothing of the log.
 */
package io.sluice.persistence.log.compact;
