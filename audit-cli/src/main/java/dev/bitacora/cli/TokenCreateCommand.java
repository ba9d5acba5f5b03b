package dev.bitacora.cli;

import dev.bitacora.cli.service.States;
import dev.bitacora.core.config.Configuration;
import dev.bitacora.core.query.Query;
import dev.bitacora.core.query.QuerySyntaxException;
import dev.bitacora.viewer.access.Access;
import dev.bitacora.viewer.access.NewToken;
import dev.bitacora.viewer.access.Role;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;

/** Makes a token and prints its secret, once. */
@Command(
    name = "create",
    description = {
      "Makes a token and prints its secret: the only time it can be read.",
      "The service may run meanwhile; the token counts at once.",
    })
final class TokenCreateCommand extends StateCommand {
  @ArgGroup(multiplicity = "1")
  private Holder holder;

  @Option(
      names = "--name",
      paramLabel = "TEXT",
      description = "What a reader's token is for, shown in the access log")
  private String name;

  @Option(
      names = "--scope",
      paramLabel = "QUERY",
      description = "The only events it shows, such as 'env:prd and service:payments'")
  private String scope;

  @Option(
      names = "--expires-in-days",
      paramLabel = "DAYS",
      description = "Ends it after so many days (never)")
  private Integer days;

  /** Whose token. */
  static final class Holder {
    @Option(
        names = "--component",
        required = true,
        paramLabel = "NAME",
        description = "A component that sends events, and nothing else")
    private String component;

    @Option(
        names = "--role",
        required = true,
        paramLabel = "ROLE",
        description = "A program that reads: reader, auditor or exporter")
    private String role;
  }

  @Override
  public Integer call() {
    NewToken token = newToken();
    Configuration configuration = configuration();
    try (States.Open state = States.open(configuration)) {
      out().println(Access.of(state.store()).createToken(token));
    }
    return ExitCode.GOOD;
  }

  private NewToken newToken() {
    Optional<Instant> expires =
        Optional.ofNullable(days).map(count -> Instant.now().plus(Duration.ofDays(count)));
    try {
      if (holder.component != null) {
        return new NewToken(Role.COMPONENT, holder.component, Query.ALL, expires);
      }
      Role role = readingRole();
      return new NewToken(role, name == null ? role.text() : name, query(), expires);
    } catch (IllegalArgumentException e) {
      throw new ParameterException(spec.commandLine(), e.getMessage(), e);
    }
  }

  private Role readingRole() {
    List<Role> reading = List.of(Role.READER, Role.AUDITOR, Role.EXPORTER);
    return Role.of(holder.role)
        .filter(reading::contains)
        .orElseThrow(
            () ->
                new IllegalArgumentException(
                    "--role: expected "
                        + reading.stream().map(Role::text).collect(Collectors.joining(", "))
                        + ", found \""
                        + holder.role
                        + "\"; of "
                        + Arrays.stream(Role.values())
                            .map(Role::text)
                            .collect(Collectors.joining(", "))
                        + " only these read events"));
  }

  private Query query() {
    try {
      return scope == null ? Query.ALL : Query.parse(scope);
    } catch (QuerySyntaxException e) {
      throw new IllegalArgumentException(
          "--scope: column " + e.column() + ": " + e.getMessage(), e);
    }
  }
}
