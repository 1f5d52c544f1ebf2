/**
 * Holds what the component sends against Lago's published contract, with a judge that is none of ours: Prism, a mock server that is
 * made from the contract and refuses what does not follow it.
 */
package io.github.camellago.benchmarks.contract;
