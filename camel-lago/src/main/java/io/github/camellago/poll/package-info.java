/** Reading lists: pages fetched ahead, what has been handed over and in which version, and how far a reader has come. */
package io.github.camellago.poll;
