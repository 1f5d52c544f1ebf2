/** The classes that routes import: exceptions, the usage event and its report, and the JDBC offset store. */
package io.github.camellago.api;
