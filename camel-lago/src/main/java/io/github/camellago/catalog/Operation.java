package io.github.camellago.catalog;

import java.util.List;
import java.util.Locale;

/**
 * One call of Lago's API.
 *
 * @param listed      whether the catalog holds it; of one that it does not, nothing is known but method and path
 * @param name        the operation's name: {@code list}, {@code get}, {@code create}, …, or Lago's own verb
 * @param method      the HTTP method
 * @param path        the path below {@code /api/v1}
 * @param operationId the name that Lago's published contract gives it, or null for calls that are not in it
 * @param body        whether it takes a body
 * @param root        the key in which the body is wrapped, or null where several stand at the top, or where it takes lists only
 * @param batchRoot   the key in which a list of bodies is wrapped, or null where it takes one only
 * @param answer      the form of the answer
 * @param answerRoot  the key in which the answer is wrapped, or null
 * @param paged       whether it takes {@code page} and {@code per_page}
 * @param query       its query parameters besides those
 * @param repeat      whether it may be repeated
 * @param permission  the name of the API key's permission that it needs; null for its resource's
 * @param condition   what the server must have for it, such as {@code premium}; null for nothing
 * @param note        a sentence for the docs on what the server does with it, or null
 */
public record Operation(boolean listed, String name, String method, PathTemplate path, String operationId, Body body,
        String root,
        String batchRoot,
        Answer answer, String answerRoot, boolean paged, List<QueryParameter> query, Repeat repeat,
        String permission, String condition, String note) {

    /** Whether a call takes a body. */
    public enum Body {
        NONE, OPTIONAL, REQUIRED
    }

    /** The form of an answer. */
    public enum Answer {
        /** one JSON object */
        OBJECT,
        /** a JSON array of records */
        LIST,
        /** plain text */
        TEXT,
        /** nothing */
        EMPTY
    }

    /** An operation on a path that the catalog does not know: called as it stands, never repeated unless it only reads. */
    static Operation unlisted(String method, PathTemplate path) {
        boolean reads = "GET".equals(method);
        return new Operation(false, method.toLowerCase(Locale.ROOT), method, path, null, reads ? Body.NONE : Body.OPTIONAL,
                null,
                null, Answer.OBJECT, null, reads, List.of(), Repeat.of(null, method), null, null, null);
    }

    /** An operation that calls nothing. */
    public static Operation local(String name, PathTemplate path) {
        return new Operation(true, name, "", path, null, Body.NONE, null, null, Answer.EMPTY, null, false, List.of(),
                Repeat.NEVER, null, null, null);
    }

    public boolean reads() {
        return "GET".equals(method);
    }

    /** Whether it only asks, so that nothing in Lago changes: reads, and the POSTs for files, URLs, estimates and previews. */
    public boolean asks() {
        return reads() || method.equals("POST") && body == Body.NONE && repeat == Repeat.SAFE;
    }

    /** Whether the path ends in one of Lago's own verbs, which then is the operation's name. */
    boolean isVerb() {
        return path.last().equals(name);
    }

    /** Where in the path the one object that it is about is named, or -1 where it is about a collection. */
    int keyIndex() {
        int index = path.size() - (isVerb() ? 2 : 1);
        return index >= 0 && PathTemplate.isPlaceholder(path.segments().get(index)) ? index : -1;
    }

    /** How a path of an endpoint's URI leads to it, as {@link PathTemplate#match} says, or null. The URI may leave out the id and the verb. */
    String match(PathTemplate uri) {
        int mayBeMissing = (isVerb() ? 1 : 0) + (keyIndex() >= uri.size() ? 1 : 0);
        return path.size() - uri.size() > mayBeMissing ? null : path.match(uri);
    }

    /** The query parameter of that name, or null. */
    public QueryParameter query(String parameter) {
        return query.stream().filter(candidate -> candidate.name().equals(parameter)).findFirst().orElse(null);
    }
}
