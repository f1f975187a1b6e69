# What the scripts in Ops share; sourced, not run. Sets `house` to the repository's folder.

house=$(cd -- "$(dirname -- "${BASH_SOURCE[0]}")/.." && pwd)

# Says what happens, on standard error: standard output belongs to the commands themselves.
say() { printf '%s\n' "$*" >&2; }

# Says what is wrong and what to do, and ends.
die() {
    say "Ops/$(basename -- "$0"): $*"
    exit 1
}

# Runs a command as root, by sudo if need be.
as_root() {
    if [ "$(id -u)" -eq 0 ]; then
        "$@"
    elif command -v sudo >/dev/null; then
        sudo "$@"
    else
        die "this needs root and there is no sudo; as root, run: $*"
    fi
}

# Installs those of the named Debian packages that are missing. Asks nothing.
need_packages() {
    command -v dpkg-query >/dev/null ||
        die "this is no Debian; install what these Debian packages hold, and start again: $*"
    local package missing=()
    for package in "$@"; do
        dpkg-query --show --showformat='${db:Status-Status}' "$package" 2>/dev/null |
            grep -qx installed || missing+=("$package")
    done
    [ ${#missing[@]} -eq 0 ] && return
    say "installing by apt: ${missing[*]}"
    local apt=(env DEBIAN_FRONTEND=noninteractive apt-get -qq -o DPkg::Lock::Timeout=120)
    as_root "${apt[@]}" update >&2 ||
        say "apt-get update failed; going on with the package lists that are there"
    as_root "${apt[@]}" install --yes --no-install-recommends "${missing[@]}" >&2 ||
        die "apt could not install: ${missing[*]} (its words are above)"
}

# version_at_least 6.3.1 6.2: whether the first is the second or newer.
version_at_least() {
    [ "$(printf '%s\n%s\n' "$2" "$1" | sort --version-sort | head -n 1)" = "$2" ]
}

swift_version_min=6.2
kernel_version_min=6.1

need_swift() {
    local hint="install a toolchain of Swift $swift_version_min or newer from"
    hint+=" https://www.swift.org/install/linux/ and put its usr/bin on PATH"
    command -v swift >/dev/null || die "there is no swift on PATH: $hint"
    local version
    version=$(swift --version 2>/dev/null | sed -n 's/.*Swift version \([0-9.]*\).*/\1/p' | head -n 1)
    [ -n "$version" ] || die "swift --version says nothing; is the toolchain whole? Else $hint"
    version_at_least "$version" "$swift_version_min" || die "this is Swift $version: $hint"
}

need_kernel() {
    [ "$(uname -s)" = Linux ] || die "Fanfare runs on Linux only (it is built on io_uring)"
    local release
    release=$(uname -r)
    version_at_least "${release%%-*}" "$kernel_version_min" ||
        die "this kernel is Linux $release; $kernel_version_min or newer is needed, as in Debian 12"
    local disabled=/proc/sys/kernel/io_uring_disabled
    if [ -r "$disabled" ] && [ "$(cat "$disabled")" = 2 ]; then
        die "io_uring is turned off; as root, run: sysctl -w kernel.io_uring_disabled=0"
    fi
}

# What the build needs besides the toolchain: libraries to link against, git for dependencies, and
# some version of C++'s headers.
need_build_packages() {
    local packages=(
        liburing-dev libssl-dev libsqlite3-dev zlib1g-dev libbrotli-dev pkg-config git
        ca-certificates)
    compgen -G '/usr/include/c++/*' >/dev/null || packages+=(g++)
    need_packages "${packages[@]}"
}
