/** The files of snapshots, as bytes: what is stored where, and which replicas have it. */
package io.sluice.persistence.snapshot;
