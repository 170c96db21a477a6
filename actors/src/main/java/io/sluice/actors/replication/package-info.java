/** Which replicas the logs of partitions and coordinators have, from the cluster image. */
package io.sluice.actors.replication;
