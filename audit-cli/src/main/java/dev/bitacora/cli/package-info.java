/** The command line: options, help, exit codes. What a command runs is in the packages below. */
package dev.bitacora.cli;
