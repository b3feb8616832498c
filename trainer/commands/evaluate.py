"""``python -m trainer evaluate``: the report of a model on a dataset, or on lines of text."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from typing import Any

from trainer.commands.options.arguments import (
    add_hand_argument,
    add_model_arguments,
    aligned,
    positive,
    refuse_alphabet,
    refuse_for_lines,
)
from trainer.commands.options.progress import ProgressLines, add_progress_argument
from trainer.datasets.load import load_data
from trainer.datasets.samples import Data, inks_of, of_writer, sample_ids
from trainer.errors import ConfigError, DatasetError
from trainer.evaluation.classifier import (
    BundleClassifier,
    Classifier,
    open_classifier,
    shared_alphabet,
)
from trainer.evaluation.ensemble import EnsembleClassifier
from trainer.evaluation.input_range import InputRange
from trainer.evaluation.lines import LETTER_CASES, evaluate_lines, read_labelled_lines
from trainer.evaluation.range_trial import FoundRange, settle_input_range
from trainer.evaluation.report.html import report_html
from trainer.evaluation.report.predict import predict_all, threads_for
from trainer.evaluation.report.report import Report, make_report
from trainer.evaluation.report.text import report_text
from trainer.files.paths import replacing
from trainer.files.records import json_text
from trainer.hand.hand import Hand
from trainer.hand.hand_file import read_hand
from trainer.recognition.language import TextLanguage
from trainer.recognition.line_reader import LineReader
from trainer.runs.test_result import look_text, record_test


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Add the options."""
    add_model_arguments(parser)
    given = parser.add_mutually_exclusive_group(required=True)
    given.add_argument("--data", help="a dataset of the catalogue, a pen archive, IDX images, …")
    given.add_argument(
        "--lines",
        type=Path,
        metavar="FILE",
        help="lines of text: an archive of words, or of characters in words, of which random codes "
        "are made (.npz), or inks with their texts (.jsonl); prints character error rates",
    )
    parser.add_argument(
        "--ensemble",
        type=Path,
        nargs="+",
        metavar="MODEL",
        help="average the probabilities of --model with those of these models",
    )
    parser.add_argument(
        "--limit", type=positive, metavar="N", help="a random sample of N lines (default: all)"
    )
    parser.add_argument(
        "--language",
        type=TextLanguage,
        choices=list(TextLanguage),
        default=TextLanguage.BOTH,
        help="of lines, which are also read without: en, de, both (default), or none",
    )
    parser.add_argument("--split", default="", help="default: test where there is one, else all")
    parser.add_argument(
        "--pen-widths",
        type=float,
        nargs="+",
        metavar="PX",
        help="render inks at these widths and average (default: as the bundle says)",
    )
    parser.add_argument(
        "--per-class", action="store_true", help="print the figures of each class, too"
    )
    parser.add_argument(
        "--per-writer", action="store_true", help="print the figures of each writer, too"
    )
    parser.add_argument(
        "--writer", default="", metavar="NAME", help="evaluate the samples of one writer only"
    )
    parser.add_argument("--json", action="store_true", help="print one JSON object")
    parser.add_argument(
        "--out",
        type=Path,
        metavar="DIR",
        help="save the figures (report.json) and the prediction for each sample (predictions.npz)",
    )
    parser.add_argument("--html", type=Path, metavar="FILE", help="write the report as one page")
    add_hand_argument(parser)
    add_progress_argument(parser)


def run(options: argparse.Namespace) -> int:
    """Evaluate, write and print; return 0."""
    _check(options)
    progress = ProgressLines(options.progress)
    progress(0, 0, "Loading")
    classifier = _open(options)
    if options.lines is not None:
        return _run_lines(options, classifier, progress)
    data = load_data(options.data, options.split)
    if len(data) == 0:
        raise DatasetError("{name} has no samples.").format(name=options.data)
    if options.writer:
        data = of_writer(data, options.writer)
    hand = None if options.hand is None else _hand_of(options.hand, classifier)
    if hand is not None:
        _warn_of_learned(hand, data)
    alphabet = (*classifier.alphabet, *(hand.further if hand else ()))
    shared_alphabet(alphabet, data)  # raises an error before the work
    threads = threads_for(classifier.kind, len(data))
    found = settle_input_range(classifier, data, options.input_range)
    given = classifier.input_range
    others = (_open(options, given) for _ in range(1, threads))
    predictions = predict_all(
        data,
        [classifier, *others],
        options.pen_widths or classifier.pen_widths,
        lambda done, total: progress(done, total, "Reading samples"),
    )
    probabilities = predictions.probabilities
    if hand is not None:
        probabilities = hand.adjusted(probabilities, inks_of(data))
    report = make_report(alphabet, probabilities, data)
    about = _about(classifier, data, options, predictions.seconds, found)
    report = Report({**about, **report.figures}, report.predictions)
    tested = None
    if hand is None and not options.writer and not options.ensemble:
        tested = record_test(classifier.folder, options.data, options.split, report.figures)
    if options.out:
        with _writing(options.out):
            report.save(options.out)
    if options.html:
        with _writing(options.html), replacing(options.html) as temporary:
            temporary.write_text(report_html(report.figures), encoding="utf-8")
    text = report_text(
        report.figures, has_classes=options.per_class, has_writers=options.per_writer
    )
    if tested is not None:
        text += f"\n\n{look_text(tested)}"
    print(json_text(report.figures) if options.json else text)
    return 0


def _open(options: argparse.Namespace, input_range: InputRange | None = None) -> Classifier:
    classifier = open_classifier(options.model, options.alphabet, input_range)
    if not options.ensemble:
        return classifier
    others = [open_classifier(each, options.alphabet) for each in options.ensemble]
    return EnsembleClassifier([classifier, *others])


def _run_lines(options: argparse.Namespace, classifier: Classifier, progress: ProgressLines) -> int:
    if not isinstance(classifier, BundleClassifier):
        raise ConfigError(
            "Lines are read by the recogniser of a bundle; {model} is the file of a network.",
            "Name the folder of a bundle.",
            field="model",
        ).format(model=classifier.name)
    lines = read_labelled_lines(options.lines, options.limit)
    if options.hand is not None:
        classifier.recognizer.memory = read_hand(options.hand, classifier.recognizer)
    figures = evaluate_lines(
        LineReader(classifier.recognizer, options.language),
        lines,
        lambda done, total: progress(done, total, "Reading lines"),
    )
    hand = {} if options.hand is None else {"hand": options.hand.name}
    figures = {"model": classifier.name, **hand, "data": str(options.lines), **figures}
    print(json_text(figures) if options.json else "\n".join(_line_text(figures)))
    return 0


def _line_text(figures: dict[str, Any]) -> Iterator[str]:
    """Yield a table of the error rates of lines."""
    hand = f" with {figures['hand']}" if "hand" in figures else ""
    yield f"{figures['model']}{hand} on {figures['data']}"
    for language in filter(figures.__contains__, TextLanguage):
        found = figures[language]
        yield ""
        yield f"language {language}: {found['milliseconds']:g} ms a line"
        rows = [("", "lines", "writers", "character error rate", "", "words right", "")]
        for name in filter(found.__contains__, ("printed", "joined", "all")):
            for case in LETTER_CASES:
                rates = found[name][case]
                rows.append(
                    (
                        f"{name}, {case}",
                        f"{found[name]['lines']:,}",
                        f"{found[name]['writers'] or '–'}",
                        f"{rates['character_error_rate']:.1%}",
                        "{:.1%} to {:.1%}".format(*rates["character_error_interval"]),
                        f"{rates['words_right']:.1%}",
                        "{:.1%} to {:.1%}".format(*rates["words_right_interval"]),
                    )
                )
        yield from aligned(rows)
        every = found["all"]
        error = every["calibration_error"]
        if error is not None:
            yield f"calibration error of the probabilities of words: {error:.1%}"
        yield "spaces: {written} written, {missed} of them missed, {added} added".format(
            **every["spaces"]
        )


def _hand_of(path: Path, classifier: Classifier) -> Hand:
    if not isinstance(classifier, BundleClassifier):
        raise ConfigError(
            "A hand belongs to a bundle; {model} is the file of a network.",
            "Leave --hand out, or name the folder of a bundle.",
            field="hand",
        ).format(model=classifier.name)
    return read_hand(path, classifier.recognizer)


def _warn_of_learned(hand: Hand, data: Data) -> None:
    """Say on standard error that the hand knows some of the samples; refuse if it knows all."""
    n_known = len(data) - int(hand.is_new(sample_ids(data), data.name).sum())
    if n_known:
        print(
            f"The hand has learned {n_known:,} of the {len(data):,} samples: of others it will "
            "read fewer.",
            file=sys.stderr,
        )


def _about(
    classifier: Classifier,
    data: Data,
    options: argparse.Namespace,
    seconds: float,
    found: FoundRange | None,
) -> dict[str, Any]:
    how = {} if found is None else {"input_range": found.name, "input_range_from": found.how}
    return {
        **how,
        "model": classifier.name,
        **({} if options.hand is None else {"hand": options.hand.name}),
        **({"writer": options.writer} if options.writer else {}),
        "data": data.name,
        "made": datetime.now().astimezone().isoformat(timespec="seconds"),
        "source": {
            "model": str(classifier.folder.absolute()),
            "data": options.data,
            "split": options.split,
        },
        "kind": classifier.kind,
        "parameters": classifier.parameters,
        "size_bytes": classifier.size_bytes,
        "microseconds_per_image": 1e6 * seconds / len(data),
    }


def _check(options: argparse.Namespace) -> None:
    if options.lines is not None:
        given = {
            "--out": options.out,
            "--html": options.html,
            "--split": options.split,
            "--writer": options.writer,
            "--per-class": options.per_class,
            "--per-writer": options.per_writer,
            "--ensemble": options.ensemble,
            "--pen-widths": options.pen_widths,
            "--alphabet": options.alphabet,
            "--input-range": options.input_range,
        }
        refuse_for_lines(given)
    if options.lines is None and options.limit is not None:
        raise ConfigError(
            "--limit is for lines. Received: --data {data}.",
            "Leave --limit out.",
            field="limit",
        ).format(data=options.data)
    if options.alphabet:
        refuse_alphabet(options.model, *(options.ensemble or ()))
    if options.out and options.out.exists() and not options.out.is_dir():
        raise ConfigError(
            "Expected a folder after --out. Received: the file {out}.",
            "Name a folder, new or old.",
            field="out",
        ).format(out=options.out)
    if options.html and options.html.is_dir():
        raise ConfigError(
            "Expected a file after --html. Received: the folder {html}.",
            "Add a name such as report.html.",
            field="html",
        ).format(html=options.html)
    if options.pen_widths and min(options.pen_widths) <= 0:
        raise ConfigError(
            "Expected pen widths above 0 px. Received: {pen_widths}.",
            "EMNIST's pen is 2.9 px wide.",
            field="pen_widths",
        ).format(pen_widths=f"{min(options.pen_widths):g}")


@contextmanager
def _writing(path: Path) -> Iterator[None]:
    try:
        yield
    except OSError as error:
        raise DatasetError(
            "The report cannot be written to {path}: {reason}.",
            "Free some space, or choose another place.",
        ).format(path=path, reason=error.strerror or error) from error
