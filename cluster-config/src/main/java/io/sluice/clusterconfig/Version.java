package io.sluice.clusterconfig;

import picocli.CommandLine.IVersionProvider;

/** The version of this build. */
final class Version implements IVersionProvider {

    @Override
    public String[] getVersion() {
        return new String[]{"sluice " + number() + " (Java " + Runtime.version() + ")"};
    }

    /** The version number, from the jar's manifest. */
    static String number() {
        String packaged = Version.class.getPackage().getImplementationVersion();
        return packaged == null ? "unpackaged" : packaged;
    }
}
