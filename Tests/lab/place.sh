# Sourced by the scripts of this folder: where the lab lives, who may run it, how to wait. Nothing here starts anything.
# shellcheck shell=bash

# Exit status "try again elsewhere" (EX_TEMPFAIL): this machine cannot do it, which is no failure of the project.
readonly unavailable=75

lab=${BINNACLE_LAB:-${TMPDIR:-/tmp}/binnacle-lab}
cache=${BINNACLE_LAB_CACHE:-/var/cache/binnacle-lab}

say() { printf '%s\n' "$*" >&2; }
fail() { say "${0##*/}: $*"; exit 1; }
skip() { say "skipped: $*"; exit "$unavailable"; }

# Runs the calling script again under sudo when that needs no password. A question for one would hang an unattended run.
as_root() {
  [ "$(id -u)" -eq 0 ] && return
  if command -v sudo > /dev/null && sudo -n true 2> /dev/null; then
    exec sudo -n --preserve-env=BINNACLE_LAB,BINNACLE_LAB_CACHE,TMPDIR,DOCKERD,PATH -- "$0" "$@"
  fi
  skip "$1 needs root, or sudo without a password: network namespaces and an engine cannot be made otherwise"
}

# The lab's folder has a well-known name in a folder that all may write: take only one that is ours.
make_lab() {
  mkdir -p "$lab"
  if [ -L "$lab" ] || [ "$(stat -c %u "$lab")" -ne "$(id -u)" ]; then
    fail "$lab belongs to somebody else; choose another folder with BINNACLE_LAB"
  fi
  chmod 0755 "$lab"
}

# A dead process stays a zombie until its parent looks, and kill -0 calls that alive.
alive() {
  local line
  [ -n "${1:-}" ] && read -r line 2> /dev/null < "/proc/$1/stat" || return 1
  line=${line##*) }
  [ "${line:0:1}" != Z ]
}

# An old pid file may hold a number that another program got since: ours are called with our folder.
named() {
  alive "$1" && tr '\0' '\n' 2> /dev/null < "/proc/$1/cmdline" | grep -F -- "$2/" > /dev/null
}

# wait_until SECONDS PID COMMAND...: fails at once when PID (if any) has ended.
wait_until() {
  local deadline=$(( $(milliseconds) + $1 * 1000 )) pid=$2
  shift 2
  until "$@"; do
    if [ -n "$pid" ] && ! alive "$pid"; then return 2; fi
    [ "$(milliseconds)" -lt "$deadline" ] || return 1
    sleep 0.05
  done
}

milliseconds() { echo $(( ${EPOCHREALTIME/[.,]/} / 1000 )); }
gone() { ! alive "$1"; }

# end PID SECONDS: asks, waits, then insists.
end() {
  alive "$1" || return 0
  kill -TERM "$1" 2> /dev/null || true
  wait_until "$2" "" gone "$1" && return
  kill -KILL "$1" 2> /dev/null || true
  wait_until 5 "" gone "$1"
}
