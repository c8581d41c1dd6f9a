package dev.attribution.spring;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noMethods;

import com.tngtech.archunit.core.domain.JavaModifier;
import com.tngtech.archunit.core.importer.ImportOption.DoNotIncludeTests;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;

@AnalyzeClasses(packages = "dev.attribution.spring", importOptions = DoNotIncludeTests.class)
class ArchitectureTest {
    @ArchTest
    static final ArchRule onlyWhatIsExportedIsUsed = noClasses()
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage(
                    "dev.attribution.engine..",
                    "dev.attribution.internal..",
                    "dev.attribution.jdbc.internal..",
                    "dev.attribution.console.view..");

    @ArchTest
    static final ArchRule whatIsOptionalShowsInItsPackageOnly = noClasses()
            .that()
            .resideInAPackage("dev.attribution.spring")
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage(
                    "dev.attribution.console..",
                    "dev.attribution.testkit..",
                    "io.micrometer..",
                    "jakarta.servlet..",
                    "org.springframework.boot.actuate..",
                    "org.springframework.boot.health..",
                    "org.springframework.web..");

    @ArchTest
    static final ArchRule nothingIsSynchronized = noMethods().should().haveModifier(JavaModifier.SYNCHRONIZED);
}
