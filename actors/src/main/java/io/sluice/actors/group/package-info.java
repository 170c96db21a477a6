/**
 * Consumer groups of the classic protocol and their committed offsets. Decisions are plain classes ({@code GroupRegistry}, {@code ClassicGroup}): a
 * request gives events and answers, the answers wait until the events are stored, and recovery applies the same events. The actor
 * around them ({@code GroupCoordinatorEntity}) only persists, answers and keeps the clock.
 */
package io.sluice.actors.group;
