#!/bin/sh
# Resolve everything for every platform and Python that the project supports, into uv.lock; and from that
# constraints.txt, which pip can read.
set -eu
cd "$(dirname "$0")/.."
tool=$(mktemp -d)
trap 'rm -rf "$tool"' EXIT
"${PYTHON:-python3}" -m venv "$tool"
"$tool/bin/pip" install --quiet --disable-pip-version-check uv
"$tool/bin/uv" lock --quiet --upgrade
# The extras exclude one another in an environment, but not in a list of constraints.
"$tool/bin/uv" export --quiet --frozen --format requirements-txt --all-extras --no-emit-project \
    --no-hashes --no-annotate --no-header --output-file "$tool/resolved.txt" >/dev/null
{
    echo "# What was tested. Written by \`make lock\`; used by the Makefile with pip's -c."
    # pip allows no extras in constraints.
    sed 's/^\([A-Za-z0-9_.-]*\)\[[^]]*\]/\1/' "$tool/resolved.txt"
} > constraints.txt
