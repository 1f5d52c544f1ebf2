/** Runs the component side by side with what else there is, against a server that is not the bottleneck. */
package io.github.camellago.benchmarks;
