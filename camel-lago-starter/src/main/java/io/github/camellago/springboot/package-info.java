/** Spring Boot autoconfiguration of the component and its accounts, from {@code camel.component.lago} and connection details. */
package io.github.camellago.springboot;
