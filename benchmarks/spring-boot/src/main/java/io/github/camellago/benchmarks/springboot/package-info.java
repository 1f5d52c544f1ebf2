/** An application with Spring Boot, whose start is measured. */
package io.github.camellago.benchmarks.springboot;
