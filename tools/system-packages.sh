#!/bin/sh
# The system libraries that Qt loads on Linux, and for `test` a virtual screen as well. Installs what is
# missing where it may (Debian and its kin, as root or with sudo that asks for nothing); says which elsewhere.
# Usage: sh tools/system-packages.sh run|test
set -eu

[ "$(uname -s)" = Linux ] || exit 0

libraries="libegl1 libgl1 libopengl0 libglx-mesa0 libgl1-mesa-dri libfontconfig1 libdbus-1-3 libxkbcommon0 libxkbcommon-x11-0
libxcb-cursor0 libxcb-icccm4 libxcb-image0 libxcb-keysyms1 libxcb-randr0 libxcb-render-util0 libxcb-shape0 libxcb-xinerama0
libxcb-xkb1 libglib2.0-0 libgomp1"
# Without a screen `make run` takes a picture, which needs the virtual one too.
screen="xvfb"
wanted=$libraries
if [ "${1:-run}" = test ] || [ -z "${DISPLAY:-}${WAYLAND_DISPLAY:-}" ]; then wanted="$libraries $screen"; fi

if ! command -v dpkg-query >/dev/null 2>&1; then
    echo "This is no Debian: if the window does not open, install the packages that are called here: $wanted" | tr '\n' ' '
    echo
    exit 0
fi

missing=
for package in $wanted; do
    dpkg-query -W -f '${Status}' "$package" 2>/dev/null | grep -q 'ok installed' ||
        dpkg-query -W -f '${Status}' "${package}t64" 2>/dev/null | grep -q 'ok installed' ||
        missing="$missing $package"
done
[ -n "$missing" ] || exit 0

if [ "$(id -u)" = 0 ]; then
    as_root=
elif command -v sudo >/dev/null 2>&1 && sudo -n true 2>/dev/null; then
    as_root=sudo
else
    echo "These system packages are missing and may not be installed from here; please run: sudo apt-get install$missing" >&2
    exit 0
fi
echo "Installing system packages:$missing"
$as_root apt-get update -q >/dev/null || true
# shellcheck disable=SC2086
DEBIAN_FRONTEND=noninteractive $as_root apt-get install -y -q --no-install-recommends $missing >/dev/null ||
    echo "Some of these could not be installed; the window may not open:$missing" >&2
