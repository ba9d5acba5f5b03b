# shellcheck shell=sh
# Guards one server and its directory on behalf of a JVM that may be killed at any moment.
# Arguments: the folder to make the directory in, the server's name.
# Standard input is a pipe that only that JVM holds. When it ends, for whatever reason, the server is killed and its
# directory removed. Until then it takes commands, one word per line:
#   run COUNT WORD...      runs a command in the directory; answers "started PID" and later "exited CODE"
#   signal NAME PID        answers "signalled CODE"

# A terminal's Ctrl-C reaches everyone in it; the JVM decides what that means. Ignored here is ignored by the server.
trap '' HUP INT
# To be told to end is the same as to lose the JVM. (A handler, unlike '', is not handed down to the server.)
trap : TERM

directory=$(mktemp -d "$1/bitacora-$2.XXXXXX") || exit 1
chmod 755 "$directory"
cd "$directory" || exit 1
touch started
echo "directory $directory"

group=
while read -r command; do
  case $command in
    run)
      read -r count
      set --
      while [ "$count" -gt 0 ]; do
        read -r word
        set -- "$@" "$word"
        count=$((count - 1))
      done
      # A session of its own makes everything the command starts one process group, to be killed as one.
      setsid sh -c '
        "$@" </dev/null >>console.log 2>&1 &
        echo "started $!"
        wait "$!" 2>/dev/null # or the shell says "Killed" of what is killed on purpose
        echo "exited $?"' run "$@" &
      group=$!
      ;;
    signal)
      read -r name
      read -r pid
      kill -s "$name" "$pid" 2>/dev/null
      echo "signalled $?"
      ;;
  esac
done

# A killed process lives, and writes, until the kernel gets round to it.
if [ -n "$group" ] && kill -s KILL -- "-$group" 2>/dev/null; then
  wait
  for attempt in 1 2 3 4 5 6 7 8 9 10 11 12 13 14 15 16 17 18 19 20; do
    kill -s 0 -- "-$group" 2>/dev/null || break
    sleep 0.2
  done
fi
# A killed JVM leaves its attach socket behind. The next JVM that gets its number could not be attached to, when its user is
# another one, and Elasticsearch attaches to itself: what appeared since we began and has no process any more goes.
for socket in /tmp/.java_pid*; do
  if [ -S "$socket" ] && [ "$socket" -nt started ] && [ ! -d "/proc/${socket#/tmp/.java_pid}" ]; then
    rm -f "$socket" 2>/dev/null
  fi
done
cd / && rm -rf "$directory"
