/** Who acts and on whose request: put in scope once, picked up by everything recorded inside. */
package dev.bitacora.agent.context;
