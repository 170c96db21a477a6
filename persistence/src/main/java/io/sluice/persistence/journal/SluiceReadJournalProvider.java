package io.sluice.persistence.journal;

import com.typesafe.config.Config;
import org.apache.pekko.actor.ExtendedActorSystem;
import org.apache.pekko.persistence.query.ReadJournalProvider;

/** Makes the read journals of an actor system; Pekko finds it by {@code sluice.persistence.query.class}. */
public final class SluiceReadJournalProvider implements ReadJournalProvider {
    private final SluiceScalaReadJournal scala;
    private final SluiceReadJournal java;

    /** Called by Pekko, with the plugin's own section of the configuration and its path. */
    public SluiceReadJournalProvider(ExtendedActorSystem system, Config config, String path) {
        scala = new SluiceScalaReadJournal(system, config, path);
        java = new SluiceReadJournal(scala);
    }

    @Override
    public SluiceScalaReadJournal scaladslReadJournal() {
        return scala;
    }

    @Override
    public SluiceReadJournal javadslReadJournal() {
        return java;
    }
}
