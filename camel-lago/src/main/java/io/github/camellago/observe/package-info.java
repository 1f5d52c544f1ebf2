/** Metrics by Micrometer, where it is on the class path. */
package io.github.camellago.observe;
