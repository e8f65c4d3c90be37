# shellcheck shell=bash
# What this machine can take: how many compilers at once, which ports are free. Files are arguments, so that tests can lie about them.

# Memory that one compiler may need. The largest that was seen: 0.74 GB, a property test with sanitizers on.
kib_per_job=1228800 # 1.2 GB

# job_count CORES [MEMINFO] [CGROUPS]: min(cores, max(1, available memory / 1.2 GB)). A container's limit counts when it is
# lower than what the machine has. Unknown memory counts as enough.
job_count() {
  local cores=$1 meminfo=${2:-/proc/meminfo} cgroups=${3:-/sys/fs/cgroup}
  local available='' limit='' used='' key value jobs
  while read -r key value _; do
    [ "$key" != MemAvailable: ] || available=$value
  done 2>/dev/null <"$meminfo" || true
  if [ -r "$cgroups/memory.max" ] && [ -r "$cgroups/memory.current" ]; then
    read -r limit <"$cgroups/memory.max"
    read -r used <"$cgroups/memory.current"
  elif [ -r "$cgroups/memory/memory.limit_in_bytes" ] && [ -r "$cgroups/memory/memory.usage_in_bytes" ]; then
    read -r limit <"$cgroups/memory/memory.limit_in_bytes"
    read -r used <"$cgroups/memory/memory.usage_in_bytes"
  fi
  # "max" and the huge number that older kernels give both mean: no limit.
  if [[ "$limit" =~ ^[0-9]{1,15}$ ]] && [[ "$used" =~ ^[0-9]+$ ]]; then
    local room=$(((limit - used) / 1024))
    [ "$room" -ge 0 ] || room=0
    if [ -z "$available" ] || [ "$room" -lt "$available" ]; then available=$room; fi
  fi
  jobs=$cores
  if [ -n "$available" ] && [ $((available / kib_per_job)) -lt "$cores" ]; then jobs=$((available / kib_per_job)); fi
  [ "$jobs" -ge 1 ] || jobs=1
  echo "$jobs"
}

# The job count for this machine, now. BEHOUD_JOBS overrides it.
jobs_here() { echo "${BEHOUD_JOBS:-$(job_count "$(nproc)")}"; }

# port_taken PORT [TCP] [TCP6]: does something listen where a server on 127.0.0.1:PORT would? Reads the kernel's tables, so
# nothing is connected to.
port_taken() {
  local port hex local_address state table
  port=$1
  hex=$(printf '%04X' "$port")
  for table in "${2:-/proc/net/tcp}" "${3:-/proc/net/tcp6}"; do
    [ -r "$table" ] || continue
    while read -r _ local_address _ state _; do
      [ "$state" = 0A ] || continue # 0A: listening
      case "$local_address" in
        0100007F:"$hex" | 00000000:"$hex") return 0 ;;
        00000000000000000000000000000000:"$hex" | 0000000000000000FFFF00000100007F:"$hex") return 0 ;;
      esac
    done <"$table"
  done
  return 1
}

# Fails with a named error unless PORT is a port and is free.
require_free_port() {
  [[ "$1" =~ ^[0-9]{1,5}$ ]] && [ "$1" -ge 1 ] && [ "$1" -le 65535 ] ||
    fail usage "PORT is '$1', which is not a port." "give a number from 1 to 65535, for example PORT=8081 script/server"
  port_taken "$1" || return 0
  fail port-taken "Port $1 is taken: another program listens there." \
    "stop that program, or choose another port: PORT=$(($1 < 65535 ? $1 + 1 : 8080)) script/server"
}
