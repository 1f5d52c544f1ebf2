/**
 * The Camel component {@code lago}: what routes and their authors see of it. The work is done in the packages below, which know nothing of
 * this one; {@link io.github.camellago.api.LagoException} and its kinds are what calls throw.
 */
package io.github.camellago;
