/** What a program needs to persist its actors with Sluice: the extension that owns the log store, and the record batch as an event. */
package io.sluice.persistence;
