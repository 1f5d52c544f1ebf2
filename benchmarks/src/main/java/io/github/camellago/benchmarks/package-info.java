/** Measures the component side by side with alternatives, against a server that is not the bottleneck. */
package io.github.camellago.benchmarks;
