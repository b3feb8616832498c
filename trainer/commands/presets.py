"""``python -m trainer presets``: list the models that can be trained."""

from __future__ import annotations

import argparse

from trainer.files.records import json_text
from trainer.models.presets import PRESETS

_SHOWN = ("name", "source", "input_shape", "classes", "parameters")


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Add the options."""
    parser.add_argument("--json", action="store_true", help="print one JSON list")


def run(options: argparse.Namespace) -> int:
    """Print the presets; return 0."""
    presets = list(PRESETS.values())
    if options.json:
        print(json_text([{n: getattr(preset, n) for n in _SHOWN} for preset in presets]))
        return 0
    width = max(len(preset.name) for preset in presets)
    for preset in presets:
        count = f"{preset.parameters:>12,}" if preset.parameters is not None else f"{'–':>12}"
        print(f"{preset.name:{width}}  {count}  {preset.summary}")
        print(f"{'':{width}}  {'':12}  Source: {preset.source}.")
        for option in preset.options:
            print(f"{'':{width}}  {'':12}    {option.name}={option.default}: {option.help}")
    return 0
