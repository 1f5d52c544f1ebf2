/** Reads lists: which records of which pages are processed, in which version, and how far a list was read. Internal. */
package io.github.camellago.poll;
