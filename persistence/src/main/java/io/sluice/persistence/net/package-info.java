/** What all of Sluice's own sockets share: transports, frames, bounds on memory and log lines, log slices that leave by sendfile. */
package io.sluice.persistence.net;
