package io.github.camellago.docs;

import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;

import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/** All sources and documents of the project are in plain American English: the words that readers stumble over do not occur. */
class WordsTest {

    /** Words that do not occur, and what to write instead. */
    private static final Map<Pattern, String> WORDS = new LinkedHashMap<>();

    /** Beginnings and words in the names of test methods, and what to write instead. */
    private static final Map<Pattern, String> NAMES = new LinkedHashMap<>();

    private static final Pattern TEST_METHOD = Pattern.compile("^    (?:public )?void (\\w+)\\(", Pattern.MULTILINE);

    static {
        word("anew|afresh", "again");
        word("lest", "so that … not");
        word("mend(s|ed|ing)?", "fix, correct");
        word("told|tells?|telling", "report, notify, show, distinguish");
        word("hand(s|ed|ing)? (over|on)", "deliver, pass, process");
        word("(taken|takes|take|taking) apart", "split, resolve");
        word("taken over", "received, queued");
        word("under way", "in flight");
        word("(is|are) due", "expected, to be processed");
        word("(is|are) none", "say what is missing");
        word("be had", "available");
        word("whoever|whom|thereof|whence|nought", "a plain word");
        word("(is|was|were|be) cut off", "interrupted, truncated");
        word("(behaviour|colour|favour|catalogue|licence|centre|organisation|organise|recognise|analyse)s?|cancelled",
                "American spelling");
        name("^(so|nor|but|and|or|which|whatever|whoever)(?=[A-Z])", "a sentence of its own");
        name("(Told|Mend(s|ed)?|Anew|UnderWay|Whoever|Hand(s|ed)(Over|On)|TakenOver|BeHad|Due)(?=[A-Z]|$)", "a plain word");
        name("^(tell|hand|mend)s?(?=[A-Z])", "a plain word");
    }

    private static void word(String pattern, String instead) {
        WORDS.put(Pattern.compile("\\b(" + pattern + ")\\b", Pattern.CASE_INSENSITIVE), instead);
    }

    private static void name(String pattern, String instead) {
        NAMES.put(Pattern.compile(pattern), instead);
    }

    @Test
    void findsTheWords() {
        assertThat(problems("It is told anew.", "A.java")).hasSize(2);
        assertThat(problems("    void norIsAnotherOne() {", "src/test/java/ATest.java")).hasSize(1);
        assertThat(problems("    void failsAtOnce() {", "src/test/java/ATest.java")).isEmpty();
    }

    @Test
    void sourcesAndDocumentsAreInPlainEnglish() throws IOException {
        Set<String> problems = new TreeSet<>();
        ProjectFiles.texts().forEach((file, text) -> {
            if (!file.endsWith("WordsTest.java")) {
                problems.addAll(problems(text, file));
            }
        });
        assertThat(problems).isEmpty();
    }

    private static Set<String> problems(String text, String file) {
        Set<String> problems = new TreeSet<>();
        WORDS.forEach((word, instead) -> word.matcher(text).results()
                .forEach(hit -> problems.add(file + ": '" + hit.group() + "', write: " + instead)));
        if (file.contains("src/test/java")) {
            TEST_METHOD.matcher(text).results().map(hit -> hit.group(1)).forEach(method -> NAMES.forEach((word, instead) -> {
                if (word.matcher(method).find()) {
                    problems.add(file + ": " + method + ", write: " + instead);
                }
            }));
        }
        return problems;
    }
}
