/** An application on Spring Boot that rewards its members: clicks, postbacks of several callers, a wallet, and the console. */
package dev.attribution.examples.springhost;
