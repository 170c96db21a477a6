/** How nodes find each other, form one cluster and notice that one of them is gone. The rules are plain classes, the actors around them thin. */
package io.sluice.clusterconfig.membership;
