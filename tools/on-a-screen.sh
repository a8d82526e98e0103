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
# A number of its own: left to choose, Xvfb takes one whose last server may still be on its way out, and that one takes
# the new one's socket away.
Xvfb ":$((100 + $$ % 59000))" -displayfd 3 -screen 0 1920x1200x24 -nolisten tcp 3>"$pipe" >/dev/null 2>&1 &
server=$!
trap 'kill "$server" 2>/dev/null || :; wait "$server" 2>/dev/null || :; rm -f "$pipe"' EXIT INT TERM
# Nothing comes from a server that does not start.
read -r number <"$pipe" || number=
rm -f "$pipe"
if [ -z "$number" ]; then
    echo "Xvfb is installed but does not start; run it by hand to see why." >&2
    exit 1
fi
unset WAYLAND_DISPLAY
DISPLAY=:$number QT_QPA_PLATFORM=xcb "$@"
