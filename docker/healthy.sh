#!/bin/bash
# bitacora-healthy PORT PATH: exit 0 when what listens on this container's PORT answers 200. Needs neither curl nor a second JVM.
set -u
exec 3<>"/dev/tcp/127.0.0.1/$1" || exit 1
printf 'GET %s HTTP/1.0\r\nHost: localhost\r\n\r\n' "$2" >&3
read -r -t 4 _ status _ <&3 || exit 1
cat >/dev/null <&3  # to the end, or the server logs a broken connection
[ "$status" = 200 ]
