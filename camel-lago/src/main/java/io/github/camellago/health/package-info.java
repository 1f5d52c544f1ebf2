/** The health check of an API key and its server. */
package io.github.camellago.health;
