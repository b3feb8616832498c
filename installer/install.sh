#!/bin/sh
# Add EMNIST Desktop in this folder to the user's menu. `install.sh --remove` removes it.
set -eu
here=$(CDPATH= cd -- "$(dirname -- "$0")" && pwd)
data=${XDG_DATA_HOME:-$HOME/.local/share}
entry=$data/applications/emnist-desktop.desktop
icon=$data/icons/hicolor/scalable/apps/emnist-desktop.svg
if [ "${1:-}" = --remove ]; then
    rm -f "$entry" "$icon"
    exit
fi
mkdir -p "$(dirname "$entry")" "$(dirname "$icon")"
cp "$here/emnist-desktop.svg" "$icon"
awk -v program="$here/emnist-desktop" '
    /^Exec=/ { gsub(/[\\"`$]/, "\\\\&", program); print "Exec=\"" program "\""; next } { print }
' "$here/emnist-desktop.desktop" > "$entry"
echo "EMNIST Desktop is in the menu now."
