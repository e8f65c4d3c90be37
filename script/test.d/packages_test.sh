#!/usr/bin/env bash
# Installing Debian packages: only what is missing, as root or through sudo, and a named error for each thing that can be in the way.
. "$(dirname "$0")/../lib/expect.sh"

# One package is installed, one was removed but left its settings, one was never heard of.
debian() {
  new_world
  stand_in dpkg-query <<'SH'
case " $* " in *" here "*) echo "installed here" ;; esac
case " $* " in *" removed "*) echo "config-files removed" ;; esac
exit 1 # as dpkg-query does when it does not know one of them
SH
  stand_in apt-get <<'SH'
echo "apt-get $*" >>"$world/calls"
echo "environment: DEBIAN_FRONTEND=${DEBIAN_FRONTEND:-} RUNLEVEL=${RUNLEVEL:-} http_proxy=${http_proxy:-} HTTPS_PROXY=${HTTPS_PROXY:-}" >>"$world/calls"
SH
}
root() { stand_in id <<<'echo 0'; }
user() { stand_in id <<<'echo 1000'; }

debian; root
it "finds what is missing, and takes a removed package that left its settings for missing"
try_lib 'missing_packages here removed absent'
expect_status 0
expect "exactly the two" [ "$out" = $'removed\nabsent' ]

it "does nothing when nothing is missing"
try_lib 'install_packages here'
expect_status 0
expect "it is silent" [ -z "$out$err" ]
expect_no_call apt-get

it "installs what is missing and nothing else, without recommended packages and without questions"
try_lib 'install_packages here absent'
expect_status 0
expect_call "update"
expect_call "install --no-install-recommends absent"
expect_no_call "here"
expect_call "DEBIAN_FRONTEND=noninteractive RUNLEVEL=1"
expect_err "absent"

it "passes a proxy on as root"
try env http_proxy=http://proxy.test:3128 bash -c ". '$top/script/lib/behoud.sh'; install_packages absent"
expect_status 0
expect_call "http_proxy=http://proxy.test:3128"

debian; user
it "without root and without sudo it names the error, the packages and the command for somebody who is root"
try_lib 'install_packages here absent removed'
expect_status 10
expect_err "error [no-root]"
expect_err "apt-get install --no-install-recommends absent removed"
expect_no_call apt-get

it "wants neither root nor sudo when nothing is missing"
try_lib 'install_packages here'
expect_status 0

debian; user
stand_in sudo <<'SH'
echo "sudo $*" >>"$world/calls"
[ "$1" != -n ] || shift
exec env -i PATH="$PATH" "$@" # sudo keeps none of the environment
SH
it "goes through sudo, and a proxy survives that"
try env http_proxy=http://proxy.test:3128 HTTPS_PROXY=http://proxy.test:3129 bash -c ". '$top/script/lib/behoud.sh'; install_packages absent"
expect_status 0
expect_call "sudo env DEBIAN_FRONTEND=noninteractive"
expect_call "install --no-install-recommends absent"
expect_call "http_proxy=http://proxy.test:3128 HTTPS_PROXY=http://proxy.test:3129"

debian; user
stand_in sudo <<<'[ "$1" != -n ] || { echo "sudo: a password is required" >&2; exit 1; }; echo "sudo asked" >>"$world/calls"'
it "when sudo would ask for a password and there is no terminal, it says so instead of hanging"
try_lib 'install_packages absent'
expect_status 10
expect_err "error [no-root]"
expect_err "no terminal"
expect_no_call "sudo asked"

debian; root
stand_in apt-get <<'SH'
echo "Err:1 archive bookworm InRelease" 
echo "  Temporary failure resolving 'archive.test'" 
echo "E: Failed to fetch absent_1.0.deb  Temporary failure resolving 'archive.test'"
exit 100
SH
it "without a network it names what it was fetching"
try_lib 'install_packages here absent'
expect_status 11
expect_err "error [no-network]"
expect_err "could not be fetched: absent"
expect_err "http_proxy"

debian; root
stand_in apt-get <<'SH'
case "$*" in *update*) echo "W: Failed to fetch something of another archive"; exit 100 ;; esac
echo "apt-get $*" >>"$world/calls"
SH
it "goes on with the package lists that are here when they cannot be refreshed"
try_lib 'install_packages absent'
expect_status 0
expect_call "install --no-install-recommends absent"

debian; root
stand_in apt-get <<'SH'
case "$*" in *update*) exit 0 ;; esac
echo "E: Unable to locate package absent"
exit 100
SH
it "on a system that does not have the packages it says which system does"
try_lib 'install_packages absent'
expect_status 12
expect_err "error [wrong-machine]"
expect_err "Debian 12"

debian; root
stand_in apt-get <<'SH'
case "$*" in *update*) exit 0 ;; esac
echo "E: dpkg was interrupted, you must manually run 'dpkg --configure -a'"
exit 100
SH
it "any other failure shows what apt-get said"
try_lib 'install_packages absent'
expect_status 14
expect_err "error [install-failed]"
expect_err "dpkg was interrupted"

debian; root; rm "$world/bin/apt-get"
it "without apt-get it lists what to install by hand"
try_lib 'install_packages absent'
expect_status 12
expect_err "error [wrong-machine]"
expect_err "absent"

debian; root
stand_in uname <<<'echo "Linux aarch64"'
it "refuses another architecture before it installs anything"
try "$top/script/install"
expect_status 12
expect_err "aarch64"
expect_no_call apt-get

debian; root
it "the tests install no ccache, with which a bare machine would compile the slower way; a developer's script/install does"
try bash "$top/script/install" --test
expect_call " ninja-build "
expect_call " librapidcheck-dev "
expect_no_call ccache
try bash "$top/script/install"
expect_call " ccache"

done_testing
