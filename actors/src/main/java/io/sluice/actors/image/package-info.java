/**
 * What a node knows of the cluster: an immutable image, made of the controller's metadata and of membership. Whoever reads it sends no message.
 */
package io.sluice.actors.image;
