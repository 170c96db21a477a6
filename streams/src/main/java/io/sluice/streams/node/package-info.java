/** Users' streams that run inside a node. */
package io.sluice.streams.node;
