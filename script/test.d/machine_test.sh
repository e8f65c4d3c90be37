#!/usr/bin/env bash
# How many compilers fit in the memory, and which ports are taken.
. "$(dirname "$0")/../lib/expect.sh"
. "$top/script/lib/say.sh"
. "$top/script/lib/machine.sh"
new_world

# jobs WANT CORES AVAILABLE_KIB [LIMIT USED]: with a container's limit in bytes, of either kind of cgroup.
jobs() {
  rm -rf "$world/v2" "$world/v1"
  mkdir -p "$world/v2" "$world/v1/memory"
  printf 'MemTotal: 99999999 kB\nMemFree: 1 kB\nMemAvailable:   %s kB\n' "$3" >"$world/meminfo"
  if [ $# = 5 ]; then
    echo "$4" >"$world/v2/memory.max"; echo "$5" >"$world/v2/memory.current"
    echo "$4" >"$world/v1/memory/memory.limit_in_bytes"; echo "$5" >"$world/v1/memory/memory.usage_in_bytes"
  fi
  it "$2 cores, $3 KiB, limit ${4:-none}"
  expect "$1 jobs" [ "$(job_count "$2" "$world/meminfo" "$world/v2")" = "$1" ]
  expect "$1 jobs (older cgroups)" [ "$(job_count "$2" "$world/meminfo" "$world/v1")" = "$1" ]
}
jobs 2 2 24000000
jobs 1 1 24000000
jobs 1 8 1500000 # 1.5 GB: one compiler
jobs 1 8 300000  # less than one needs: still one, never none
jobs 2 8 2457600 # exactly two
jobs 1 8 2457599
jobs 8 8 64000000 max 1
jobs 8 8 64000000 9223372036854771712 1
jobs 1 8 64000000 1610612736 100000000 # a container of 1.5 GB on a large machine
jobs 3 8 64000000 4294967296 0
jobs 1 8 64000000 1073741824 2000000000 # already over its limit

it "unknown memory counts as enough"
expect "4 jobs" [ "$(job_count 4 "$world/absent" "$world/absent")" = 4 ]

it "BEHOUD_JOBS overrides"
expect "7 jobs" [ "$(BEHOUD_JOBS=7 jobs_here)" = 7 ]

# The kernel's table, with one line of ADDRESS in STATE. 1F90 is 8080.
heading='  sl  local_address rem_address   st tx_queue rx_queue tr tm->when retrnsmt   uid  timeout inode'
table() { printf '%s\n   0: %s 00000000:0000 %s 00000000:00000000 00:00000000 00000000  0 0 1 1\n' "$heading" "$1" "$2" >"$world/tcp$3"; }
taken() { port_taken 8080 "$world/tcp" "$world/tcp6"; }
free() { ! port_taken "${1:-8080}" "$world/tcp" "$world/tcp6"; }
printf '%s\n' "$heading" >"$world/tcp6"
it "a port on which something listens is taken"
table 0100007F:1F90 0A ''; expect "on 127.0.0.1" taken
table 00000000:1F90 0A ''; expect "on every address" taken
table 0100007F:1F90 06 ''; expect "an old connection (TIME_WAIT) does not take it" free
table 0200007F:1F90 0A ''; expect "another address does not take it" free
table 0100007F:1F91 0A ''; expect "another port does not take it" free
table 00000000000000000000000000000000:1F90 0A 6; expect "on every address of version 6" taken
table 00000000000000000000000001000000:1F90 0A 6; expect "::1 alone does not take it" free

# A real listener, on a port that the kernel chose.
perl -MIO::Socket::INET -e '$| = 1; $s = IO::Socket::INET->new(Listen => 1, LocalAddr => "127.0.0.1", LocalPort => 0) or die; print $s->sockport, "\n"; sleep 60' >"$world/port" &
listener=$!
for _ in $(seq 200); do [ -s "$world/port" ] || sleep 0.05; done
port=$(cat "$world/port")
it "the server says that its port is taken before it installs or builds anything"
stand_in dpkg-query <<<'echo "dpkg-query" >>"$world/calls"'
try env PORT="$port" "$top/script/server"
expect_status 16
expect_err "error [port-taken]"
expect_err "PORT=$((port + 1))"
expect_no_call dpkg-query
kill "$listener"
wait "$listener" 2>/dev/null
it "and that it is free again"
expect "the port is free" free "$port"
expect "in the kernel's tables too" bash -c ". '$top/script/lib/machine.sh'; ! port_taken $port"

for wrong in 0 65536 http -1 '' 8080x; do
  it "PORT='$wrong' is no port"
  [ -n "$wrong" ] || continue # An empty PORT is the default.
  try env PORT="$wrong" "$top/script/server"
  expect_status 2
  expect_err "error [usage]"
done

done_testing
