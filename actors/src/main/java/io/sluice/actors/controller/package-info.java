/**
 * The controller: one persistent actor per cluster that owns topics, their replicas and settings, the registered nodes and the producer ids.
 *
 * <p>The way of a change: {@link io.sluice.actors.controller.Controller} on the node that was asked, {@code ControllerActor} on the node that runs the
 * singleton, {@code ControllerState} which decides without knowing of actors, an event in the journal, {@code ImageFeed} on every node, and the image
 * that the node reads. The answer leaves once the asked node's image has the change.
 */
package io.sluice.actors.controller;
