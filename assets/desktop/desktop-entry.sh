#!/bin/sh
# Put SLAP Studio into this user's menu and under "Open with" for videos and .slap, or take it away again. Linux only;
# nothing outside of the user's own data folder is touched.
# Usage: sh desktop-entry.sh install [PROGRAM] | uninstall
set -eu

here=$(cd "$(dirname "$0")" && pwd)
data=${XDG_DATA_HOME:-$HOME/.local/share}
sizes="16 24 32 48 64 128 256 512"

# Beside the program in a built folder, or among the assets of a checkout or an installed package.
assets=$here/..
if [ -d "$here/_internal/slap_studio/assets" ]; then assets=$here/_internal/slap_studio/assets; fi

# What lists programs and kinds of files reads it again. A desktop without one of these does so by itself.
refresh() {
    if command -v update-mime-database >/dev/null 2>&1; then update-mime-database "$data/mime" || true; fi
    if command -v update-desktop-database >/dev/null 2>&1; then update-desktop-database "$data/applications" || true; fi
    if command -v gtk-update-icon-cache >/dev/null 2>&1; then
        gtk-update-icon-cache --quiet --force --ignore-theme-index "$data/icons/hicolor" || true
    fi
}

# A path as the key Exec takes it: quoted, then escaped as every value is, and % doubled.
as_exec() {
    printf '"%s"' "$(printf '%s' "$1" | sed -e 's/[\\"`$]/\\&/g' -e 's/\\/\\\\/g' -e 's/%/%%/g')"
}

program_of() {
    if [ -n "${1:-}" ]; then
        found=$(cd "$(dirname "$1")" 2>/dev/null && printf '%s/%s' "$(pwd)" "$(basename "$1")") || found=
    elif [ -x "$here/slap-studio" ]; then
        found=$here/slap-studio
    else
        found=$(command -v slap-studio) || found=
    fi
    if [ -z "$found" ] || [ ! -x "$found" ]; then
        echo "The program ${1:-slap-studio} was not found; name it: sh $0 install /path/to/slap-studio" >&2
        exit 2
    fi
    printf '%s' "$found"
}

install_entry() {
    program=$(program_of "${1:-}")
    mkdir -p "$data/applications" "$data/mime/packages"
    entry=$data/applications/slap-studio.desktop
    # awk would read the backslashes of a variable; from the environment they come as they are.
    EXEC=$(as_exec "$program") awk '/^Exec=/ { print "Exec=" ENVIRON["EXEC"] " %f"; next } { print }' \
        "$assets/desktop/slap-studio.desktop" >"$entry.new"
    mv "$entry.new" "$entry"
    cp "$assets/desktop/slap-studio.xml" "$data/mime/packages/slap-studio.xml"
    for size in $sizes; do
        folder=$data/icons/hicolor/${size}x${size}/apps
        mkdir -p "$folder"
        cp "$assets/icons/slap-studio-$size.png" "$folder/slap-studio.png"
    done
    mkdir -p "$data/icons/hicolor/scalable/apps"
    cp "$assets/icons/slap-studio.svg" "$data/icons/hicolor/scalable/apps/slap-studio.svg"
    refresh
    echo "SLAP Studio is in the menu and under \"Open with\": $entry"
}

uninstall_entry() {
    rm -f "$data/applications/slap-studio.desktop" "$data/mime/packages/slap-studio.xml" \
        "$data/icons/hicolor/scalable/apps/slap-studio.svg"
    for size in $sizes; do rm -f "$data/icons/hicolor/${size}x${size}/apps/slap-studio.png"; done
    if [ -d "$data/mime" ]; then refresh; fi
    echo "SLAP Studio is out of the menu; the program itself was left alone."
}

case "${1:-}" in
    install) install_entry "${2:-}" ;;
    uninstall) uninstall_entry ;;
    *) echo "Usage: sh desktop-entry.sh install [PROGRAM] | uninstall" >&2; exit 2 ;;
esac
