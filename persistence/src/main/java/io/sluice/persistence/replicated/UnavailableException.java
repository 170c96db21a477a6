package io.sluice.persistence.replicated;

import java.io.IOException;

/** Too few replicas of a log answered to claim it. It may be tried again. */
public final class UnavailableException extends IOException {
    private static final long serialVersionUID = 1L;

    UnavailableException(String message) {
        super(message);
    }
}
