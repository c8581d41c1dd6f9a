package dev.attribution.trackers;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noMethods;

import com.tngtech.archunit.core.domain.JavaModifier;
import com.tngtech.archunit.core.importer.ImportOption.DoNotIncludeTests;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;

@AnalyzeClasses(packages = "dev.attribution.trackers", importOptions = DoNotIncludeTests.class)
class ArchitectureTest {
    @ArchTest
    static final ArchRule theCsvLibraryShowsInOneClass = noClasses()
            .that()
            .doNotHaveSimpleName("Records")
            .should()
            .dependOnClassesThat()
            .resideInAPackage("de.siegmar..");

    @ArchTest
    static final ArchRule theJsonLibraryShowsInOneClass = noClasses()
            .that()
            .haveNameNotMatching(".*\\.JsonMessages(\\$.*)?")
            .should()
            .dependOnClassesThat()
            .resideInAPackage("tools.jackson..");

    @ArchTest
    static final ArchRule onlyWhatIsExportedIsUsedOfTheCore = classes()
            .should()
            .onlyDependOnClassesThat()
            .resideInAnyPackage(
                    "dev.attribution",
                    "dev.attribution.click..",
                    "dev.attribution.conversion..",
                    "dev.attribution.link..",
                    "dev.attribution.postback..",
                    "dev.attribution.reconcile..",
                    "dev.attribution.trackers..",
                    "de.siegmar..",
                    "java..",
                    "org.jspecify..",
                    "tools.jackson..");

    @ArchTest
    static final ArchRule nothingIsSynchronized = noMethods().should().haveModifier(JavaModifier.SYNCHRONIZED);
}
