"""``python -m trainer layers``: show the feature maps of a network.

Without a picture it prints the graph of the model. With ``--image``, ``--ink`` or ``--data`` it
summarises the feature maps of one sample, and ``--out`` writes them as a figure.

With ``--serve`` the program answers requests, JSON lines, until its input ends. Its first line
describes the model: ``{"ready": true, "name": …, "alphabet": […], "layers": […], "cannot": {…}}``.
Each request has an ``id`` of the client's choice, which the response repeats::

    {"id": 1, "open": {"data": "starter", "split": "test"}}
    {"id": 2, "look": {"image": BASE64 or rows, "height": 28, "width": 28,
                       "layers": ["conv2d"] or "all", "occlusion": true, "gradient": true,
                       "target": "S", "place": true}}
    {"id": 3, "look": {"sample": 17}}
    {"id": 4, "filters": {}}
    {"id": 5, "sheet": {"out": "sheet.png" or "page.html", "sample": 17}}
    {"id": 6, "map": {"method": "pca" or "tsne", "samples": 2000, "seed": 0, "perplexity": 30}}
    {"cancel": 6}

Responses are ``{"id": 2, "look": {…}}`` and so on, or ``{"id": 2, "error": …, "hint": …}``. A map
reports its progress in lines ``{"id": 6, "done": 3, "total": 10, "phase": …}``. Feature maps are
grey levels, bytes in base64, with the lowest and the highest value of each.
"""

from __future__ import annotations

import argparse
import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, TextIO

import numpy as np
import numpy.typing as npt

from trainer.commands.options.arguments import (
    add_model_arguments,
    positive,
    refuse_alphabet,
    request_lines,
)
from trainer.commands.options.progress import ProgressLines, add_progress_argument
from trainer.commands.recognize import open_ink
from trainer.errors import ConfigError, PictureError
from trainer.explain.base import LayerMaps, ModelInspector
from trainer.explain.embedding_map import METHODS, MapRequest, make_embedding_map, map_record
from trainer.explain.figure import check_format, write_map, write_sheet
from trainer.explain.inspect import Inspection, inspect_all, inspection_record, model_record
from trainer.explain.open import open_inspector
from trainer.explain.samples import ExplainedData
from trainer.explain.service import LayerService
from trainer.files.records import RecordError, json_text, parse
from trainer.ink.picture import single_character
from trainer.ink.picture_file import open_picture
from trainer.ink.render import ink_to_image
from trainer.ink.strokes import Ink
from trainer.recognition.recognizer import resized


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Add the options."""
    parser.formatter_class = argparse.RawDescriptionHelpFormatter
    parser.epilog = (__doc__ or "").partition("\n\n")[2].replace("``", "").replace("::", ":")
    add_model_arguments(parser)
    parser.add_argument("--serve", action="store_true", help="answer requests as JSON lines")
    parser.add_argument("--image", type=Path, help="a picture of one character")
    parser.add_argument("--ink", type=Path, help="an ink .json")
    parser.add_argument(
        "--data", default="", help="use a sample, or those of the map, of this dataset"
    )
    parser.add_argument("--split", default="", help="default: test where there is one, else all")
    parser.add_argument("--index", type=int, help="index of the sample (default: 0)")
    parser.add_argument("--layers", nargs="*", metavar="NAME", help="only these (default: all)")
    parser.add_argument("--target", default="", help="character of the occlusion and gradient maps")
    parser.add_argument("--map", choices=METHODS, help="embedding map of samples of --data")
    parser.add_argument("--samples", type=positive, help="samples of the map (default: 2000)")
    parser.add_argument("--seed", type=int, help="seed of the map (default: 0)")
    parser.add_argument("--perplexity", type=float, help="of t-SNE (default: 30)")
    parser.add_argument("--out", type=Path, metavar="FILE", help="write a figure, .png or .html")
    parser.add_argument("--json", action="store_true", help="print one JSON object")
    add_progress_argument(parser)


def run(options: argparse.Namespace) -> int:
    """Answer requests, or inspect one sample and print; return 0."""
    # The requests are small: xgboost's threads would wait for one another, and for a training in
    # parallel, longer than they compute.
    os.environ.setdefault("OMP_NUM_THREADS", "1")
    with _own_output() as output:
        if options.serve:
            _serve(options, output)
        else:
            _inspect_once(options, output)
    return 0


@contextmanager
def _own_output() -> Iterator[TextIO]:
    """Keep standard output for responses: the output of libraries goes to standard error."""
    output, sys.stdout = sys.stdout, sys.stderr
    try:
        yield output
    finally:
        sys.stdout = output


def _serve(options: argparse.Namespace, output: TextIO) -> None:
    def send(record: dict[str, Any]) -> None:
        output.write(json_text(record) + "\n")
        output.flush()

    service = LayerService(
        open_inspector(options.model, options.alphabet, options.input_range), send
    )
    service.introduce()
    if options.data:
        service.handle({"id": None, "open": {"data": options.data, "split": options.split}})
    try:
        for line in request_lines():
            try:
                service.handle(parse(line))
            except RecordError:
                service.handle(None)  # answered with an error
    finally:
        service.close()


def _inspect_once(options: argparse.Namespace, output: TextIO) -> None:
    _check(options)
    inspector = open_inspector(options.model, options.alphabet, options.input_range)
    record, text = _graph(inspector)
    if options.map:
        record["map"] = _map(options, inspector)
        n = len(record["map"]["points"])
        text += f"\n\n{n:,} samples; --json prints their coordinates, --out draws them"
    elif options.image or options.ink or options.data:
        names = None if options.layers is None else tuple(options.layers)
        image = _image(options, inspector)
        inspection, filters = inspect_all(inspector, image, options.target, names)
        record["look"] = _inspection_summary(inspection)
        text += "\n\n" + _inspection_text(inspection)
        if options.out:
            write_sheet(options.out, inspector, inspection, filters)
    if options.out:
        record["out"] = str(options.out)
        text += f"\n{options.out}"
    output.write((json_text(record) if options.json else text) + "\n")
    output.flush()


_MEANT_FOR = {"data": ("split", "index"), "map": ("samples", "seed", "perplexity")}
"""Options that say more about another one."""


def _check(options: argparse.Namespace) -> None:
    given = [name for name in ("image", "ink", "data") if getattr(options, name)]
    if len(given) > 1:
        raise ConfigError(
            "Expected one of --image, --ink and --data. Received: {given}.", field="image"
        ).format(given=", ".join(given))
    if options.map and not options.data:
        raise ConfigError("A map needs the samples of a dataset.", "Name it with --data.")
    if options.alphabet:
        refuse_alphabet(options.model)
    for other, names in _MEANT_FOR.items():
        useless = [f"--{name}" for name in names if getattr(options, name) not in (None, "")]
        if useless and not getattr(options, other):
            raise _useless(", ".join(useless), f"--{other}")
    if options.perplexity is not None and options.map != "tsne":
        raise _useless("--perplexity", "--map tsne")
    if options.out:
        check_format(options.out)
        if not given:
            raise ConfigError(
                "Nothing is shown on the sheet.", "Name a picture with --image, --ink or --data."
            )


def _useless(options: str, other: str) -> ConfigError:
    return ConfigError(
        "{options} means nothing without {other}.", "Add that, or leave it out."
    ).format(options=options, other=other)


def _graph(inspector: ModelInspector) -> tuple[dict[str, Any], str]:
    record = model_record(inspector)
    record.pop("ready")
    size = f"{record['parameters']:,} parameters, " if record["parameters"] else ""
    lines = [f"{inspector.info.name}: {size}{inspector.kind}", ""]
    lines.append(f"{'layer':24} {'kind':20} {'shape':>14} {'parameters':>12}  takes from")
    for layer in inspector.graph:
        shape = "×".join(map(str, layer.shape)) or "–"
        lines.append(
            f"{layer.name:24} {layer.kind:20} {shape:>14} {layer.parameters:>12,}  "
            f"{', '.join(layer.inputs)}".rstrip()
        )
    lines += [f"No {view} map: {error}" for view, error in inspector.unsupported.items()]
    return record, "\n".join(lines)


def _image(options: argparse.Namespace, inspector: ModelInspector) -> npt.NDArray[np.uint8]:
    """Return the image that is asked about, in the model's size."""
    if options.data:
        samples = ExplainedData(options.data, options.split, inspector.info)
        selected = samples.one(options.index or 0)
        sample: npt.NDArray[np.uint8] = selected.images[0]
        return sample
    if options.ink:
        with open_ink(options.ink) as stream:
            ink = Ink.from_json(stream.read())
        image = ink_to_image(ink, inspector.info.pen_width)
    else:
        found = single_character(open_picture(options.image))
        if found is None:
            raise PictureError("{image} shows no character.", "Choose another one.").format(
                image=options.image.name
            )
        image = found.image
    fitted: npt.NDArray[np.uint8] = resized(image[None], inspector.info.image_shape)[0]
    return fitted


def _map(options: argparse.Namespace, inspector: ModelInspector) -> dict[str, Any]:
    given = {name: getattr(options, name) for name in _MEANT_FOR["map"]}
    given = {name: value for name, value in given.items() if value is not None}
    request = MapRequest(options.map, **given)
    samples = ExplainedData(options.data, options.split, inspector.info)
    progress = ProgressLines(options.progress)
    embedding_map = make_embedding_map(
        request, samples, inspector.embedding, None, progress, lambda: None
    )
    if options.out:
        write_map(options.out, inspector, embedding_map, options.map, samples.alphabet)
    record = map_record(embedding_map, options.map, samples.alphabet)
    record.pop("images")
    return record


def _inspection_summary(inspection: Inspection) -> dict[str, Any]:
    record = inspection_record(inspection)
    record.pop("image")
    record["layers"] = [
        {
            "name": layer.name,
            "shape": list(layer.maps.shape),
            "low": float(layer.maps.min()),
            "high": float(layer.maps.max()),
            "mean": float(layer.maps.mean()),
            "silent": _silent(layer),
        }
        for layer in inspection.layers
    ]
    return record


def _silent(layer: LayerMaps) -> int:
    """Return the number of constant maps, or of units that are 0: not active for this image."""
    if layer.is_flat:
        return int((layer.maps == 0).sum())
    return int((np.ptp(layer.maps, axis=(1, 2)) == 0).sum())


def _inspection_text(inspection: Inspection) -> str:
    ranked = "  ".join(f"{character} {share:.1%}" for character, share in inspection.top)
    lines = [f"prediction  {ranked or '(a blank picture)'}", ""]
    lines.append(f"{'layer':24} {'maps':>6} {'size':>9} {'from':>10} {'to':>10} {'silent':>7}")
    for layer in inspection.layers:
        n, height, width = layer.maps.shape
        count, size = (width, "–") if layer.is_flat else (n, f"{height}×{width}")
        low, high = float(layer.maps.min()), float(layer.maps.max())
        lines.append(
            f"{layer.name:24} {count:>6} {size:>9} {low:>10.3g} {high:>10.3g} {_silent(layer):>7}"
        )
    return "\n".join(lines)
