#!/bin/bash
# Makes every password, token, key and certificate of docker-compose.yml, once, in the image of Elasticsearch, with its tools.
#   $CONFIG            Elasticsearch's configuration: users, roles, Kibana's token, the node's certificate
#   $SECRETS/<name>/   what <name> (setup, collector, viewer, kibana) needs and nobody else gets
# Nothing is printed. Running it again changes nothing; after an interruption it starts afresh.
set -euo pipefail
umask 077
CONFIG=${CONFIG:-/usr/share/elasticsearch/config}
SECRETS=${SECRETS:-/secrets}
ELASTICSEARCH_OWNER=${ELASTICSEARCH_OWNER:-1000:0}
KIBANA_OWNER=${KIBANA_OWNER:-1000:0}
BITACORA_OWNER=${BITACORA_OWNER:-10001:10001}
tools=${TOOLS:-/usr/share/elasticsearch/bin}
export ES_PATH_CONF=$CONFIG

made=$CONFIG/bitacora-secrets-made
[ ! -e "$made" ] || exit 0

random() { od -An -N24 -tx1 /dev/urandom | tr -d ' \n'; }

# user NAME PASSWORD ROLE,...   The tool warns of roles that are put later; it is heard only when it fails.
user() {
  local said
  said=$("$tools/elasticsearch-users" useradd "$1" -p "$2" -r "$3" 2>&1) || { printf '%s\n' "$said" >&2; return 1; }
}

# service NAME ROLE,...: a user of ours, and the folder with its password and the authority's certificate
service() {
  local password
  password=$(random)
  user "bitacora-$1" "$password" "$2"
  printf '%s' "$password" >"$SECRETS/$1/elasticsearch-password"
  install -m 0400 "$certificates/ca.crt" "$SECRETS/$1/ca.crt"
  chown -R "$BITACORA_OWNER" "$SECRETS/$1"
  chmod 0400 "$SECRETS/$1/elasticsearch-password"
}

certificates=$CONFIG/certificates
rm -rf "$certificates" "$CONFIG/service_tokens"
mkdir "$certificates"
: >"$CONFIG/users"
: >"$CONFIG/users_roles"

# An authority that signs one certificate and is forgotten.
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
"$tools/elasticsearch-certutil" ca --silent --pem --days 1825 --out "$work/ca.zip"
unzip -q "$work/ca.zip" -d "$work"
"$tools/elasticsearch-certutil" cert --silent --pem --days 1825 --ca-cert "$work/ca/ca.crt" --ca-key "$work/ca/ca.key" \
  --name elasticsearch --dns elasticsearch,localhost --ip 127.0.0.1 --out "$work/node.zip"
unzip -q "$work/node.zip" -d "$work"
cp "$work/ca/ca.crt" "$work/elasticsearch/elasticsearch.crt" "$work/elasticsearch/elasticsearch.key" "$certificates"

# setup may make templates and roles; kibana-reader opens Kibana and sees what its other roles allow. The service's own roles
# are put by "bitacora setup".
cat >"$CONFIG/roles.yml" <<'ROLES'
bitacora-setup:
  cluster: [monitor, manage_index_templates, manage_security]
kibana-reader:
  applications:
    - application: kibana-.kibana
      privileges: [read]
      resources: ['*']
ROLES

service setup bitacora-setup,kibana_admin
service collector bitacora-writer,bitacora-bootstrap,bitacora-retention,bitacora-state,bitacora-viewer
service viewer bitacora-viewer,bitacora-state

# The person who looks into Kibana: docker-compose exec elasticsearch cat config/auditor-password
auditor=$(random)
user auditor "$auditor" bitacora-viewer,kibana-reader
printf '%s\n' "$auditor" >"$CONFIG/auditor-password"

token=$("$tools/elasticsearch-service-tokens" create elastic/kibana compose | sed -n 's/^SERVICE_TOKEN .* = //p')
[ -n "$token" ] || { echo "make-secrets: elasticsearch-service-tokens printed no token" >&2; exit 1; }
install -m 0400 "$certificates/ca.crt" "$SECRETS/kibana/ca.crt"
cat >"$SECRETS/kibana/kibana.yml" <<KIBANA
server.name: bitacora
server.host: 0.0.0.0
server.publicBaseUrl: http://127.0.0.1:5601
elasticsearch.hosts: ['https://elasticsearch:9200']
elasticsearch.serviceAccountToken: '$token'
elasticsearch.ssl.certificateAuthorities: [/run/bitacora/ca.crt]
xpack.security.encryptionKey: $(random)
xpack.encryptedSavedObjects.encryptionKey: $(random)
xpack.reporting.encryptionKey: $(random)
telemetry.optIn: false
KIBANA
chown -R "$KIBANA_OWNER" "$SECRETS/kibana"

touch "$made"
chown -R "$ELASTICSEARCH_OWNER" "$CONFIG"
chmod -R u+rwX,g-w,o-rwx "$CONFIG"
