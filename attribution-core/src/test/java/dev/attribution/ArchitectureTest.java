package dev.attribution;

import static com.tngtech.archunit.base.DescribedPredicate.not;
import static com.tngtech.archunit.core.domain.JavaCall.Predicates.target;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.assignableTo;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAPackage;
import static com.tngtech.archunit.core.domain.properties.HasName.Predicates.nameMatching;
import static com.tngtech.archunit.core.domain.properties.HasOwner.Predicates.With.owner;
import static com.tngtech.archunit.lang.conditions.ArchConditions.callCodeUnitWhere;
import static com.tngtech.archunit.lang.conditions.ArchConditions.dependOnClassesThat;
import static com.tngtech.archunit.lang.conditions.ArchPredicates.are;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;
import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.domain.JavaModifier;
import com.tngtech.archunit.core.domain.JavaPackage;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;
import com.tngtech.archunit.library.dependencies.SliceAssignment;
import com.tngtech.archunit.library.dependencies.SliceIdentifier;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.time.Clock;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.OffsetDateTime;
import java.time.ZonedDateTime;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.spi.ToolProvider;
import org.jspecify.annotations.NullMarked;

@AnalyzeClasses(packages = "dev.attribution", importOptions = ImportOption.DoNotIncludeTests.class)
class ArchitectureTest {
    private static final String[] FEATURES = {
        "dev.attribution.click..",
        "dev.attribution.link..",
        "dev.attribution.offer..",
        "dev.attribution.postback..",
        "dev.attribution.conversion..",
        "dev.attribution.history..",
        "dev.attribution.report..",
        "dev.attribution.internal..",
        "dev.attribution.spi.."
    };

    /** The root is a package of its own; its exceptions, which every package may raise, are the ground. */
    @ArchTest
    static final ArchRule packagesDependOneWay = slices().assignedFrom(new SliceAssignment() {
                @Override
                public SliceIdentifier getIdentifierOf(JavaClass javaClass) {
                    return javaClass.getPackageName().equals("dev.attribution")
                                    && javaClass.isAssignableTo(Throwable.class)
                            ? SliceIdentifier.of("exceptions of dev.attribution")
                            : SliceIdentifier.of(javaClass.getPackageName());
                }

                @Override
                public String getDescription() {
                    return "packages";
                }
            })
            .should()
            .beFreeOfCycles();

    @ArchTest
    static final ArchRule onlyTheRootDependsOnTheEngine = noClasses()
            .that()
            .resideOutsideOfPackages("dev.attribution", "dev.attribution.engine..")
            .should()
            .dependOnClassesThat()
            .resideInAPackage("dev.attribution.engine..");

    /** A nested builder is known by the type that it builds. */
    @ArchTest
    static void noTypeNameStandsTwice(JavaClasses classes) {
        assertThat(classes.stream()
                        .filter(javaClass -> !javaClass.isAnonymousClass()
                                && !javaClass.getSimpleName().isEmpty())
                        .map(JavaClass::getSimpleName)
                        .filter(name -> !name.equals("Builder") && !name.equals("package-info")))
                .doesNotHaveDuplicates();
    }

    /** What a record holds is what its accessors return; elsewhere an absent argument is null. */
    @ArchTest
    static void noPublicMethodTakesAnOptional(JavaClasses classes) {
        assertThat(classes.stream()
                        .filter(javaClass -> !javaClass.getPackageName().contains(".engine")
                                && !javaClass.getPackageName().contains(".internal"))
                        .filter(javaClass -> javaClass.getModifiers().contains(JavaModifier.PUBLIC))
                        .flatMap(javaClass -> javaClass.getCodeUnits().stream())
                        .filter(codeUnit -> codeUnit.getModifiers().contains(JavaModifier.PUBLIC))
                        .filter(codeUnit -> !(codeUnit.isConstructor()
                                && codeUnit.getOwner().isRecord()))
                        .filter(codeUnit -> codeUnit.getRawParameterTypes().stream()
                                .anyMatch(type -> type.isEquivalentTo(Optional.class)))
                        .map(codeUnit -> codeUnit.getFullName()))
                .isEmpty();
    }

    @ArchTest
    static final ArchRule featuresKnowNothingOfTheFacade = noClasses()
            .that()
            .resideInAnyPackage(FEATURES)
            .should(dependOnClassesThat(
                    resideInAPackage("dev.attribution").and(are(not(assignableTo(AttributionException.class))))));

    @ArchTest
    static final ArchRule reconciliationKnowsNothingOfTheFacade = noClasses()
            .that()
            .resideInAPackage("dev.attribution.reconcile..")
            .should(dependOnClassesThat(
                    resideInAPackage("dev.attribution").and(are(not(assignableTo(AttributionException.class))))));

    @ArchTest
    static final ArchRule featuresAndFacadeKnowNothingOfAStore = noClasses()
            .that()
            .resideOutsideOfPackage("dev.attribution.memory..")
            .should()
            .dependOnClassesThat()
            .resideInAPackage("dev.attribution.memory..");

    @ArchTest
    static final ArchRule featuresKnowNothingOfTheSpi = noClasses()
            .that()
            .resideInAnyPackage(FEATURES)
            .and()
            .resideOutsideOfPackage("dev.attribution.spi..")
            .should()
            .dependOnClassesThat()
            .resideInAPackage("dev.attribution.spi..");

    @ArchTest
    static final ArchRule coreUsesTheJdkAndSlf4jAlone = classes()
            .should()
            .onlyDependOnClassesThat()
            .resideInAnyPackage("dev.attribution..", "java..", "javax.crypto..", "org.slf4j..", "org.jspecify..");

    @ArchTest
    static final ArchRule coreDoesNoInputOrOutputAndStartsNoThread = noClasses()
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage(
                    "java.sql..", "javax.sql..", "java.nio.file..", "java.nio.channels..", "java.net.http..")
            .orShould()
            .dependOnClassesThat()
            .haveNameMatching(
                    "java\\.io\\.(File.*|RandomAccessFile)|java\\.net\\.(.*Socket.*|URL|URLConnection)|java\\.lang\\.Thread\\$.*|java\\.util\\.concurrent\\.(Executors|.*ExecutorService|.*PoolExecutor)|java\\.util\\.Timer");

    @ArchTest
    static final ArchRule threadsComeFromOutside = noClasses()
            .should(callCodeUnitWhere(target(owner(assignableTo(Thread.class)))
                    .and(target(nameMatching("<init>|start|sleep|ofVirtual|ofPlatform|startVirtualThread")))));

    @ArchTest
    static final ArchRule timeComesFromOutside = noClasses()
            .should()
            .callMethod(Instant.class, "now")
            .orShould()
            .callMethod(System.class, "currentTimeMillis")
            .orShould()
            .callMethod(System.class, "nanoTime")
            .orShould()
            .callMethod(Clock.class, "systemUTC")
            .orShould()
            .callMethod(Clock.class, "systemDefaultZone")
            .orShould()
            .callMethod(LocalDate.class, "now")
            .orShould()
            .callMethod(LocalDateTime.class, "now")
            .orShould()
            .callMethod(OffsetDateTime.class, "now")
            .orShould()
            .callMethod(ZonedDateTime.class, "now");

    @ArchTest
    static void everyPackageIsNullMarked(JavaClasses classes) {
        assertThat(classes.stream().map(JavaClass::getPackage).distinct())
                .isNotEmpty()
                .allMatch(ArchitectureTest::isNullMarked);
    }

    private static boolean isNullMarked(JavaPackage javaPackage) {
        return javaPackage.isAnnotatedWith(NullMarked.class);
    }

    /** Virtual threads are pinned by {@code synchronized}; a lock does not pin them. */
    @ArchTest
    static void nothingIsSynchronized(JavaClasses classes) {
        List<String> arguments = new ArrayList<>(List.of("-c", "-p"));
        for (JavaClass javaClass : classes) {
            assertThat(javaClass.getMethods())
                    .noneMatch(method -> method.getModifiers().contains(JavaModifier.SYNCHRONIZED));
            arguments.add(javaClass.getSource().orElseThrow().getUri().toString());
        }
        StringWriter code = new StringWriter();
        PrintWriter out = new PrintWriter(code);
        int exit = ToolProvider.findFirst("javap").orElseThrow().run(out, out, arguments.toArray(String[]::new));

        assertThat(exit).isZero();
        assertThat(code.toString()).contains("invokevirtual").doesNotContain("monitorenter");
    }
}
