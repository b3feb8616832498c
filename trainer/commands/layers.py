"""``python -m trainer layers``: show what the layers of a network see.

Without a picture the graph of the model is printed. With ``--image``, ``--ink`` or ``--data`` the
layers' maps of one sample are summed up, and ``--out`` writes them as a sheet.

With ``--serve`` the program answers JSON lines until its input ends. The first line that it
prints is the model: ``{"ready": true, "name": …, "alphabet": […], "layers": […], "cannot": {…}}``.
Each question has an ``id`` of the asker's choice, which the answer repeats::

    {"id": 1, "open": {"data": "starter", "split": "test"}}
    {"id": 2, "look": {"image": BASE64 or rows, "height": 28, "width": 28,
                       "layers": ["conv2d"] or "all", "occlusion": true, "gradient": true,
                       "target": "S", "place": true}}
    {"id": 3, "look": {"sample": 17}}
    {"id": 4, "filters": {}}
    {"id": 5, "sheet": {"out": "sheet.png" or "page.html", "sample": 17}}
    {"id": 6, "map": {"method": "pca" or "tsne", "samples": 2000, "seed": 0, "perplexity": 30}}
    {"cancel": 6}

Answers are ``{"id": 2, "look": {…}}`` and so on, or ``{"id": 2, "error": …, "hint": …}``. A map
says how far it is in lines ``{"id": 6, "done": 3, "total": 10, "phase": …}``. Maps are bytes in
base64: grey levels, with the lowest and the highest value of each.
"""

from __future__ import annotations

import argparse
import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any, TextIO

import numpy as np
import numpy.typing as npt

from trainer.commands.arguments import positive
from trainer.commands.progress import ProgressLines, add_progress_argument
from trainer.errors import ConfigError, InkError, PictureError
from trainer.files.records import RecordError, json_text, parse
from trainer.ink.picture import open_picture, single_character
from trainer.ink.render import ink_to_image
from trainer.ink.strokes import Ink
from trainer.recognition.recognizer import resized

if TYPE_CHECKING:
    from trainer.explain.base import LayerMaps, ModelInspector
    from trainer.explain.inspect import Inspection

_LONGEST_LINE = 1 << 26
_METHODS = ("pca", "tsne")


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Add the options."""
    parser.formatter_class = argparse.RawDescriptionHelpFormatter
    parser.epilog = (__doc__ or "").partition("\n\n")[2].replace("``", "").replace("::", ":")
    parser.add_argument(
        "--model",
        type=Path,
        help="folder of a run or a bundle, or a .keras or .tflite file (default: the bundled one)",
    )
    parser.add_argument("--alphabet", default="", help="the characters of a file's classes")
    parser.add_argument("--serve", action="store_true", help="answer JSON lines")
    parser.add_argument("--image", type=Path, help="a picture of one character")
    parser.add_argument("--ink", type=Path, help="an ink .json")
    parser.add_argument("--data", default="", help="take a sample, or the map's, from this dataset")
    parser.add_argument("--split", default="", help="default: test where there is one, else all")
    parser.add_argument("--index", type=int, default=0, help="which sample (default: the first)")
    parser.add_argument("--layers", nargs="*", metavar="NAME", help="only these (default: all)")
    parser.add_argument(
        "--target", default="", help="what the occlusion and gradient maps are about"
    )
    parser.add_argument("--map", choices=_METHODS, help="lay many samples of --data out in a plane")
    parser.add_argument("--samples", type=positive, default=2000, help="of the map (default: 2000)")
    parser.add_argument("--seed", type=int, default=0, help="of the map (default: 0)")
    parser.add_argument("--perplexity", type=float, default=30.0, help="of t-SNE (default: 30)")
    parser.add_argument("--out", type=Path, metavar="FILE", help="write a sheet .png or .html")
    parser.add_argument("--json", action="store_true", help="print one JSON object")
    add_progress_argument(parser)


def run(options: argparse.Namespace) -> int:
    """Serve, or look once and print; return 0."""
    # The questions are small: xgboost's threads would wait for one another, and for a training
    # beside, longer than they compute.
    os.environ.setdefault("OMP_NUM_THREADS", "1")
    with _own_output() as output:
        if options.serve:
            _serve(options, output)
        else:
            _inspect_once(options, output)
    return 0


@contextmanager
def _own_output() -> Iterator[TextIO]:
    """Keep standard output for answers: what libraries print goes to standard error."""
    output, sys.stdout = sys.stdout, sys.stderr
    try:
        yield output
    finally:
        sys.stdout = output


def _serve(options: argparse.Namespace, output: TextIO) -> None:
    from trainer.explain.open import open_inspector
    from trainer.explain.service import LayerService

    def say(record: dict[str, Any]) -> None:
        output.write(json_text(record) + "\n")
        output.flush()

    service = LayerService(open_inspector(options.model, options.alphabet), say)
    service.introduce()
    if options.data:
        service.handle({"id": None, "open": {"data": options.data, "split": options.split}})
    try:
        for line in iter(lambda: sys.stdin.buffer.readline(_LONGEST_LINE), b""):
            if line.strip():
                service.handle(_question(line))
    finally:
        service.close()


def _question(line: bytes) -> Any:
    """Return a question, or what is none."""
    try:
        return parse(line)
    except RecordError:
        return None


def _inspect_once(options: argparse.Namespace, output: TextIO) -> None:
    from trainer.explain.open import open_inspector

    _check(options)
    inspector = open_inspector(options.model, options.alphabet)
    record, text = _graph(inspector)
    if options.map:
        record["map"] = _map(options, inspector)
        n = len(record["map"]["points"])
        text += f"\n\n{n:,} samples laid out; --json prints their places, --out draws them"
    elif options.image or options.ink or options.data:
        inspection, filters = _inspect(options, inspector)
        record["look"] = _inspection_summary(inspection)
        text += "\n\n" + _inspection_text(inspection)
        if options.out:
            from trainer.explain.figure import write_sheet

            write_sheet(options.out, inspector, inspection, filters)
    if options.out:
        record["out"] = str(options.out)
        text += f"\n{options.out}"
    output.write((json_text(record) if options.json else text) + "\n")
    output.flush()


def _check(options: argparse.Namespace) -> None:
    given = [name for name in ("image", "ink", "data") if getattr(options, name)]
    if len(given) > 1:
        raise ConfigError(
            "Expected one of --image, --ink and --data. Received: {given}.", field="image"
        ).format(given=", ".join(given))
    if options.map and not options.data:
        raise ConfigError("A map needs the samples of a dataset.", "Name it with --data.")
    if options.out:
        from trainer.explain.figure import check_format

        check_format(options.out)
        if not given:
            raise ConfigError(
                "Nothing is shown on the sheet.", "Name a picture with --image, --ink or --data."
            )


def _graph(inspector: ModelInspector) -> tuple[dict[str, Any], str]:
    from trainer.explain.inspect import model_record

    record = model_record(inspector)
    record.pop("ready")
    lines = [f"{inspector.info.name}: {record['parameters']:,} parameters, {inspector.kind}", ""]
    lines.append(f"{'layer':24} {'kind':20} {'shape':>14} {'parameters':>12}  takes from")
    for layer in inspector.graph:
        shape = "×".join(map(str, layer.shape)) or "–"
        lines.append(
            f"{layer.name:24} {layer.kind:20} {shape:>14} {layer.parameters:>12,}  "
            f"{', '.join(layer.inputs)}".rstrip()
        )
    lines += [f"No {view} map: {error}" for view, error in inspector.unsupported.items()]
    return record, "\n".join(lines)


def _inspect(
    options: argparse.Namespace, inspector: ModelInspector
) -> tuple[Inspection, LayerMaps | None]:
    from trainer.explain.inspect import inspect_all

    names = None if options.layers is None else tuple(options.layers)
    return inspect_all(inspector, _image(options, inspector), options.target, names)


def _image(options: argparse.Namespace, inspector: ModelInspector) -> npt.NDArray[np.uint8]:
    """Return the image that is asked about, in the model's size."""
    if options.data:
        from trainer.explain.samples import ExplainedData

        selected = ExplainedData(options.data, options.split, inspector.info).one(options.index)
        sample: npt.NDArray[np.uint8] = selected.images[0]
        return sample
    if options.ink:
        try:
            text = options.ink.read_bytes()
        except OSError as error:
            reason = error.strerror or str(error)
            raise InkError("{path} cannot be read: {reason}.", "Check the path.").format(
                path=options.ink, reason=reason
            ) from error
        image = ink_to_image(Ink.from_json(text), inspector.info.pen_width)
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
    from trainer.explain.embedding_map import MapRequest, make_embedding_map, map_record
    from trainer.explain.samples import ExplainedData

    request = MapRequest(options.map, options.samples, options.seed, options.perplexity)
    samples = ExplainedData(options.data, options.split, inspector.info)
    progress = ProgressLines(options.progress)
    embedding_map = make_embedding_map(
        request, samples, inspector.embedding, None, progress, lambda: None
    )
    if options.out:
        from trainer.explain.figure import write_map

        write_map(options.out, inspector, embedding_map, options.map, samples.alphabet)
    record = map_record(embedding_map, options.map, samples.alphabet)
    record.pop("images")
    return record


def _inspection_summary(inspection: Inspection) -> dict[str, Any]:
    from trainer.explain.inspect import inspection_record

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
    """Return how many maps are the same everywhere, or units 0: nothing here wakes them."""
    if layer.is_flat:
        return int((layer.maps == 0).sum())
    return int((np.ptp(layer.maps, axis=(1, 2)) == 0).sum())


def _inspection_text(inspection: Inspection) -> str:
    ranked = "  ".join(f"{character} {share:.1%}" for character, share in inspection.top)
    lines = [f"read as  {ranked or '(a blank picture)'}", ""]
    lines.append(f"{'layer':24} {'maps':>6} {'size':>9} {'from':>10} {'to':>10} {'silent':>7}")
    for layer in inspection.layers:
        n, height, width = layer.maps.shape
        count, size = (width, "–") if layer.is_flat else (n, f"{height}×{width}")
        low, high = float(layer.maps.min()), float(layer.maps.max())
        lines.append(
            f"{layer.name:24} {count:>6} {size:>9} {low:>10.3g} {high:>10.3g} {_silent(layer):>7}"
        )
    return "\n".join(lines)
