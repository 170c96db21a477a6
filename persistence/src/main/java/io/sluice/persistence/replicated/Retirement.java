package io.sluice.persistence.replicated;

/** What came of the wish to let go of a copy of a log. */
public enum Retirement {
    /** There are no data any more. */
    DONE,
    /** This node leads the log, or tries to: it may be let go of once that has ended. */
    LED,
    /** A leader has begun to bring this copy in again: the data go with a later version, if at all. */
    WANTED
}
