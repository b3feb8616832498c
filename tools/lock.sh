#!/bin/sh
# Resolve everything for every platform and Python that the project supports, into constraints.txt.
set -eu
cd "$(dirname "$0")/.."
tool=$(mktemp -d)
trap 'rm -rf "$tool"' EXIT
python3 -m venv "$tool"
"$tool/bin/pip" install --quiet --disable-pip-version-check uv
# 1.3 is for Python before 3.11 only, an upper limit that uv does not heed.
echo "backports-strenum<1.3" > "$tool/limits.txt"
"$tool/bin/uv" pip compile pyproject.toml --universal --python-version 3.11 \
    --extra train-cpu --extra dev --no-annotate --no-header --no-emit-index-url \
    --no-emit-find-links --output-file "$tool/resolved.txt" --constraints "$tool/limits.txt" --quiet
{
    echo "# What was tested. Written by \`make lock\`; used by the Makefile with pip's -c."
    # The pin of tensorflow holds for the other extras too, so it must not depend on macOS.
    sed -e 's/^\([A-Za-z0-9_.-]*\)\[[^]]*\]/\1/' -e 's/^\(tensorflow==[^ ]*\) ;.*/\1/' "$tool/resolved.txt"
} > constraints.txt
