package io.sluice.actors.controller;

import java.util.List;

/**
 * What the controller decided on a request: the events that make it so, none if nothing changes, and the answer's items.
 */
record Decision(List<ControllerEvent> events, List<ControllerAnswer.Item> items) {}
