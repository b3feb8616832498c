#!/bin/sh
# Create the virtual environment FOLDER with PYTHON: sh tools/make_venv.sh PYTHON FOLDER
set -eu
python=$1
folder=$2

if ! "$python" -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null; then
    echo "EMNIST Desktop needs Python 3.11 or newer; name one with: make PYTHON=python3.12 …" >&2
    exit 1
fi
if "$python" -c 'import ensurepip, venv' 2>/dev/null; then
    "$python" -m venv "$folder"
elif "$python" -c 'import pip, venv' 2>/dev/null; then
    # Debian has ensurepip in a separate package; any pip can install pip into the folder.
    "$python" -m venv --without-pip "$folder"
    "$python" -m pip --quiet --python "$folder/bin/python" install pip || {
        rm -f "$folder/bin/python"
        exit 1
    }
else
    echo "$python cannot make virtual environments; on Debian and Ubuntu: sudo apt-get install python3-venv" >&2
    exit 1
fi
