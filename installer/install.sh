#!/bin/sh
# Add EMNIST Desktop in this folder to the user's menu, and to what opens the files that it reads.
# `install.sh --remove` removes it.
set -eu
here=$(CDPATH= cd -- "$(dirname -- "$0")" && pwd)
data=${XDG_DATA_HOME:-$HOME/.local/share}
id=io.github.emnist_desktop.EmnistDesktop
entry=$data/applications/$id.desktop
icon=$data/icons/hicolor/scalable/apps/$id.svg
register() {
    if command -v update-desktop-database >/dev/null; then
        update-desktop-database "$data/applications"
    fi
}
# The second names are those of 0.1.0.
rm -f "$entry" "$icon" "$data/applications/emnist-desktop.desktop" \
    "$data/icons/hicolor/scalable/apps/emnist-desktop.svg"
if [ "${1:-}" = --remove ]; then
    register
    exit
fi
mkdir -p "$(dirname "$entry")" "$(dirname "$icon")"
cp "$here/emnist-desktop.svg" "$icon"
awk -v program="$here/emnist-desktop" '
    /^Exec=/ { gsub(/[\\"`$]/, "\\\\&", program); print "Exec=\"" program "\" %F"; next } { print }
' "$here/$id.desktop" > "$entry"
register
echo "EMNIST Desktop is in the menu now."
