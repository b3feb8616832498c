#!/bin/sh
# Install the libraries that Qt needs and that a bare Debian or Ubuntu lacks. Does nothing elsewhere.
set -eu

command -v dpkg-query >/dev/null 2>&1 || exit 0

missing=""
for package in libegl1 libgl1 libxkbcommon0 libxkbcommon-x11-0 libdbus-1-3 libfontconfig1 \
    libxcb-cursor0 libxcb-icccm4 libxcb-image0 libxcb-keysyms1 libxcb-randr0 libxcb-render-util0 \
    libxcb-shape0 libxcb-xinerama0 fonts-dejavu-core; do
    case $(dpkg-query -W -f '${Status}' "$package" 2>/dev/null || true) in
        "install ok installed") ;;
        *) missing="$missing $package" ;;
    esac
done
[ -n "$missing" ] || exit 0

if [ "$(id -u)" = 0 ]; then
    as_root=""
elif sudo -n true 2>/dev/null; then
    as_root="sudo"
else
    echo "Qt may need libraries that are missing here; install them with:" >&2
    echo "    sudo apt-get install$missing" >&2
    exit 0
fi
echo "Installing libraries for Qt:$missing"
export DEBIAN_FRONTEND=noninteractive
$as_root apt-get install -y -qq $missing >/dev/null 2>&1 ||
    { $as_root apt-get update -qq && $as_root apt-get install -y -qq $missing >/dev/null; } ||
    echo "They could not be installed; if the window does not start: apt-get install$missing" >&2
