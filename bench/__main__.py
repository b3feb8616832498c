"""Measure the figures of docs/benchmarks.md: ``make bench`` or ``python -m bench [QUESTION …]``."""

from __future__ import annotations

import importlib
import os
import sys

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")  # like both programs

from bench.table import Row, print_table  # loads numpy, which reads the variable

QUESTIONS = (
    *("window", "recognition", "starter", "importing", "analysis", "browsing"),
    *("training_window", "mistakes", "evaluating", "layers", "hand", "script", "words", "pages"),
    *("gestures", "lab"),
    "pictures",
    "executable",
)

if __name__ == "__main__":
    rows: list[Row] = []
    try:
        for question in sys.argv[1:] or QUESTIONS:
            rows += importlib.import_module(f"bench.{question}").measure()
    finally:  # print the results even if a later question fails
        print_table(rows)
