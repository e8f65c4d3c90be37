# shellcheck shell=bash
# Sourced first by every script: strict mode, the project's folder, and the functions of this folder.
set -euo pipefail
top=$(cd "$(dirname "${BASH_SOURCE[0]}")/../.." && pwd -P)
# shellcheck source=script/lib/say.sh
. "$top/script/lib/say.sh"
# shellcheck source=script/lib/machine.sh
. "$top/script/lib/machine.sh"
# shellcheck source=script/lib/packages.sh
. "$top/script/lib/packages.sh"
# shellcheck source=script/lib/npm_packages.sh
. "$top/script/lib/npm_packages.sh"
# shellcheck source=script/lib/compile.sh
. "$top/script/lib/compile.sh"
# shellcheck source=script/lib/web.sh
. "$top/script/lib/web.sh"
# shellcheck source=script/lib/tidy.sh
. "$top/script/lib/tidy.sh"
