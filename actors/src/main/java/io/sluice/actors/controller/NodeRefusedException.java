package io.sluice.actors.controller;

/** The cluster does not take this node; the message says in one line why, and what to do. Trying again does not help. */
public final class NodeRefusedException extends RuntimeException {

    NodeRefusedException(String message) {
        super(message);
    }
}
