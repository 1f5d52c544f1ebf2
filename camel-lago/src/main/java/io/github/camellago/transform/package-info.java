/** Data types for Kamelets and routes: Lago's records as CloudEvents, and CloudEvents as Lago's usage events. */
package io.github.camellago.transform;
