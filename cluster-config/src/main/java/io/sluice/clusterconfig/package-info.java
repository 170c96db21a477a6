/** The node: typed settings, seed configuration, start and stop order, the command line. */
package io.sluice.clusterconfig;
