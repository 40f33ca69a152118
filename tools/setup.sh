#!/bin/sh
# Installs both Python environments and builds the pages, each only if its inputs changed.
set -eu
. tools/common.sh

uv_version=0.13.9
# uv draws its progress on a terminal; elsewhere it would list every package.
if [ -t 2 ]; then quiet=; else quiet=--quiet; fi

find_uv() {
    if uv_works_here && (cd handoff_bridge && uv_works_here); then
        uv=uv
        return
    fi
    uv=$PWD/.uv/bin/uv
    "$uv" --version >/dev/null 2>&1 && return
    say "Installing uv $uv_version into .uv"
    for python in python3 python3.13 python3.12 python3.11 python3.10 /usr/bin/python3; do
        rm -rf .uv
        "$python" -m venv .uv >/dev/null 2>&1 || continue
        .uv/bin/python -m pip install --quiet --disable-pip-version-check "uv==$uv_version" && return
    done
    rm -rf .uv
    die "No Python here can make a virtual environment and install uv into it." \
        "On Debian and Ubuntu: apt-get install python3-venv. Anywhere else: install uv" \
        "itself (https://docs.astral.sh/uv/), then run this again."
}

# A shim named uv obeys the .python-version of the folder, and may fail in either of ours.
uv_works_here() { uv --version >/dev/null 2>&1; }

works() { "$1" -c 'import bz2, ctypes, lzma, sqlite3, ssl' >/dev/null 2>&1; }

# uv looks past shims that fail; what it finds must still have been built whole.
find_interpreter() {
    interpreter=$("$uv" python find --system "$1" 2>/dev/null) &&
        works "$interpreter" && return
    say "No working Python $1 on this machine, downloading one."
    "$uv" python install "$1" &&
        interpreter=$("$uv" python find --managed-python "$1" 2>/dev/null) &&
        works "$interpreter" && return
    die "Python $1 is needed, was not found and could not be downloaded." \
        "Install it (for example: pyenv install $1) and run this again."
}

# From inside its own folder, so that its .python-version is the one obeyed.
install_environment() (
    cd "$1"
    version=$(cat .python-version)
    wanted=$({ echo "$version"; cat requirements.txt; } | git hash-object --stdin)
    if ! is_python "$version"; then
        find_interpreter "$version"
        rm -rf .venv
        "$uv" venv --quiet --python "$interpreter" .venv
    elif [ "$(cat .venv/.installed 2>/dev/null)" = "$wanted" ]; then
        return
    fi
    say "Installing the environment of $2 (Python $version)"
    rm -f .venv/.installed
    # Compiled now: Rasa imports four times faster, at every start, even where
    # PYTHONDONTWRITEBYTECODE keeps it from doing so itself.
    "$uv" pip sync $quiet --compile-bytecode --python .venv/bin/python requirements.txt
    echo "$wanted" >.venv/.installed
)

is_python() {
    [ "$(.venv/bin/python -c 'import sys; print("%d.%d" % sys.version_info[:2])' 2>/dev/null)" = "$1" ]
}

# The pages' types follow from the bridge's models, so that the two cannot drift.
write_contract() (
    code=handoff_bridge/handoff_bridge
    wanted=$(hash_of $code/models.py $code/errors.py $code/brand.py $code/colours.py $code/conversation $code/packet \
        $code/protocol $code/routing $code/texts.py handoff_bridge/texts handoff_bridge/web/contract.mjs handoff_bridge/web/package-lock.json)
    cd handoff_bridge
    types=web/src/shared/contract.ts
    [ -f "$types" ] && [ "$(cat web/node_modules/.contract 2>/dev/null)" = "$wanted" ] && return
    say "Writing the pages' types"
    .venv/bin/python -m handoff_bridge.protocol.published >web/node_modules/.schema.json
    (cd web && node contract.mjs <node_modules/.schema.json >node_modules/.contract.ts)
    mv web/node_modules/.contract.ts "$types"
    echo "$wanted" >web/node_modules/.contract
)

build_pages() (
    [ -f handoff_bridge/web/package.json ] || return 0
    find_node
    locked=$(hash_of handoff_bridge/web/package-lock.json)-$(node --version)
    if [ "$(cat handoff_bridge/web/node_modules/.installed 2>/dev/null)" != "$locked" ]; then
        say "Installing what the pages are built with"
        (cd handoff_bridge/web && npm ci --loglevel=error)
        echo "$locked" >handoff_bridge/web/node_modules/.installed
        rm -f handoff_bridge/web/dist/.built
    fi
    write_contract
    wanted=$(hash_of handoff_bridge/web)
    cd handoff_bridge/web
    [ "$(cat dist/.built 2>/dev/null)" = "$wanted" ] && return
    say "Building the pages"
    npm run --silent build >node_modules/.build.log 2>&1 || { cat node_modules/.build.log >&2; return 1; }
    echo "$wanted" >dist/.built
)

only_one_of_us
find_uv
install_environment . "the assistant"
install_environment handoff_bridge "the bridge"
build_pages
