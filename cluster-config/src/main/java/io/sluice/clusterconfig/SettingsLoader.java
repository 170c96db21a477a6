package io.sluice.clusterconfig;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigException;
import com.typesafe.config.ConfigFactory;
import com.typesafe.config.ConfigList;
import com.typesafe.config.ConfigObject;
import com.typesafe.config.ConfigOriginFactory;
import com.typesafe.config.ConfigParseOptions;
import com.typesafe.config.ConfigUtil;
import com.typesafe.config.ConfigValue;
import com.typesafe.config.ConfigValueFactory;
import com.typesafe.config.ConfigValueType;
import io.sluice.actors.config.BrokerConfigs;
import io.sluice.clusterconfig.cli.Failures;
import java.io.IOException;
import java.io.StringReader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Properties;
import java.util.TreeMap;
import java.util.regex.Pattern;

/**
 * Puts settings from all sources on top of the defaults and refuses what is not known. Keys that begin with {@code sluice.} must exist in a
 * {@code reference.conf}, but those for users' streams; {@code pekko.} is handed through to the libraries; every other key is one of Kafka's broker settings.
 */
final class SettingsLoader {
    private static final String ENVIRONMENT_PREFIX = "SLUICE_";

    /** Settings of the libraries that a node derives from its own; given by themselves they would not act, or only half. */
    private static final Map<String, String> DERIVED = Map.of("sluice.persistence.dir", "sluice.data-dir",
            "sluice.replication.host", "sluice.cluster.listen");

    /** Whatever is below it is for users' own code, so nothing there is unknown. */
    private static final String FREE = "sluice.streams.settings.";

    private final Config reference;
    private final Config nodeDefaults;
    private Config given = ConfigFactory.empty();
    private final Map<String, BrokerSettings.Given> broker = new LinkedHashMap<>();

    SettingsLoader() {
        this.reference = ConfigFactory.defaultReferenceUnresolved();
        this.nodeDefaults = ConfigFactory.parseResources("sluice-node.conf");
    }

    /**
     * Reads and checks everything.
     *
     * @throws StartException with one line that names the setting, where it was given, and the cure
     */
    NodeSettings load(SettingsSources sources) {
        if (sources.file() != null) {
            readFile(sources.file());
        }
        readEnvironment(sources.environment());
        sources.assignments().forEach(a -> assign(a.key(), a.value(), a.origin()));
        Config whole;
        try {
            whole = given.withFallback(nodeDefaults).withFallback(reference).resolve();
        } catch (ConfigException e) {
            throw StartException.setting("settings cannot be resolved: " + oneLine(e));
        }
        TypedSettings typed = new TypedSettings(whole);
        String flush = typed.flush();
        if (given.hasPath(TypedSettings.FLUSH)) { // a default must not look as if somebody had set it
            broker.putIfAbsent(BrokerConfigs.LOG_FLUSH_MODE,
                    new BrokerSettings.Given(flush, given.getValue(TypedSettings.FLUSH).origin().description()));
        }
        return typed.read(BrokerSettings.checked(broker));
    }

    private void readFile(Path file) {
        if (file.getFileName().toString().endsWith(".properties")) {
            readProperties(file);
            return;
        }
        Config parsed;
        try {
            // the text is read here, because the library treats an unreadable file like a missing one
            parsed = ConfigFactory.parseString(Files.readString(file), ConfigParseOptions.defaults()
                    .setOriginDescription("settings file " + file)).resolveWith(ConfigFactory.systemEnvironment());
        } catch (IOException e) {
            throw StartException.setting("cannot read settings file " + file + ": " + Failures.reason(e));
        } catch (ConfigException e) {
            throw StartException.setting(oneLine(e));
        }
        for (Map.Entry<String, ConfigValue> entry : parsed.root().entrySet()) {
            if (entry.getKey().equals("sluice") || entry.getKey().equals("pekko")) {
                if (!(entry.getValue() instanceof ConfigObject group)) {
                    throw StartException.setting(lineOf(file, entry.getValue()),
                            entry.getKey() + " is a group of settings");
                }
                group.toConfig().entrySet().forEach(leaf -> put(entry.getKey() + "." + leaf.getKey(), leaf.getValue(),
                        lineOf(file, leaf.getValue())));
            } else {
                flattenKafka(file, List.of(entry.getKey()), entry.getValue());
            }
        }
    }

    private void readProperties(Path file) {
        Properties properties = new Properties();
        List<String> lines;
        try {
            String text = Files.readString(file);
            properties.load(new StringReader(text));
            lines = text.lines().map(String::strip).toList();
        } catch (IOException | IllegalArgumentException e) {
            throw StartException.setting("cannot read settings file " + file + ": " + Failures.reason(e));
        }
        properties.stringPropertyNames().stream().sorted()
                .forEach(key -> assign(key, properties.getProperty(key).strip(), lineOf(file, lines, key)));
    }

    private static String lineOf(Path file, ConfigValue value) {
        return lineOf(file, value.origin().lineNumber());
    }

    /** The last line that begins with the key, as the last one counts; the library does not tell it. */
    private static String lineOf(Path file, List<String> lines, String key) {
        Pattern begin = Pattern.compile(Pattern.quote(key) + "([\\s=:].*)?");
        int line = lines.size();
        while (line > 0 && !begin.matcher(lines.get(line - 1)).matches()) {
            line--;
        }
        return lineOf(file, line);
    }

    private static String lineOf(Path file, int line) {
        return line > 0 ? "file " + file + ", line " + line : "file " + file;
    }

    /** Kafka's names hold dots, which HOCON reads as nesting. */
    private void flattenKafka(Path file, List<String> path, ConfigValue value) {
        if (value instanceof ConfigObject object) {
            object.forEach((key, inner) -> {
                List<String> longer = new ArrayList<>(path);
                longer.add(key);
                flattenKafka(file, longer, inner);
            });
        } else {
            String text = value instanceof ConfigList list
                    ? String.join(",", list.stream().map(v -> String.valueOf(v.unwrapped())).toList())
                    : String.valueOf(value.unwrapped());
            broker.put(String.join(".", path), new BrokerSettings.Given(text, lineOf(file, value)));
        }
    }

    private void readEnvironment(Map<String, String> environment) {
        Map<String, String> keys = new TreeMap<>();
        known().forEach(key -> keys.put(variable(key.substring("sluice.".length())), key));
        BrokerSettings.names().forEach(name -> keys.putIfAbsent(variable(name), name));
        new TreeMap<>(environment).forEach((name, value) -> {
            // others with the prefix are left alone: Kubernetes makes such variables for any service called sluice
            if (name.startsWith(ENVIRONMENT_PREFIX) && keys.containsKey(name)) {
                assign(keys.get(name), value, "variable " + name);
            }
        });
    }

    private static String variable(String key) {
        return ENVIRONMENT_PREFIX + key.toUpperCase(Locale.ROOT).replace('.', '_').replace('-', '_');
    }

    private void assign(String key, String text, String origin) {
        if (!key.startsWith("sluice.") && !key.startsWith("pekko.")) {
            broker.put(key, new BrokerSettings.Given(text, origin));
            return;
        }
        boolean list = (text.startsWith("[") && text.endsWith("]")) || hasType(key, ConfigValueType.LIST);
        put(key, list
                ? ConfigValueFactory.fromIterable(elements(text), origin)
                : ConfigValueFactory.fromAnyRef(text, origin),
                origin);
    }

    private static List<String> elements(String text) {
        String bare = text.startsWith("[") && text.endsWith("]") ? text.substring(1, text.length() - 1) : text;
        return Arrays.stream(bare.split(",")).map(String::strip).map(s -> s.replaceAll("^\"|\"$", ""))
                .filter(s -> !s.isEmpty()).toList();
    }

    private void put(String key, ConfigValue value, String origin) {
        if (key.startsWith("sluice.") && !key.startsWith(FREE)) {
            requireKnown(key, origin);
            SettingType type = SettingType.of(reference, key);
            if (!type.accepts(value)) {
                throw StartException.setting(origin,
                        "setting " + key + " = " + value.unwrapped() + ": " + type.expected());
            }
        }
        try {
            given = given.withValue(key, value.withOrigin(ConfigOriginFactory.newSimple(origin)));
        } catch (ConfigException e) {
            throw StartException.setting(origin, "setting " + key + " is not a possible name");
        }
    }

    private void requireKnown(String key, String origin) {
        boolean exists;
        try {
            exists = reference.root().toConfig().hasPathOrNull(key);
        } catch (ConfigException.NotResolved e) {
            exists = true; // a default that refers to another setting
        } catch (ConfigException e) {
            exists = false;
        }
        if (!exists) {
            String hint = NearMatch.of(key, known()).map(near -> "; did you mean " + near + "?").orElse(
                    "; the settings are in docs/operations.md");
            throw StartException.setting(origin, "unknown setting " + key + hint);
        }
        if (DERIVED.containsKey(key)) {
            throw StartException.setting(origin, "setting " + key + " follows from " + DERIVED.get(key)
                    + "; set that one");
        }
        if (hasType(key, ConfigValueType.OBJECT)) {
            throw StartException.setting(origin, "setting " + key + " is a group; set one of its members");
        }
    }

    private boolean hasType(String key, ConfigValueType type) {
        try {
            return reference.hasPath(key) && reference.getValue(key).valueType() == type;
        } catch (ConfigException e) {
            return false;
        }
    }

    private List<String> known() {
        List<String> keys = new ArrayList<>();
        collect("sluice", reference.root().get("sluice"), keys);
        return keys;
    }

    private static void collect(String path, ConfigValue value, List<String> keys) {
        if (value instanceof ConfigObject object) {
            object.forEach((key, inner) -> collect(path + "." + ConfigUtil.joinPath(key), inner, keys));
        } else {
            keys.add(path);
        }
    }

    static String oneLine(ConfigException e) {
        return e.getMessage().lines().map(String::strip).findFirst().orElse("unreadable");
    }
}
