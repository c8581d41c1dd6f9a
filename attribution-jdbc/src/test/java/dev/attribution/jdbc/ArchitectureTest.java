package dev.attribution.jdbc;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noMethods;

import com.tngtech.archunit.core.domain.JavaModifier;
import com.tngtech.archunit.core.importer.ImportOption.DoNotIncludeTests;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;

@AnalyzeClasses(packages = "dev.attribution.jdbc", importOptions = DoNotIncludeTests.class)
class ArchitectureTest {
    @ArchTest
    static final ArchRule oneClassTouchesHikariCp = noClasses()
            .that()
            .doNotHaveSimpleName("HikariPool")
            .should()
            .dependOnClassesThat()
            .resideInAPackage("com.zaxxer..");

    @ArchTest
    static final ArchRule noDriverIsNamedInCode =
            noClasses().should().dependOnClassesThat().resideInAPackage("org.h2..");

    @ArchTest
    static final ArchRule noInstantPassesThroughATimestamp = noClasses()
            .should()
            .dependOnClassesThat()
            .haveFullyQualifiedName("java.sql.Timestamp")
            .orShould()
            .dependOnClassesThat()
            .haveFullyQualifiedName("java.util.Date");

    @ArchTest
    static final ArchRule nothingIsSynchronized = noMethods().should().haveModifier(JavaModifier.SYNCHRONIZED);

    @ArchTest
    static final ArchRule implementationIsPackagePrivate = classes()
            .that()
            .areTopLevelClasses()
            .and()
            .doNotHaveSimpleName("CreditHandler")
            .and()
            .doNotHaveSimpleName("JdbcAttributionStore")
            .and()
            .doNotHaveSimpleName("JdbcSchema")
            .and()
            .doNotHaveSimpleName("SchemaMode")
            .and()
            .doNotHaveSimpleName("Vendor")
            .and()
            .doNotHaveSimpleName("package-info")
            .should()
            .bePackagePrivate();
}
