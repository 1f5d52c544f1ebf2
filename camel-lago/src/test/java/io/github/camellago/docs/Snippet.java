package io.github.camellago.docs;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A block of code in a page.
 *
 * @param page     the page's file name
 * @param line     where it starts, from 1
 * @param language as the page says: java, xml, yaml, properties
 */
record Snippet(String page, int line, String language, String text) {

    private static final Path ROOT = Path.of("..");
    private static final Pattern MARKDOWN = Pattern.compile("(?m)^```(\\w+)\n(.*?)^```$", Pattern.DOTALL);
    private static final Pattern ASCIIDOC = Pattern.compile("(?m)^\\[source,(\\w+)\\]\n----\n(.*?)^----$", Pattern.DOTALL);

    /** The pages whose blocks are held against the component. */
    static List<Path> pages() {
        try (var files = Files.list(ROOT.resolve("docs"))) {
            List<Path> pages = new ArrayList<>(files.filter(f -> f.toString().endsWith(".md")).sorted().toList());
            pages.add(Path.of("src/main/docs/lago-component.adoc"));
            return pages;
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    static List<Snippet> all(String... languages) {
        return pages().stream().flatMap(p -> of(p).stream()).filter(s -> List.of(languages).contains(s.language)).toList();
    }

    static List<Snippet> of(Path page) {
        try {
            String text = Files.readString(page);
            List<Snippet> snippets = new ArrayList<>();
            Matcher block = (page.toString().endsWith(".adoc") ? ASCIIDOC : MARKDOWN).matcher(text);
            while (block.find()) {
                int line = (int) text.substring(0, block.start()).lines().count() + 1;
                snippets.add(new Snippet(page.getFileName().toString(), line, block.group(1), block.group(2)));
            }
            return snippets;
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    /** The recipe whose route has that id. */
    static Snippet recipe(String id) {
        return all("yaml", "java").stream()
                .filter(s -> s.text.contains("    id: " + id + "\n") || s.text.contains(".routeId(\"" + id + "\")")).findFirst()
                .orElseThrow(() -> new AssertionError("No recipe has a route " + id));
    }

    /** The text of the page between the heading or code before this snippet, and this snippet. */
    String before() {
        String[] lines = read(page).split("\n");
        int start = line - 1;
        while (start > 0 && !lines[start - 1].startsWith("#") && !lines[start - 1].startsWith("```")) {
            start--;
        }
        return String.join("\n", List.of(lines).subList(start, line - 1));
    }

    /** The text below a heading, up to the next heading. */
    static String section(String page, String heading) {
        String text = read(page);
        int start = text.indexOf(heading + "\n");
        int end = text.indexOf("\n#", start + 1);
        return text.substring(start, end);
    }

    private static String read(String page) {
        try {
            return Files.readString(page.equals("README.md") ? ROOT.resolve(page) : ROOT.resolve("docs").resolve(page));
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    @Override
    public String toString() {
        return page + ":" + line + " " + language;
    }
}
