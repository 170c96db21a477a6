package io.sluice.clusterconfig.cli;

import java.nio.file.AccessDeniedException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutionException;

/** Says in words, on one line, what went wrong. */
public final class Failures {

    private Failures() {
    }

    /** The reason a person understands; exceptions of the file system have only the path as message. */
    public static String reason(Throwable failure) {
        return switch (unwrapped(failure)) {
            case NoSuchFileException e -> "it does not exist";
            case AccessDeniedException e -> "permission denied";
            case NotDirectoryException e -> "it is not a directory";
            case FileAlreadyExistsException e -> "it is a file, not a directory";
            case Throwable e when e.getMessage() != null ->
                e.getMessage().lines().findFirst().orElse(e.toString()).strip();
            case Throwable e -> e.getClass().getSimpleName();
        };
    }

    /** Whether the failure or one of its causes says this. */
    public static boolean mentions(Throwable failure, String text) {
        for (Throwable e = failure; e != null; e = e.getCause()) {
            if (e.getMessage() != null && e.getMessage().contains(text)) {
                return true;
            }
        }
        return false;
    }

    /** The failure itself, without the wrappers that futures put around it. */
    public static Throwable unwrapped(Throwable failure) {
        Throwable inner = failure;
        while ((inner instanceof CompletionException || inner instanceof ExecutionException)
                && inner.getCause() != null) {
            inner = inner.getCause();
        }
        return inner;
    }
}
