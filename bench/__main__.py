"""Measure what the README promises: ``make bench`` or ``python -m bench [QUESTION …]``."""

from __future__ import annotations

import importlib
import os
import sys

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")  # as both programs set it

from bench.table import Row, print_table  # numpy reads the variable when it is loaded

QUESTIONS = (
    *("window", "recognition", "starter", "importing", "analysis", "browsing"),
    *("training_window", "mistakes", "evaluating", "layers", "executable"),
)

if __name__ == "__main__":
    rows: list[Row] = []
    try:
        for question in sys.argv[1:] or QUESTIONS:
            rows += importlib.import_module(f"bench.{question}").measure()
    finally:  # what was measured is told, whatever fails after it
        print_table(rows)
