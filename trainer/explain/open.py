"""Open a model for inspection, whatever kind of file it is."""

from __future__ import annotations

import importlib.util
from pathlib import Path

import numpy as np

from trainer.evaluation.classifier import MODEL_FILES
from trainer.evaluation.input_range import InputRange
from trainer.explain.base import ModelInfo, ModelInspector
from trainer.files.paths import default_bundle
from trainer.recognition.bundle import CARD_NAME, KERAS_NAME, load_bundle

_DRAWN = 1_200
"""Samples of the starter set on which an input range is tried."""


def open_inspector(
    path: Path | None = None, alphabet: str = "", input_range: InputRange | None = None
) -> ModelInspector:
    """Open a model for inspection.

    Parameters
    ----------
    path : Path, optional
        The folder of a bundle or of a run, or a ``.keras`` or ``.tflite`` file; the bundled
        recogniser if it is None.
    alphabet : str
        The characters of a file's classes, as `trainer.evaluation.classifier.alphabet_from`
        reads them.
    input_range : InputRange, optional
        What a file's network expects of pixels; found by trying on drawn samples by default.

    Raises
    ------
    BundleError
        If nothing is there, or it cannot be loaded.
    """
    folder = path or default_bundle()
    if folder.suffix in MODEL_FILES and not folder.is_dir():
        return _open_file(folder, alphabet, input_range)
    if not (folder / CARD_NAME).is_file() and (folder / "bundle" / CARD_NAME).is_file():
        folder = folder / "bundle"
    bundle = load_bundle(folder)
    if bundle.is_classic:
        from trainer.explain.classical import ClassicalInspector

        return ClassicalInspector(bundle)
    keras_file = folder / KERAS_NAME
    if keras_file.is_file() and importlib.util.find_spec("keras") is not None:
        from trainer.evaluation.keras_classifier import load_keras
        from trainer.explain.keras import KerasInspector

        return KerasInspector(load_keras(keras_file), ModelInfo.of_bundle(bundle))
    from trainer.explain.litert import LiteRtInspector

    return LiteRtInspector(bundle.model_file, ModelInfo.of_bundle(bundle))


def _open_file(path: Path, alphabet: str, input_range: InputRange | None) -> ModelInspector:
    from trainer.datasets.synthetic.starter import make_starter
    from trainer.evaluation.classifier import open_classifier
    from trainer.evaluation.range_trial import settle_input_range

    classifier = open_classifier(path, alphabet, input_range)
    if input_range is None:
        drawn = make_starter(_DRAWN)["train"]
        known = np.isin(drawn.alphabet, classifier.alphabet)[drawn.labels]
        if known.any():
            settle_input_range(classifier, drawn.select(known), None)
    info = ModelInfo(
        path.stem,
        classifier.alphabet,
        classifier.image_shape,
        input_range=classifier.input_range or InputRange.BYTES,
    )
    if classifier.kind == "keras":
        from trainer.evaluation.keras_classifier import KerasClassifier
        from trainer.explain.keras import KerasInspector

        assert isinstance(classifier, KerasClassifier)  # noqa: S101 - for its network
        return KerasInspector(classifier.network, info)
    from trainer.explain.litert import LiteRtInspector

    return LiteRtInspector(path, info)
