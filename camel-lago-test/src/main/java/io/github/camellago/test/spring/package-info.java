/** The sandbox in Spring's tests. Needs spring-test, which is not brought along. */
package io.github.camellago.test.spring;
