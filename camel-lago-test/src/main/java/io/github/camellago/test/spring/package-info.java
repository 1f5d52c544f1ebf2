/** The sandbox in Spring tests. Requires spring-test, which is not a transitive dependency. */
package io.github.camellago.test.spring;
