"""``python -m trainer serve``: a recogniser as a server, JSON lines in and out.

For recognisers that the window cannot load itself. Each line on standard input is a request,
``{"image": …}`` or ``{"images": [ … ]}``; an image is base64 of its bytes, row by row, or a list
of rows. Each response is a line, ``{"probabilities": …}`` or ``{"error": …, "hint": …}``. The
first line is ``{"ready": true, …}``; the end of the input ends the program.
"""

from __future__ import annotations

import argparse
import base64
import binascii
import sys
from pathlib import Path
from typing import Any

import numpy as np

from trainer.commands.options.arguments import request_lines
from trainer.errors import BundleError, Message, TrainerError
from trainer.files.paths import default_bundle
from trainer.files.records import json_text, parse
from trainer.ink.render import Images
from trainer.recognition.bundle import load_bundle
from trainer.recognition.recognizer import Recognizer


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Add the options."""
    parser.add_argument("--model", type=Path, help="folder of a bundle (default: the bundled one)")


def run(options: argparse.Namespace) -> int:
    """Answer requests until the input ends; return 0."""
    bundle = load_bundle(options.model or default_bundle())
    recognizer = Recognizer(bundle)
    recognizer.probabilities(np.zeros((1, *bundle.image_shape), dtype=np.uint8))
    _send({"ready": True, "name": bundle.name, "alphabet": bundle.alphabet})
    for line in request_lines():
        _send(_respond(line, recognizer))
    return 0


def _respond(line: bytes, recognizer: Recognizer) -> dict[str, Any]:
    try:
        request = parse(line)
        shape = recognizer.bundle.image_shape
        if "images" in request:
            images = np.stack([_image(each, shape) for each in request["images"]])
            return {"probabilities": recognizer.probabilities(images).tolist()}
        image = _image(request["image"], shape)
        return {"probabilities": recognizer.probabilities(image[None])[0].tolist()}
    except TrainerError as error:
        return {"error": error.message, "hint": error.hint}
    except (ValueError, TypeError, KeyError, binascii.Error) as error:
        return {
            "error": Message(
                'Expected a line like {"image": …}. Received: {reason}.', reason=error
            ),
            "hint": Message(
                "An image is base64 of its bytes, or a list of rows of numbers to 255."
            ),
        }


def _image(value: Any, shape: tuple[int, int]) -> Images:
    """Return one image of shape (height, width), dtype=uint8; a list may have another size."""
    if isinstance(value, str):
        data = base64.b64decode(value, validate=True)
        if len(data) != shape[0] * shape[1]:
            raise BundleError(
                "Expected {n_bytes} bytes of an image of {height}×{width} pixels. "
                "Received: {n_received}."
            ).format(
                n_bytes=shape[0] * shape[1], height=shape[0], width=shape[1], n_received=len(data)
            )
        return np.frombuffer(data, dtype=np.uint8).reshape(shape)
    values = np.asarray(value, dtype=np.float64)
    if values.size == shape[0] * shape[1]:
        values = values.reshape(shape)
    if values.ndim != 2 or not values.size or not np.all((values >= 0) & (values <= 255)):
        raise BundleError("Expected an image of {height}×{width} pixels from 0 to 255.").format(
            height=shape[0], width=shape[1]
        )
    return np.rint(values).astype(np.uint8)


def _send(record: dict[str, Any]) -> None:
    sys.stdout.write(json_text(record) + "\n")
    sys.stdout.flush()
