package dev.attribution.console;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noMethods;

import com.tngtech.archunit.core.domain.JavaModifier;
import com.tngtech.archunit.core.importer.ImportOption.DoNotIncludeTests;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;

@AnalyzeClasses(packages = "dev.attribution.console", importOptions = DoNotIncludeTests.class)
class ArchitectureTest {
    @ArchTest
    static final ArchRule noCompilerAndNoWebFrameworkAtRunTime = classes()
            .should()
            .onlyDependOnClassesThat()
            .resideInAnyPackage(
                    "dev.attribution..",
                    "gg.jte",
                    "gg.jte.html..",
                    "gg.jte.output..",
                    "gg.jte.runtime..",
                    "org.apache.commons.fileupload",
                    "java..",
                    "javax.annotation.processing", // on generated classes, not kept in them
                    "javax.crypto..",
                    "org.jspecify..",
                    "org.slf4j..");

    @ArchTest
    static final ArchRule onlyWhatIsExportedIsUsedOfTheCore = noClasses()
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage("dev.attribution.engine..", "dev.attribution.internal..");

    @ArchTest
    static final ArchRule theUploadLibraryShowsInOneClass = noClasses()
            .that()
            .haveNameNotMatching(".*\\.Form(\\$.*)?")
            .should()
            .dependOnClassesThat()
            .resideInAPackage("org.apache.commons..");

    @ArchTest
    static final ArchRule whatIsShownKnowsNothingOfTheConsole = noClasses()
            .that()
            .resideInAPackage("dev.attribution.console.view")
            .should()
            .dependOnClassesThat()
            .resideInAPackage("dev.attribution.console");

    @ArchTest
    static final ArchRule nothingIsSynchronized = noMethods().should().haveModifier(JavaModifier.SYNCHRONIZED);
}
