#!/bin/sh
# Run a command on a virtual screen of its own, so that windows are real and nobody's desktop is disturbed.
# Usage: sh tools/on-a-screen.sh COMMAND...
set -eu
if [ "$(uname -s)" != Linux ]; then exec "$@"; fi
if ! command -v Xvfb >/dev/null 2>&1; then
    echo "Xvfb is missing, so the window's tests cannot run; install it (Debian: apt install xvfb)." >&2
    exit 1
fi
pipe=$(mktemp -u)
mkfifo "$pipe"
Xvfb -displayfd 3 -screen 0 1920x1200x24 -nolisten tcp 3>"$pipe" >/dev/null 2>&1 &
server=$!
trap 'kill "$server" 2>/dev/null; rm -f "$pipe"' EXIT INT TERM
read -r number <"$pipe"
rm -f "$pipe"
unset WAYLAND_DISPLAY
DISPLAY=:$number QT_QPA_PLATFORM=xcb "$@"
