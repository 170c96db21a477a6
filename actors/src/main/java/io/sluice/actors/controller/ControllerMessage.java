package io.sluice.actors.controller;

/** What the controller stores or exchanges with other nodes: serialised by Jackson as CBOR, see reference.conf. */
interface ControllerMessage {
}
