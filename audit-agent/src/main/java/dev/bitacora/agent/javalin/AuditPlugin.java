package dev.bitacora.agent.javalin;

import dev.bitacora.agent.AuditLog;
import dev.bitacora.agent.servlet.AuditFilter;
import dev.bitacora.agent.servlet.RequestOptions;
import io.javalin.config.JavalinState;
import io.javalin.plugin.Plugin;
import jakarta.servlet.DispatcherType;
import java.util.EnumSet;
import org.eclipse.jetty.ee10.servlet.FilterHolder;

/**
 * What {@link AuditFilter} does, for Javalin: {@code config.registerPlugin(new AuditPlugin(audit,
 * RequestOptions.defaults()))}. It stands in front of everything Javalin serves.
 */
public final class AuditPlugin extends Plugin<Void> {
  private final AuditFilter filter;

  public AuditPlugin(AuditLog audit, RequestOptions options) {
    this.filter = new AuditFilter(audit, options);
  }

  @Override
  public void onInitialize(JavalinState state) {
    FilterHolder holder = new FilterHolder(filter);
    holder.setAsyncSupported(true);
    state.jetty.modifyServletContextHandler(
        handler -> handler.addFilter(holder, "/*", EnumSet.of(DispatcherType.REQUEST)));
  }
}
