"""``python -m trainer robustness``: the accuracy of recognisers on corrupted images."""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import Any

from trainer.commands.options.progress import ProgressLines, add_progress_argument
from trainer.datasets.load import load_data
from trainer.errors import ConfigError
from trainer.evaluation.classifier import open_classifier
from trainer.evaluation.corruptions import CORRUPTIONS, named
from trainer.evaluation.input_range import add_input_range_argument
from trainer.evaluation.range_trial import settle_input_range
from trainer.evaluation.robustness import RobustnessPlan, robustness
from trainer.files.paths import replacing
from trainer.files.records import json_text
from trainer.runs.test_result import look_text, record_test

_SAMPLES = 2000
_NAME_WIDTH = 18


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Add the options."""
    parser.formatter_class = argparse.RawDescriptionHelpFormatter
    parser.epilog = "corruptions (five strengths each; px of a 28×28 image):\n" + "\n".join(
        f"  {each.name:16} {', '.join(f'{s:g}' for s in each.strengths)} {each.unit}. {each.help}"
        for each in CORRUPTIONS.values()
    )
    parser.add_argument(
        "--model",
        type=Path,
        action="append",
        help="folder of a bundle or a run, or a .keras or .tflite file (default: the bundled "
        "one); repeat it to compare two",
    )
    parser.add_argument("--model2", type=Path, help="the second model")
    parser.add_argument("--alphabet", default="", help="characters of a model file's classes")
    parser.add_argument("--alphabet2", default="", help="the same for the second model")
    add_input_range_argument(parser)
    add_input_range_argument(parser, "2")
    parser.add_argument("--data", required=True, help="a dataset's name, a file or a folder")
    parser.add_argument("--split", default="", help="default: test where there is one, else all")
    parser.add_argument(
        "--samples", type=int, default=_SAMPLES, help="number of random samples; 0 for all"
    )
    parser.add_argument("--corruptions", nargs="+", default=[], metavar="NAME", help="default: all")
    parser.add_argument("--seed", type=int, default=0, help="seed of the random numbers")
    parser.add_argument(
        "--pictures",
        action="store_true",
        help="include images of a few samples in the JSON: PNG, all conditions side by side",
    )
    parser.add_argument("--out", type=Path, metavar="FILE", help="also write the result as JSON")
    parser.add_argument("--json", action="store_true", help="print one JSON object")
    add_progress_argument(parser)


def run(options: argparse.Namespace) -> int:
    """Evaluate and print; return 0."""
    models = [*(options.model or [None]), *([options.model2] if options.model2 else [])]
    if len(models) > 2:
        raise ConfigError(
            "Expected one or two models. Received: {n_models}.", field="model"
        ).format(n_models=len(models))
    plan = RobustnessPlan(
        named(options.corruptions), options.samples, options.seed, options.pictures
    )
    alphabets = (options.alphabet, options.alphabet2)
    classifiers = [open_classifier(*each) for each in zip(models, alphabets, strict=False)]
    data = load_data(options.data, options.split)
    ranges = (options.input_range, options.input_range2)
    for classifier, given in zip(classifiers, ranges, strict=False):
        settle_input_range(classifier, data, given)
    result = robustness(classifiers, data, plan, ProgressLines(options.progress))
    looked = {"samples": result["samples"], "is_sample": result["samples"] < len(data)}
    looks = []
    for classifier, figures in zip(classifiers, result["models"], strict=True):
        measured = {**figures, **looked}
        tested = record_test(classifier.folder, options.data, options.split, measured)
        looks += [] if tested is None else [look_text(tested, figures["name"])]
    text = json_text(result)
    if options.out is not None:
        with replacing(options.out) as temporary:
            temporary.write_text(text + "\n", encoding="utf-8")
    print(text if options.json else "\n\n".join([_report(result), *looks]))
    return 0


def _report(result: dict[str, Any]) -> str:
    writers = f", {result['writers']} writers" if result["writers"] else ""
    form = "drawings" if result["drawings"] else "images"
    lines = [f"{result['data']}: {result['samples']:,} {form}{writers}, seed {result['seed']}"]
    for model in result["models"]:
        lines += ["", model["name"], *_table(model, result["corruptions"])]
        if model["relative_drop"] is not None:
            lines.append(f"relative loss of accuracy: {model['relative_drop']:.1%}")
    if "difference" in result:
        first, second = (model["name"] for model in result["models"])
        lines += ["", f"{second} minus {first}, in percentage points"]
        lines += _table(result["difference"], result["corruptions"], sign="+")
    return "\n".join(lines)


def _table(figures: dict[str, Any], corruptions: list[dict[str, Any]], sign: str = "") -> list[str]:
    """Return two lines per corruption: strengths, then accuracies in per cent and their mean."""
    lines = [_line("no corruption", [], figures["accuracy"], figures["interval"], sign)]
    for each in corruptions:
        row = figures["by_corruption"][each["name"]]
        strengths = "".join(f"{strength:8g}" for strength in each["strengths"])
        lines.append(f"{each['title']:{_NAME_WIDTH}}{strengths}   {each['unit']}")
        lines.append(_line("", row["accuracy"], row["mean"], row["mean_interval"], sign))
    mean, interval = figures["mean_corruption_accuracy"], figures["mean_corruption_interval"]
    return [*lines, _line("mean corruption", [], mean, interval, sign)]


def _line(
    title: str, accuracies: list[float], mean: float, interval: list[float], sign: str
) -> str:
    cells = "".join(f"{100 * accuracy:{sign}8.1f}" for accuracy in accuracies)
    low, high = (100 * bound for bound in interval)
    return (
        f"{title:{_NAME_WIDTH}}{cells:40}   "
        f"{100 * mean:{sign}.1f}  ({low:{sign}.1f} to {high:{sign}.1f})"
    )
