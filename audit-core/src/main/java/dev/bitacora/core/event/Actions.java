package dev.bitacora.core.event;

/**
 * Actions that every system has, from the OWASP Application Logging Vocabulary; an application adds
 * its own stable dotted verbs, {@code invoice.approve}.
 */
public final class Actions {
  public static final String AUTHN_LOGIN_SUCCESS = "authn_login_success";
  public static final String AUTHN_LOGIN_FAIL = "authn_login_fail";
  public static final String AUTHN_LOGIN_LOCK = "authn_login_lock";
  public static final String AUTHN_PASSWORD_CHANGE = "authn_password_change";
  public static final String AUTHN_TOKEN_CREATED = "authn_token_created";
  public static final String AUTHN_TOKEN_REVOKED = "authn_token_revoked";
  public static final String AUTHZ_FAIL = "authz_fail";
  public static final String AUTHZ_CHANGE = "authz_change";
  public static final String AUTHZ_ADMIN = "authz_admin";
  public static final String EXCESS_RATE_LIMIT_EXCEEDED = "excess_rate_limit_exceeded";
  public static final String INPUT_VALIDATION_FAIL = "input_validation_fail";
  public static final String MALICIOUS_EXCESS_404 = "malicious_excess_404";
  public static final String PRIVILEGE_PERMISSIONS_CHANGED = "privilege_permissions_changed";
  public static final String SENSITIVE_CREATE = "sensitive_create";
  public static final String SENSITIVE_READ = "sensitive_read";
  public static final String SENSITIVE_UPDATE = "sensitive_update";
  public static final String SENSITIVE_DELETE = "sensitive_delete";
  public static final String SESSION_CREATED = "session_created";
  public static final String SESSION_RENEWED = "session_renewed";
  public static final String SESSION_EXPIRED = "session_expired";
  public static final String SYS_STARTUP = "sys_startup";
  public static final String SYS_SHUTDOWN = "sys_shutdown";
  public static final String SYS_CRASH = "sys_crash";
  public static final String UPLOAD_COMPLETE = "upload_complete";
  public static final String USER_CREATED = "user_created";
  public static final String USER_UPDATED = "user_updated";
  public static final String USER_DELETED = "user_deleted";

  /** The agent's control records. */
  public static final String AGENT_START = "agent.start";

  public static final String AGENT_READY = "agent.ready";
  public static final String AGENT_HEARTBEAT = "agent.heartbeat";
  public static final String AGENT_DROPPED = "agent.dropped";
  public static final String AGENT_LOST = "agent.lost";
  public static final String AGENT_SEAL = "agent.seal";
  public static final String AGENT_STOP = "agent.stop";

  private Actions() {}
}
