/**
 * Checks the component's requests against Lago's published contract with Prism, a mock server that is created from the contract and rejects
 * requests that violate it.
 */
package io.github.camellago.benchmarks.contract;
