/** The Pekko Persistence plugins on the log: journal, snapshot store and read journal. */
package io.sluice.persistence.journal;
