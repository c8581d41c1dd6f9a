package dev.attribution.cassandra;

import static com.tngtech.archunit.base.DescribedPredicate.describe;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noMethods;

import com.tngtech.archunit.core.domain.JavaModifier;
import com.tngtech.archunit.core.importer.ImportOption.DoNotIncludeTests;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;
import java.util.Set;

@AnalyzeClasses(packages = "dev.attribution.cassandra", importOptions = DoNotIncludeTests.class)
class ArchitectureTest {
    private static final Set<String> API = Set.of(
            CassandraAttributionStore.class.getName(),
            CassandraSchema.class.getName(),
            CassandraSchemaMode.class.getName());

    @ArchTest
    static final ArchRule nothingIsSynchronized = noMethods().should().haveModifier(JavaModifier.SYNCHRONIZED);

    @ArchTest
    static final ArchRule onlyTheApiIsPublic = classes()
            .that()
            .areTopLevelClasses()
            .and(describe("are not API", type -> !API.contains(type.getName())))
            .should()
            .notBePublic();

    @ArchTest
    static final ArchRule nothingOfTheDriverIsUsedThatIsNotItsApi =
            noClasses().should().dependOnClassesThat().resideInAPackage("com.datastax.oss.driver.internal..");
}
