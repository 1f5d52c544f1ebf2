package io.github.camellago.docs;

import java.io.IOException;
import java.io.InputStream;
import java.net.URL;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Enumeration;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

import org.apache.camel.impl.engine.DefaultClassResolver;

/**
 * Hides the components, languages and loaders of all Camel artifacts but those that an application with certain dependencies has. Camel
 * finds them by files in {@code META-INF/services}.
 */
class OnlyArtifacts extends DefaultClassResolver {

    private static final String SERVICES = "META-INF/services/org/apache/camel/";
    private static final Pattern JAR = Pattern.compile("/(camel-[a-z0-9-]+?)-\\d[^/]*\\.jar!");
    private static final Pattern DEPENDENCY = Pattern.compile("<dependency>(.*?)</dependency>", Pattern.DOTALL);
    private static final Pattern CAMEL_ARTIFACT = Pattern
            .compile("<groupId>org.apache.camel</groupId>\\s*<artifactId>([^<]+)</artifactId>");
    private static final Pattern LEFT_OUT = Pattern.compile("<scope>(test|provided)</scope>|<optional>true</optional>");
    /** Artifacts that only bring others. They are not on the class path of the tests. */
    private static final Map<String, List<String>> BUNDLES = Map.of("camel-platform-http-main",
            List.of("camel-platform-http-vertx"));

    private Set<String> visible;

    /** From now on, only these artifacts and what they depend on are visible. */
    void only(Set<String> artifacts) {
        visible = new HashSet<>();
        artifacts.forEach(this::add);
    }

    private void add(String artifact) {
        if (visible.add(artifact)) {
            BUNDLES.getOrDefault(artifact, List.of()).forEach(this::add);
            Matcher dependency = DEPENDENCY.matcher(pom(artifact));
            while (dependency.find()) {
                Matcher id = CAMEL_ARTIFACT.matcher(dependency.group(1));
                if (id.find() && !LEFT_OUT.matcher(dependency.group(1)).find()) {
                    add(id.group(1));
                }
            }
        }
    }

    /** The POM in the artifact's jar. Empty for the artifacts that are stubs in tests. */
    private String pom(String artifact) {
        String name = "META-INF/maven/org.apache.camel/" + artifact + "/pom.xml";
        try (InputStream in = getClass().getClassLoader().getResourceAsStream(name)) {
            if (artifact.equals("camel-lago")) {
                return Files.readString(Path.of("pom.xml")).replaceFirst("(?s)<profiles>.*", "");
            }
            return in == null ? "" : new String(in.readAllBytes(), java.nio.charset.StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    @Override
    public InputStream loadResourceAsStream(String uri) {
        if (visible == null || !uri.startsWith(SERVICES)) {
            return super.loadResourceAsStream(uri);
        }
        try {
            Enumeration<URL> found = getClass().getClassLoader().getResources(uri);
            while (found.hasMoreElements()) {
                URL url = found.nextElement();
                Matcher jar = JAR.matcher(url.toString());
                if (!jar.find() || visible.contains(jar.group(1))) {
                    return url.openStream();
                }
            }
            return null;
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }
}
