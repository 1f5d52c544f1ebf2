package io.github.camellago.api;

import java.util.Map;

/**
 * A message is not one of Lago's webhooks. {@link #getStatusCode()} is the HTTP status to answer with: 401, or 413 for a body that is too
 * large. {@link #getCode()} names the reason. The message describes the reason and contains no signature and no key.
 */
public class LagoWebhookException extends LagoException {

    private static final long serialVersionUID = 1L;

    /** The body is larger than {@code maxBodySize}. */
    public static final String BODY_TOO_LARGE = "body_too_large";
    /** The body is empty, or is not the JSON of a webhook. */
    public static final String BODY_INVALID = "body_invalid";
    /** A header is missing, empty, repeated or malformed. */
    public static final String HEADER_INVALID = "header_invalid";
    /** The algorithm is not the expected one. */
    public static final String ALGORITHM_MISMATCH = "algorithm_mismatch";
    /** The signature is not Lago's signature of this body. */
    public static final String SIGNATURE_INVALID = "signature_invalid";
    /** Another Lago server has signed. */
    public static final String ISSUER_MISMATCH = "issuer_mismatch";

    /** The webhook belongs to another organization, or names none. */
    public static final String ORGANIZATION_MISMATCH = "organization_mismatch";

    private LagoWebhookException(int status, String code, String message, Throwable cause) {
        super(new Failure(message, null, null, status, code, Map.of(), false, cause));
    }

    public static LagoWebhookException refused(String code, String message) {
        return new LagoWebhookException(401, code, message, null);
    }

    public static LagoWebhookException tooLarge(long maxBodySize) {
        return new LagoWebhookException(413, BODY_TOO_LARGE,
                "The webhook's body is larger than the option maxBodySize allows: " + maxBodySize + " bytes", null);
    }
}
