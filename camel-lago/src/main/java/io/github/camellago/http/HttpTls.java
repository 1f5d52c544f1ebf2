package io.github.camellago.http;

import java.io.IOException;
import java.security.GeneralSecurityException;

import javax.net.ssl.SSLContext;

import org.apache.camel.CamelContext;
import org.apache.camel.component.http.HttpComponent;
import org.apache.camel.support.jsse.SSLContextParameters;
import org.apache.hc.core5.ssl.SSLContexts;

/** The TLS settings of a camel-http component. */
final class HttpTls {

    private HttpTls() {}

    static SSLContext of(HttpComponent component, CamelContext context, boolean systemProperties)
            throws GeneralSecurityException, IOException {
        SSLContextParameters parameters = parameters(component, context);
        if (parameters != null) {
            return parameters.createSSLContext(context);
        }
        return systemProperties ? SSLContexts.createSystemDefault() : SSLContexts.createDefault();
    }

    /** The same trusted certificates, protocols and cipher suites, but no private key. */
    static SSLContext withoutClientCertificate(HttpComponent component, CamelContext context)
            throws GeneralSecurityException, IOException {
        SSLContextParameters parameters = parameters(component, context);
        if (parameters == null) {
            // the JVM's trusted certificates, those of javax.net.ssl.trustStore included
            return SSLContexts.createDefault();
        }
        SSLContextParameters copy = new SSLContextParameters();
        copy.setTrustManagers(parameters.getTrustManagers());
        copy.setSecureRandom(parameters.getSecureRandom());
        copy.setProvider(parameters.getProvider());
        copy.setSecureSocketProtocol(parameters.getSecureSocketProtocol());
        copy.setSecureSocketProtocols(parameters.getSecureSocketProtocols());
        copy.setSecureSocketProtocolsFilter(parameters.getSecureSocketProtocolsFilter());
        copy.setCipherSuites(parameters.getCipherSuites());
        copy.setCipherSuitesFilter(parameters.getCipherSuitesFilter());
        copy.setSessionTimeout(parameters.getSessionTimeout());
        copy.setClientParameters(parameters.getClientParameters());
        return copy.createSSLContext(context);
    }

    private static SSLContextParameters parameters(HttpComponent component, CamelContext context) {
        SSLContextParameters parameters = component.getSslContextParameters();
        return parameters == null && component.isUseGlobalSslContextParameters()
                ? context.getSSLContextParameters()
                : parameters;
    }
}
