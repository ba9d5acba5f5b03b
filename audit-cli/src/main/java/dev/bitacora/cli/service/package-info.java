/** Assembles the product's parts into running services, from a configuration. */
package dev.bitacora.cli.service;
