"""``python -m trainer hand``: learn a person's own handwriting beside a recogniser."""

from __future__ import annotations

import argparse
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from trainer.commands.options.arguments import aligned
from trainer.datasets.load import load_data
from trainer.datasets.samples import Data, as_images, inks_of, sample_ids
from trainer.errors import DatasetError, HandError
from trainer.evaluation.metrics import accuracy_interval, calibration_error
from trainer.files.paths import default_bundle
from trainer.files.records import json_text
from trainer.hand.hand import Hand, OwnSample
from trainer.hand.hand_file import read_hand, write_hand
from trainer.ink.alphabet import merged
from trainer.recognition.bundle import load_bundle
from trainer.recognition.recognizer import Probabilities, Recognizer
from trainer.recognition.sandboxed_litert import check_bundle


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Add the actions and their options."""
    actions = parser.add_subparsers(dest="action", required=True, metavar="ACTION")

    learn = _action(actions, "learn", "learn samples, in addition to those known", _learn)
    learn.add_argument(
        "--data", required=True, help="my-samples, a pen archive, or any data with labels"
    )
    learn.add_argument("--split", default="", help="default: test where there is one, else all")
    learn.add_argument(
        "--to", dest="hand", type=Path, required=True, metavar="FILE", help="of the hand"
    )
    _add_without_drawings(learn)

    forget = _action(actions, "forget", "forget the samples of characters", _forget)
    _add_hand(forget)
    forget.add_argument("characters", metavar="CHARACTERS", help="such as rV")

    export = _action(actions, "export", "write a hand to another file", _export)
    _add_hand(export)
    export.add_argument("--to", type=Path, required=True, metavar="FILE")
    _add_without_drawings(export)

    report = _action(actions, "report", "what the hand changes, by leave-one-out", _report)
    _add_hand(report)
    report.add_argument("--data", help="samples of the same person that it has not learned")
    report.add_argument("--split", default="", help="default: test where there is one, else all")
    report.add_argument("--json", action="store_true", help="print one JSON object")


def run(options: argparse.Namespace) -> int:
    """Run the action; return 0."""
    bundle = load_bundle(options.model or default_bundle())
    check_bundle(bundle)
    options.act(options, Recognizer(bundle))
    return 0


def _action(
    actions: Any,
    name: str,
    summary: str,
    act: Callable[[argparse.Namespace, Recognizer], None],
) -> argparse.ArgumentParser:
    parser: argparse.ArgumentParser = actions.add_parser(name, help=summary, description=summary)
    parser.add_argument("--model", type=Path, help="folder of a bundle (default: the bundled one)")
    parser.set_defaults(act=act)
    return parser


def _add_hand(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--hand", type=Path, required=True, metavar="FILE")


def _add_without_drawings(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "--without-drawings",
        action="store_true",
        help="keep the course of the pen in 32 points only, which still shows the shapes; such a "
        "hand serves this recogniser alone",
    )


def _learn(options: argparse.Namespace, recognizer: Recognizer) -> None:
    hand = read_hand(options.hand, recognizer) if options.hand.exists() else Hand.of(recognizer)
    before = len(hand)
    data = load_data(options.data, options.split)
    if len(data) == 0:
        raise DatasetError("{name} has no samples.").format(name=options.data)
    samples, probabilities = _own_samples(data, recognizer)
    hand.learn(samples, probabilities)
    write_hand(options.hand, hand, with_drawings=not options.without_drawings)
    new = len(hand) - before
    print(f"{options.hand}: {new:,} samples learned, {len(samples) - new:,} known already")
    _print_state(hand)


def _forget(options: argparse.Namespace, recognizer: Recognizer) -> None:
    hand = read_hand(options.hand, recognizer)
    before = len(hand)
    hand.forget([s.id for s in hand.state.samples if s.character in options.characters])
    if len(hand) == before:
        raise HandError(
            "{hand} has no sample of {characters}.", "hand report lists its characters."
        ).format(hand=options.hand.name, characters=options.characters)
    write_hand(options.hand, hand)
    print(f"{options.hand}: {before - len(hand):,} forgotten")
    _print_state(hand)


def _export(options: argparse.Namespace, recognizer: Recognizer) -> None:
    hand = read_hand(options.hand, recognizer)
    write_hand(options.to, hand, with_drawings=not options.without_drawings)
    _print_state(hand)


def _print_state(hand: Hand) -> None:
    trusted = "not trusted yet: more samples are needed" if hand.trust == 0.0 else "trusted"
    print(f"{len(hand):,} samples of {len(hand.counts)} characters, {trusted}")
    if hand.further:
        print(f"Beyond the recogniser's alphabet: {' '.join(hand.further)}")


def _report(options: argparse.Namespace, recognizer: Recognizer) -> None:
    hand = read_hand(options.hand, recognizer)
    found = hand.left_out()
    record: dict[str, Any] = {
        "samples": len(hand),
        "trust": hand.trust,
        "further": list(hand.further),
        "leave_one_out": _compared(found.characters, found.labels, found.before, found.after),
    }
    if options.data is not None:
        record["held_out"] = _held_out(hand, recognizer, load_data(options.data, options.split))
    if options.json:
        print(json_text(record))
        return
    _print_state(hand)
    for title, part in (
        ("Leave-one-out on the own samples", record["leave_one_out"]),
        ("Samples that it has not learned", record.get("held_out")),
    ):
        if part is not None:
            print(f"\n{title}\n{_text(part)}")


def _held_out(hand: Hand, recognizer: Recognizer, data: Data) -> dict[str, Any]:
    samples, probabilities = _own_samples(data, recognizer)
    new = hand.is_new([sample.id for sample in samples], data.name)
    kept = [sample for sample, is_new in zip(samples, new, strict=True) if is_new]
    adjusted = hand.adjusted(probabilities[new], [sample.ink for sample in kept])
    names = [merged(name) for name in (*hand.alphabet, *hand.further)]
    labels = [merged(sample.character) for sample in kept]
    characters = tuple(dict.fromkeys((*names, *labels)))
    groups = np.array([[name == each for each in characters] for name in names], dtype=np.float32)
    truth = np.array([characters.index(label) for label in labels], dtype=np.int64)
    before = probabilities[new] @ groups[: len(hand.alphabet)]
    return _compared(characters, truth, before, adjusted @ groups)


def _compared(
    characters: tuple[str, ...],
    labels: npt.NDArray[np.int64],
    before: Probabilities,
    after: Probabilities,
) -> dict[str, Any]:
    right = before.argmax(axis=1) == labels, after.argmax(axis=1) == labels
    improved, harmed = int((right[1] & ~right[0]).sum()), int((right[0] & ~right[1]).sum())
    by_character = [
        {
            "character": characters[index],
            "samples": int((labels == index).sum()),
            **_figures(right[0][labels == index], right[1][labels == index]),
        }
        for index in np.unique(labels).tolist()
    ]
    return {
        "samples": len(labels),
        **_figures(*right),
        "improved": improved,
        "harmed": harmed,
        "calibration_error_before": calibration_error(before, labels),
        "calibration_error_after": calibration_error(after, labels),
        "characters": by_character,
    }


def _figures(before: npt.NDArray[np.bool_], after: npt.NDArray[np.bool_]) -> dict[str, Any]:
    return {
        "before": float(before.mean()) if len(before) else None,
        "before_interval": list(accuracy_interval(before)),
        "after": float(after.mean()) if len(after) else None,
        "after_interval": list(accuracy_interval(after)),
    }


def _text(part: dict[str, Any]) -> str:
    def cells(name: str, row: dict[str, Any]) -> tuple[str, ...]:
        shown = [name, f"{row['samples']:,}"]
        for key in ("before", "after"):
            low, high = row[f"{key}_interval"]
            share = "–" if row[key] is None else f"{row[key]:.1%}"
            shown += [share, f"{low:.0%} to {high:.0%}"]
        return tuple(shown)

    heading = ("", "samples", "without", "95 % interval", "with", "95 % interval")
    rows = [heading, cells("all", part)]
    rows += [cells(row["character"], row) for row in part["characters"]]
    changed = f"Right only with the hand: {part['improved']:,}; only without: {part['harmed']:,}"
    return "\n".join([*aligned(rows), changed])


def _own_samples(data: Data, recognizer: Recognizer) -> tuple[list[OwnSample], Probabilities]:
    """Return samples, and what the network says; equal drawings have equal ids."""
    inks = inks_of(data)
    drawn = [ink for ink in inks if ink is not None]
    if drawn:
        probabilities = recognizer.ink_probabilities(drawn)
    else:
        probabilities = recognizer.probabilities(as_images(data).images)
    characters = [data.alphabet[label] for label in data.labels.tolist()]
    ids = sample_ids(data)
    known: dict[str, int] = {sample_id: row for row, sample_id in enumerate(ids)}
    rows = sorted(known.values())
    samples = [OwnSample(ids[row], characters[row], inks[row]) for row in rows]
    return samples, probabilities[rows]
