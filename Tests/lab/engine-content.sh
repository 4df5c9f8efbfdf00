# Part of `engine`: what runs in it, and engines of other releases. Expects $dir and $socket.
# shellcheck shell=bash disable=SC2154

client() { docker -H "unix://$socket" "$@"; }

# One static program and a link for each of its names make a whole image: nothing is pulled from anywhere.
make_image() {
  client image inspect busybox:local > /dev/null 2>&1 && return
  local busybox root applet
  busybox=$(command -v busybox) || skip "image busybox:local: there is no busybox"
  if ldd "$busybox" > /dev/null 2>&1; then skip "image busybox:local: $busybox is not static"; fi
  root=$(mktemp -d "$dir/image.XXXXXX")
  mkdir -p "$root"/{bin,etc,tmp,www,proc,sys,dev}
  chmod 0755 "$root"
  chmod 1777 "$root/tmp"
  cp -L "$busybox" "$root/bin/busybox"
  for applet in $("$busybox" --list); do
    [ "$applet" = busybox ] || ln -s busybox "$root/bin/$applet"
  done
  echo 'root:x:0:0:root:/:/bin/sh' > "$root/etc/passwd"
  echo 'root:x:0:' > "$root/etc/group"
  echo hello > "$root/www/index.html"
  tar -C "$root" --owner=0 --group=0 -c . | client import -c 'CMD ["/bin/sh"]' - busybox:local > /dev/null
  rm -rf "$root"
}

populate() {
  local number=$1 network=$2 wanted
  make_image
  wanted=$(comm -23 <(seq -f 'lab-%03g' "$number" | sort) <(client ps -a --format '{{.Names}}' | sort))
  [ -n "$wanted" ] || return 0
  # sleep is deaf to TERM as process 1; the time-out keeps whoever stops it from waiting ten seconds.
  xargs -P 4 -I NAME docker -H "unix://$socket" run -d --name NAME --network "$network" --stop-timeout 1 \
    busybox:local sleep 1000000 <<< "$wanted" > /dev/null
}

# Debian 13's engine (26.1, API 1.45) beside Debian 12's (20.10, API 1.41), unpacked and never installed. runc stays the
# system's: theirs wants a newer C library than Debian 12 has.
old_new() {
  local folder=$cache/docker-trixie
  if [ ! -x "$folder/usr/sbin/dockerd" ]; then
    mkdir -p "$cache"
    local fresh log
    fresh=$(mktemp -d "$cache/fetch.XXXXXX")
    log=$fresh/log
    if ! { timeout 120 "$here/suite-apt" trixie update \
      && timeout 300 "$here/suite-apt" trixie extract "$fresh/root" docker.io docker-cli containerd tini; } > "$log" 2>&1; then
      tail -n 3 "$log" >&2
      rm -rf "$fresh"
      skip "engine 26: docker.io of Debian trixie not to be had"
    fi
    rm -f "$fresh"/root/usr/sbin/runc
    # In one step, so that a run which was cut short leaves no half engine behind.
    rm -rf "$folder"
    mv "$fresh/root" "$folder"
    rm -rf "$fresh"
  fi
  "$folder/usr/sbin/dockerd" --version > /dev/null 2>&1 || skip "engine 26: Debian trixie's dockerd does not run here"
  echo "$folder/usr/sbin/dockerd"
}
