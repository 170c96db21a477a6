package io.sluice.actors.group;

import java.util.List;

/** A coordinator's state as the shortest list of events that restores it. */
record GroupSnapshot(List<GroupEvent> events) {}
