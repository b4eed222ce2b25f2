# shellcheck shell=bash
# Sourced by the scripts beside it: what they print, retry, install and compare.
# An image carries the hash of the recipe it was built from, so that building
# again is a look at a label and nothing else.

say() { printf 'offline images: %s\n' "$*" >&2; }

die() {
    say "error: $*"
    exit 1
}

# retry COMMAND...: three attempts, for mirrors that drop a connection.
retry() {
    local attempt
    for attempt in 1 2 3; do
        if "$@"; then return 0; fi
        say "attempt $attempt of 3 failed: $1"
        sleep $((attempt * 3))
    done
    return 1
}

# need COMMAND PACKAGE: installs the Debian package where the command is missing.
need() {
    command -v "$1" >/dev/null && return 0
    if [[ $EUID -ne 0 ]] || ! command -v apt-get >/dev/null; then
        die "the command $1 is missing; install the Debian package $2 and start again"
    fi
    say "installing the Debian package $2 for the command $1"
    retry apt-get update -qq
    DEBIAN_FRONTEND=noninteractive retry \
        apt-get install -y -qq --no-install-recommends "$2" >/dev/null
}

# recipe_of TEXT FILE...: the hash of a text and of files with their names.
recipe_of() {
    local text=$1
    shift
    { printf '%s\n' "$text" && sha256sum "$@"; } | sha256sum | cut -d ' ' -f 1
}

# has_recipe IMAGE HASH: true where the engine holds that very build.
has_recipe() {
    local label
    label=$(docker image inspect \
        --format '{{index .Config.Labels "attest.recipe"}}' "$1" 2>/dev/null) || return 1
    [[ $label == "$2" ]]
}
