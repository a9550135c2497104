#!/usr/bin/env bash
# A real Apache Kafka node (KRaft) on loopback, from Maven.  usage: broker.sh install|start|stop|kill9|status|wipe
#   KAFKA_DIR    state folder: data, config, pid, log   (default .state/$KAFKA_PORT beside this script)
#   KAFKA_PORT   client port (19092); KAFKA_CPORT controller port (KAFKA_PORT+10000)
#   KAFKA_NODE   node id (1); KAFKA_ROLES (broker,controller); KAFKA_VOTERS (NODE@127.0.0.1:CPORT)
#   KAFKA_RF     replication factor of new topics (1); KAFKA_MINISR (1)
#   KAFKA_HEAP   Java heap (512m); KAFKA_LIB jar folder (lib beside this script)
#   KAFKA_SESSION_MS broker session (3000): a restart after kill9 waits for it
#   KAFKA_EXTRA  file of further properties, which win; KAFKA_FORMAT_ARGS further arguments of the storage tool, one a line
#   KAFKA_OWNER  process id: when it is gone, the broker is killed too
set -euo pipefail
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
port=${KAFKA_PORT:-19092} cport=${KAFKA_CPORT:-$((${KAFKA_PORT:-19092} + 10000))}
dir=${KAFKA_DIR:-$here/.state/$port} node=${KAFKA_NODE:-1} roles=${KAFKA_ROLES:-broker,controller}
voters=${KAFKA_VOTERS:-$node@127.0.0.1:$cport} rf=${KAFKA_RF:-1} minisr=${KAFKA_MINISR:-1}
session=${KAFKA_SESSION_MS:-3000} heap=${KAFKA_HEAP:-512m} lib=${KAFKA_LIB:-$here/lib}
cluster=${KAFKA_CLUSTER_ID:-4L6g3nShT-eMCtK--X86sw}
conf=$dir/server.properties log=$dir/broker.log

# the pid, if it is alive and really is the Java process that was started with our config
pid() {
  local p; p=$(cat "$dir/pid" 2>/dev/null) || return 1
  grep -qzxF -- "$conf" "/proc/$p/cmdline" 2>/dev/null && echo "$p"
}
java_kafka() { java -Xms"$heap" -Xmx"$heap" -XX:+UseG1GC -XX:MaxGCPauseMillis=20 \
  -Dlog4j2.configurationFile="$here/log4j2.properties" -cp "$lib/*" "$@"; }

render() {
  local listeners=() adv=""
  [[ $roles == *broker* ]] && listeners+=("PLAINTEXT://127.0.0.1:$port") && adv="advertised.listeners=PLAINTEXT://127.0.0.1:$port"
  [[ $roles == *controller* ]] && listeners+=("CONTROLLER://127.0.0.1:$cport")
  sed -e "s|@ROLES@|$roles|;s|@NODE@|$node|;s|@VOTERS@|$voters|;s|@DIR@|$dir|;s|@ADVERTISED@|$adv|" \
      -e "s|@LISTENERS@|$(IFS=,; echo "${listeners[*]}")|;s|@RF@|$rf|;s|@MINISR@|$minisr|;s|@SESSION@|$session|" \
      "$here/server.properties.tmpl" >"$conf"
  if [[ -n ${KAFKA_EXTRA:-} ]]; then cat "$KAFKA_EXTRA" >>"$conf"; fi
}

start() {
  if p=$(pid); then echo "already running: $p"; return; fi
  mkdir -p "$dir"; render
  local format_args=()
  if [[ -n ${KAFKA_FORMAT_ARGS:-} ]]; then mapfile -t format_args <<<"$KAFKA_FORMAT_ARGS"; fi
  [[ -f $dir/data/meta.properties ]] ||
    KAFKA_HEAP=128m java_kafka kafka.tools.StorageTool format -t "$cluster" -c "$conf" "${format_args[@]}" >"$dir/format.log" 2>&1 ||
    { cat "$dir/format.log" >&2; return 1; }
  : >"$log"
  # setsid: the broker does not get the Ctrl-C of the terminal; exec: $! is Java itself
  setsid java -Xms"$heap" -Xmx"$heap" -XX:+UseG1GC -XX:MaxGCPauseMillis=20 \
    -Dlog4j2.configurationFile="$here/log4j2.properties" -cp "$lib/*" kafka.Kafka "$conf" >>"$log" 2>&1 </dev/null &
  echo $! >"$dir/pid"
  if [[ -n ${KAFKA_OWNER:-} ]]; then
    setsid bash -c "while kill -0 $KAFKA_OWNER && kill -0 $!; do sleep 1; done; kill -9 $!" >/dev/null 2>&1 </dev/null &
  fi
  for _ in $(seq 600); do
    grep -q 'Kafka Server started' "$log" && { echo "ready: pid $(cat "$dir/pid") 127.0.0.1:$port"; return; }
    pid >/dev/null || sleep 0.2; pid >/dev/null || break
    sleep 0.1
  done
  echo "did not start; last lines of $log:" >&2; tail -20 "$log" >&2; return 1
}

halt() { # halt SIGNAL
  local p; p=$(pid) || { echo "not running"; return; }
  kill "-$1" "$p"
  for _ in $(seq 600); do pid >/dev/null || { echo "stopped ($1): $p"; rm -f "$dir/pid"; return; }; sleep 0.1; done
  echo "still running: $p" >&2; return 1
}

case ${1:-} in
  install) mkdir -p "$lib"; exec 8>"$lib/.lock"; flock 8   # nodes of a cluster install at the same time
           [[ -f $lib/.complete ]] || mvn -q -f "$here/pom.xml" dependency:copy-dependencies -DoutputDirectory="$lib" -DincludeScope=runtime
           touch "$lib/.complete" ;;
  start) start ;;
  stop) halt TERM ;;
  kill9) halt KILL ;;
  status) if p=$(pid); then echo "running: $p 127.0.0.1:$port rss_mb=$(($(awk '/VmRSS/{print $2}' "/proc/$p/status") / 1024))"
          else echo "not running"; exit 3; fi ;;
  wipe) pid >/dev/null && { echo "stop it first" >&2; exit 1; }; rm -rf "$dir" ;;
  *) sed -n 2,11p "${BASH_SOURCE[0]}"; exit 2 ;;
esac
