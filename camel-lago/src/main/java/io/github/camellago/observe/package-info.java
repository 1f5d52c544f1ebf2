/** Micrometer metrics. */
package io.github.camellago.observe;
