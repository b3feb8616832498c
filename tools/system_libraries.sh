#!/bin/sh
# Install the libraries that Qt needs on a bare Debian or Ubuntu, and the packages of given commands:
# `system_libraries.sh strip=binutils`. Does nothing on other systems.
set -eu
command -v apt-get >/dev/null 2>&1 || exit 0

# Looked up by file, not by package: packages are renamed (libglib2.0-0t64), file names are not.
libraries="
libEGL.so.1 libegl1
libGL.so.1 libgl1
libX11-xcb.so.1 libx11-xcb1
libdbus-1.so.3 libdbus-1-3
libfontconfig.so.1 libfontconfig1
libglib-2.0.so.0 libglib2.0-0
libxcb-cursor.so.0 libxcb-cursor0
libxcb-icccm.so.4 libxcb-icccm4
libxcb-image.so.0 libxcb-image0
libxcb-keysyms.so.1 libxcb-keysyms1
libxcb-randr.so.0 libxcb-randr0
libxcb-render-util.so.0 libxcb-render-util0
libxcb-shape.so.0 libxcb-shape0
libxcb-sync.so.1 libxcb-sync1
libxcb-xfixes.so.0 libxcb-xfixes0
libxcb-xkb.so.1 libxcb-xkb1
libxkbcommon-x11.so.0 libxkbcommon-x11-0
libxkbcommon.so.0 libxkbcommon0
"
present=$(PATH="$PATH:/sbin:/usr/sbin" ldconfig -p)
missing=$(
    echo "$libraries" | while read -r file package; do
        case $present in *"${file:-.so}"*) ;; *) printf ' %s' "$package" ;; esac
    done
    find /usr/share/fonts /usr/local/share/fonts "$HOME/.local/share/fonts" "$HOME/.fonts" \
        \( -name '*.ttf' -o -name '*.otf' -o -name '*.ttc' \) 2>/dev/null |
        grep -q . || printf ' %s' fonts-dejavu-core
    for tool in "$@"; do
        command -v "${tool%%=*}" >/dev/null 2>&1 || printf ' %s' "${tool#*=}"
    done
)
[ -n "$missing" ] || exit 0

if [ "$(id -u)" = 0 ]; then
    as_root=""
elif sudo -n true 2>/dev/null || { [ -t 0 ] && command -v sudo >/dev/null 2>&1; }; then
    as_root="sudo"
else
    echo "Qt or the build needs packages that are not installed; install them with: sudo apt-get install$missing" >&2
    exit 0
fi
install() { $as_root env DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends $missing >/dev/null; }
echo "Installing missing packages:$missing"
# The package lists may be missing or outdated.
install 2>/dev/null || { $as_root apt-get update -qq && install; } ||
    echo "The packages could not be installed; if a program does not start: apt-get install$missing" >&2
