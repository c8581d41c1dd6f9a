package dev.attribution.jdbc;

import static com.tngtech.archunit.base.DescribedPredicate.describe;
import static com.tngtech.archunit.base.DescribedPredicate.not;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noMethods;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaModifier;
import com.tngtech.archunit.core.importer.ImportOption.DoNotIncludeTests;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;
import com.tngtech.archunit.library.dependencies.SliceAssignment;
import com.tngtech.archunit.library.dependencies.SliceIdentifier;
import java.util.Set;
import java.util.function.Function;

@AnalyzeClasses(packages = "dev.attribution.jdbc", importOptions = DoNotIncludeTests.class)
class ArchitectureTest {
    private static final Set<String> API = Set.of(
            CreditHandler.class.getName(),
            JdbcAttributionStore.class.getName(),
            JdbcSchema.class.getName(),
            NotJoinedException.class.getName(),
            SchemaMode.class.getName(),
            Vendor.class.getName());

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
    static final ArchRule implementationIsInInternal = classes()
            .that()
            .areTopLevelClasses()
            .and()
            .doNotHaveSimpleName("package-info")
            .and(not(describe("are API", type -> API.contains(type.getName()))))
            .should()
            .resideInAPackage("dev.attribution.jdbc.internal..");

    @ArchTest
    static final ArchRule apiIsPublic = classes()
            .that(describe("are API", type -> API.contains(type.getName())))
            .should()
            .bePublic();

    @ArchTest
    static final ArchRule classesHaveNoCircles = slices().assignedFrom(eachBy(ArchitectureTest::topLevelName))
            .should()
            .beFreeOfCycles();

    /** The façade stands above the implementation; the other public types stand below it. */
    @ArchTest
    static final ArchRule packagesHaveNoCircles = slices().assignedFrom(eachBy(type -> type.getPackageName()
                    + (topLevelName(type).equals(JdbcAttributionStore.class.getName()) ? " (façade)" : "")))
            .should()
            .beFreeOfCycles();

    private static String topLevelName(JavaClass type) {
        return type.getName().replaceFirst("\\$.*", "");
    }

    private static SliceAssignment eachBy(Function<JavaClass, String> name) {
        return new SliceAssignment() {
            @Override
            public SliceIdentifier getIdentifierOf(JavaClass type) {
                return type.getPackageName().startsWith("dev.attribution.jdbc")
                        ? SliceIdentifier.of(name.apply(type))
                        : SliceIdentifier.ignore();
            }

            @Override
            public String getDescription() {
                return "the JDBC store";
            }
        };
    }
}
