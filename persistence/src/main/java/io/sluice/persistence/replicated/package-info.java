/**
 * The logs of a node that has fellows: a {@link io.sluice.persistence.log.LogStore} whose logs are claimed at, and appended to, a majority of their
 * replicas. Shells around {@link io.sluice.persistence.replication}, which decides.
 */
package io.sluice.persistence.replicated;
