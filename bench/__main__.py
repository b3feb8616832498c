"""Measure what the README promises: ``make bench`` or ``python -m bench [window|recognition]``."""

from __future__ import annotations

import importlib
import os
import sys

from bench.table import Row, print_table

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")

QUESTIONS = ("window", "recognition")

if __name__ == "__main__":
    rows: list[Row] = []
    for question in sys.argv[1:] or QUESTIONS:
        rows += importlib.import_module(f"bench.{question}").measure()
    print_table(rows)
