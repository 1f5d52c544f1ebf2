/** Lago's resources and operations as data: what there is, how it is spelled, and what may be sent twice. Makes no calls. */
package io.github.camellago.catalog;
