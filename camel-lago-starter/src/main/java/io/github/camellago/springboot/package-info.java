/** Lago in Spring Boot: the component and its accounts, set up from {@code camel.component.lago} and connection details. */
package io.github.camellago.springboot;
