/** Usage events: reading them from whatever a body is, batches, the settling of refused ones, and the report. */
package io.github.camellago.events;
