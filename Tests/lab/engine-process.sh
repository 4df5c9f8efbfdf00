# Part of `engine`: the life of one engine. Expects $name, $dir, $net and $socket.
# shellcheck shell=bash disable=SC2154

engine_pid() { cat "$dir/docker.pid" 2> /dev/null || cat "$dir/started.pid" 2> /dev/null || true; }
answers() { curl -fsS --max-time 2 --unix-socket "$socket" http://engine/_ping > /dev/null 2>&1; }

start() {
  local port=${1:-}
  if named "$(engine_pid)" "$dir" && answers; then say "engine $name runs already"; return; fi
  command -v "${DOCKERD:-dockerd}" > /dev/null || skip "engine $name: there is no ${DOCKERD:-dockerd}"
  make_lab
  refuse_foreign
  sweep
  mkdir -p "$dir/etc" "$DOCKER_CONFIG"
  # Many of our containers ignore TERM: without the time-out each shutdown would wait for them.
  echo '{"shutdown-timeout": 3}' > "$dir/daemon.json"
  command -v "${DOCKERD:-dockerd}" > "$dir/dockerd"
  if [ -n "$port" ]; then
    if (exec 3<> "/dev/tcp/127.0.0.1/$port") 2> /dev/null; then skip "engine $name: port $port is taken"; fi
    echo "$port" > "$dir/tls"
    "$here/certificates" "$dir"
  else
    ip netns add "$net"
    ip -n "$net" link set lo up
  fi
  trap sweep EXIT
  launch
  trap - EXIT
}

launch() {
  local dockerd enter=() options=() from
  dockerd=$(< "$dir/dockerd")
  from=$(milliseconds)
  if [ -f "$dir/tls" ]; then
    # This one shares our network, so that it can be reached: it must not touch bridges, rules or forwarding.
    options=(
      --host "tcp://127.0.0.1:$(< "$dir/tls")" --tlsverify
      --tlscacert "$dir/ca.pem" --tlscert "$dir/server-cert.pem" --tlskey "$dir/server-key.pem"
      --bridge=none --iptables=false --ip-forward=false
    )
  else
    # Not `ip netns exec`: that mounts a new /sys and hides the control groups.
    enter=(nsenter "--net=/run/netns/$net")
  fi
  rm -f "$dir/docker.pid" "$socket"
  # Its own /etc/docker, because engines that share key.json call themselves by one and the same id.
  mkdir -p /etc/docker
  # A dockerd of another release brings its containerd and docker-proxy along, beside itself or in ../bin.
  # shellcheck disable=SC2016
  PATH=$(dirname "$dockerd"):$(dirname "$(dirname "$dockerd")")/bin:$PATH \
    setsid nohup "${enter[@]}" unshare --uts --mount \
    sh -c 'hostname "$1" && mount --bind "$2" /etc/docker && shift 2 && exec "$@"' sh "lab-$name" "$dir/etc" \
    "$dockerd" --data-root "$dir/data" --exec-root "$dir/exec" --pidfile "$dir/docker.pid" \
    --config-file "$dir/daemon.json" --host "unix://$socket" "${options[@]}" > "$dir/dockerd.log" 2>&1 < /dev/null &
  echo $! > "$dir/started.pid"
  if ! wait_until 60 "$!" answers; then
    tail -n 5 "$dir/dockerd.log" >&2
    skip "engine $name: $dockerd did not come up"
  fi
  # When sudo made us root, the engine is for the person who asked.
  if [ -n "${SUDO_UID:-}" ]; then chown -R "$SUDO_UID:$SUDO_GID" "$socket" "$dir"/cert "$dir"/bad-cert 2> /dev/null || true; fi
  say "engine $name ($(docker -H "unix://$socket" version -f '{{.Server.Version}}')) answers at $("$0" url "$name")" \
    "after $(($(milliseconds) - from)) ms"
}

halt() {
  end "$(engine_pid)" 40 || fail "engine $name does not end"
  end_containerd
}

knock_out() {
  local pid
  pid=$(engine_pid)
  named "$pid" "$dir" || fail "engine $name does not run"
  kill -KILL "$pid"
  wait_until 5 "" gone "$pid"
}

restart() {
  [ -f "$dir/dockerd" ] || fail "there is no engine $name to start again"
  if named "$(engine_pid)" "$dir"; then halt; else end_containerd; fi
  # Containers that outlived a KILL: the engine would give each of them ten seconds to end before it answers.
  end_leftovers
  launch
}

# After a KILL the engine's containerd lives on, and the next dockerd would spend ten seconds on ending it.
end_containerd() {
  local pid
  pid=$(cat "$dir/exec/containerd/containerd.pid" 2> /dev/null || true)
  if named "$pid" "$dir"; then end "$pid" 10; fi
  # Until its parent has looked, the dead one is a zombie, which dockerd would take for a containerd that serves.
  rm -f "$dir"/exec/containerd/containerd.{pid,sock}
}

stop() {
  [ -d "$dir" ] || [ -e "/run/netns/$net" ] || return 0
  refuse_foreign
  if named "$(engine_pid)" "$dir"; then
    # Kills in parallel what a shutdown would ask politely, wait for, and then kill.
    if answers; then
      timeout 60 docker -H "unix://$socket" ps -q | timeout 60 xargs -r docker -H "unix://$socket" kill > /dev/null 2>&1 || true
    fi
    end "$(engine_pid)" 30 || true
  fi
  sweep
}

# The name of a namespace is the machine's, not ours: another clone's engine of that name stays as it is.
refuse_foreign() {
  [ -e "/run/netns/$net" ] || return 0
  local pid
  for pid in $(ip netns pids "$net"); do
    if [ "$(cat "/proc/$pid/comm" 2> /dev/null)" = dockerd ] && ! named "$pid" "$dir"; then
      skip "engine $name: the network namespace $net is used by another engine (process $pid)"
    fi
  done
}

# What an engine of this name left behind: processes, control groups, the namespace, mounts, the folder.
sweep() {
  local id
  end_leftovers
  for id in $(container_ids); do
    find /sys/fs/cgroup -depth -type d -path "*$id*" -exec rmdir {} + 2> /dev/null || true
  done
  if [ -e "/run/netns/$net" ]; then ip netns del "$net"; fi
  awk -v under="$dir/" 'index($2, under) == 1 { print $2 }' /proc/mounts | sort -r | xargs -r umount -l
  rm -rf "$dir"
}

container_ids() { ls "$dir/data/containers" 2> /dev/null || true; }

end_leftovers() {
  local ids tries pids
  ids=$(container_ids)
  for tries in $(seq 50); do
    pids=$(leftovers "$ids" | sort -u)
    [ -n "$pids" ] || break
    # shellcheck disable=SC2086
    kill -KILL $pids 2> /dev/null || true
    sleep 0.1
  done
}

leftovers() {
  local pid
  if [ -e "/run/netns/$net" ]; then ip netns pids "$net"; fi
  for pid in $(pgrep '^(dockerd|containerd.*|runc.*)$' 2> /dev/null || true); do
    if named "$pid" "$dir"; then echo "$pid"; fi
  done
  # The containers themselves have namespaces of their own and outlive their shims: their control group tells.
  if [ -n "$1" ]; then
    grep -lF "$1" /proc/[0-9]*/cgroup 2> /dev/null | cut -d/ -f3 || true
  fi
}
