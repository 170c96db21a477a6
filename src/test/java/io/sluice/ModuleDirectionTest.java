package io.sluice;

import static com.tngtech.archunit.library.Architectures.layeredArchitecture;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;

import com.tngtech.archunit.core.importer.ImportOption.DoNotIncludeTests;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;
import com.tngtech.archunit.library.dependencies.SlicesRuleDefinition;

/** The direction of the modules: a lower one never knows a higher one. */
@AnalyzeClasses(packages = "io.sluice", importOptions = DoNotIncludeTests.class)
class ModuleDirectionTest {

    @ArchTest
    static final ArchRule modulesPointDown = layeredArchitecture().consideringOnlyDependenciesInLayers()
            .layer("persistence").definedBy("io.sluice.persistence..").layer("actors").definedBy("io.sluice.actors..")
            .optionalLayer("streams").definedBy("io.sluice.streams..").optionalLayer("kafka")
            .definedBy("io.sluice.kafka..").optionalLayer("clusterconfig").definedBy("io.sluice.clusterconfig..")
            .whereLayer("clusterconfig").mayNotBeAccessedByAnyLayer().whereLayer("kafka")
            .mayOnlyBeAccessedByLayers("clusterconfig").whereLayer("streams")
            .mayOnlyBeAccessedByLayers("kafka", "clusterconfig").whereLayer("actors")
            .mayOnlyBeAccessedByLayers("streams", "kafka", "clusterconfig").whereLayer("persistence")
            .mayOnlyBeAccessedByLayers("actors", "streams", "kafka", "clusterconfig");

    @ArchTest
    static final ArchRule theLogKnowsNoActors = noClasses().that().resideInAPackage("io.sluice.persistence.log..")
            .should().dependOnClassesThat().resideInAnyPackage("org.apache.pekko..", "scala..");

    @ArchTest
    static final ArchRule onlySocketsKnowNetty = noClasses().that()
            .resideInAnyPackage("io.sluice.persistence..", "io.sluice.actors..", "io.sluice.streams..").and()
            .resideOutsideOfPackages("io.sluice.persistence.net", "io.sluice.persistence.replication.net").should()
            .dependOnClassesThat().resideInAPackage("io.netty..");

    @ArchTest
    static final ArchRule packagesHaveNoCycles = SlicesRuleDefinition.slices().matching("io.sluice.(**)").should()
            .beFreeOfCycles();
}
