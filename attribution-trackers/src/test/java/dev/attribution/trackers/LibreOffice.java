package dev.attribution.trackers;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

/** Opens CSV files in LibreOffice Calc and saves them again: any number of files in one start of the program. */
final class LibreOffice {
    /** The languages in which a file is opened, by their numbers. */
    static final int ENGLISH_US = 1033;

    static final int ENGLISH_UK = 2057;
    static final int GERMAN = 1031;
    static final int FRENCH = 1036;

    static final int UTF_8 = 76;
    static final int UTF_16 = 65535;

    private static final String MACRO = """
            <?xml version="1.0" encoding="UTF-8"?>
            <!DOCTYPE script:module PUBLIC "-//OpenOffice.org//DTD OfficeDocument 1.0//EN" "module.dtd">
            <script:module xmlns:script="http://openoffice.org/2000/script" script:name="Files" script:language="StarBasic">
            Sub Main
            %s StarDesktop.terminate()
            End Sub
            Sub Trip(source, how, target, form)
             Dim opened(2) As New com.sun.star.beans.PropertyValue
             opened(0).Name = "Hidden"
             opened(0).Value = True
             opened(1).Name = "FilterName"
             opened(1).Value = "Text - txt - csv (StarCalc)"
             opened(2).Name = "FilterOptions"
             opened(2).Value = how
             document = StarDesktop.loadComponentFromURL(source, "_blank", 0, opened())
             Dim saved(1) As New com.sun.star.beans.PropertyValue
             saved(0).Name = "FilterName"
             saved(0).Value = "Text - txt - csv (StarCalc)"
             saved(1).Name = "FilterOptions"
             saved(1).Value = form
             document.storeToURL(target, saved())
             document.close(True)
            End Sub
            </script:module>
            """;
    private static final String LIBRARIES = """
            <?xml version="1.0" encoding="UTF-8"?>
            <!DOCTYPE library:libraries PUBLIC "-//OpenOffice.org//DTD OfficeDocument 1.0//EN" "libraries.dtd">
            <library:libraries xmlns:library="http://openoffice.org/2000/library" xmlns:xlink="http://www.w3.org/1999/xlink">
             <library:library library:name="Trip" xlink:href="$(USER)/basic/Trip/script.xlb/" xlink:type="simple" library:link="false"/>
            </library:libraries>
            """;
    private static final String LIBRARY = """
            <?xml version="1.0" encoding="UTF-8"?>
            <!DOCTYPE library:library PUBLIC "-//OpenOffice.org//DTD OfficeDocument 1.0//EN" "library.dtd">
            <library:library xmlns:library="http://openoffice.org/2000/library" library:name="Trip" library:readonly="false" library:passwordprotected="false">
             <library:element library:name="Files"/>
            </library:library>
            """;

    /** Without it the first start replaces the macros by its own. */
    private static final String SETTINGS = """
            <?xml version="1.0" encoding="UTF-8"?>
            <oor:items xmlns:oor="http://openoffice.org/2001/registry">
            <item oor:path="/org.openoffice.Setup/Office"><prop oor:name="ooSetupInstCompleted" oor:op="fuse"><value>true</value></prop></item>
            </oor:items>
            """;

    private final Path program;
    private final Path directory;
    private final List<String> trips = new ArrayList<>();

    LibreOffice(Path program, Path directory) {
        this.program = program;
        this.directory = directory;
    }

    /** Returns the program {@code soffice} on the search path, or empty if it is not installed. */
    static Optional<Path> find() {
        return Arrays.stream(String.valueOf(System.getenv("PATH")).split(File.pathSeparator))
                .map(folder -> Path.of(folder, "soffice"))
                .filter(Files::isExecutable)
                .findFirst();
    }

    /** Notes a file that is to be opened, in UTF-8 with a separator and in a language, and saved in another form. */
    Path trip(Path source, char separator, int language, char newSeparator, int newEncoding) {
        Path target = directory.resolve("saved-" + trips.size() + ".csv");
        trips.add(" Trip(\"" + source.toUri() + "\", \"" + (int) separator + ",34,76,1,," + language
                + ",false,true\", \"" + target.toUri() + "\", \"" + (int) newSeparator + ",34," + newEncoding
                + ",1,,0,false,true\")\n");
        return target;
    }

    /** Starts the program, which opens and saves the files, and waits for its end. */
    void run() throws IOException, InterruptedException {
        Path profile = directory.resolve("profile");
        Path basic = Files.createDirectories(profile.resolve("user").resolve("basic"));
        Path library = Files.createDirectories(basic.resolve("Trip"));
        Files.writeString(profile.resolve("user").resolve("registrymodifications.xcu"), SETTINGS);
        Files.writeString(basic.resolve("script.xlc"), LIBRARIES);
        Files.writeString(library.resolve("script.xlb"), LIBRARY);
        Files.writeString(library.resolve("Files.xba"), MACRO.formatted(String.join("", trips)));
        Process process = new ProcessBuilder(
                        program.toString(),
                        "--headless",
                        "--norestore",
                        "-env:UserInstallation=" + profile.toUri(),
                        "macro:///Trip.Files.Main")
                .redirectErrorStream(true)
                .redirectOutput(directory.resolve("log").toFile())
                .start();
        boolean ended = process.waitFor(5, TimeUnit.MINUTES);
        process.descendants().forEach(ProcessHandle::destroyForcibly);
        process.destroyForcibly();
        assertThat(ended).as("soffice ended").isTrue();
    }
}
