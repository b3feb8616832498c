#!/bin/sh
# Resolve everything for every platform and Python that the project supports, into constraints.txt.
set -eu
cd "$(dirname "$0")/.."
tool=$(mktemp -d)
trap 'rm -rf "$tool"' EXIT
"${PYTHON:-python3}" -m venv "$tool"
"$tool/bin/pip" install --quiet --disable-pip-version-check uv
# 1.3 requires Python before 3.11, an upper limit that uv ignores.
echo "backports-strenum<1.3" > "$tool/limits.txt"
# The extras exclude one another in an environment, but not in a list of constraints.
"$tool/bin/uv" pip compile pyproject.toml --universal --python-version 3.11 --all-extras \
    --constraints "$tool/limits.txt" --no-annotate --no-header --no-emit-index-url \
    --no-emit-find-links --quiet --output-file "$tool/resolved.txt"
{
    echo "# What was tested. Written by \`make lock\`; used by the Makefile with pip's -c."
    # pip allows no extras in constraints.
    sed 's/^\([A-Za-z0-9_.-]*\)\[[^]]*\]/\1/' "$tool/resolved.txt"
} > constraints.txt
