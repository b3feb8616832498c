"""Open a model for inspection, whatever kind of file it is."""

from __future__ import annotations

import importlib.util
from pathlib import Path

from trainer.errors import BundleError
from trainer.explain.base import ModelInfo, ModelInspector
from trainer.files.paths import default_bundle
from trainer.recognition.bundle import CARD_NAME, KERAS_NAME, load_bundle


def open_inspector(path: Path | None = None, alphabet: str = "") -> ModelInspector:
    """Open a model for inspection.

    Parameters
    ----------
    path : Path, optional
        The folder of a bundle or of a run, or a ``.keras`` or ``.tflite`` file; the bundled
        recogniser if it is None.
    alphabet : str
        The characters of a file's classes, as `trainer.evaluation.classifier.alphabet_from`
        reads them.

    Raises
    ------
    BundleError
        If nothing is there, or it cannot be loaded.
    """
    folder = path or default_bundle()
    if folder.suffix in (".keras", ".tflite") and not folder.is_dir():
        return _open_file(folder, alphabet)
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


def _open_file(path: Path, alphabet: str) -> ModelInspector:
    from trainer.evaluation.classifier import alphabet_from, check_keras
    from trainer.evaluation.outputs import check_outputs, image_shape_of

    if not path.is_file():
        raise BundleError("There is no {path}.", "Check the path after --model.").format(path=path)
    characters = alphabet_from(alphabet)
    if path.suffix == ".keras":
        check_keras(path)
        from trainer.evaluation.keras_classifier import default_full_ink, load_keras
        from trainer.explain.keras import KerasInspector

        network = load_keras(path)
        shape, _ = image_shape_of(network.input_shape, path.name)
        check_outputs(tuple(network.output_shape[1:]), characters, path.name)
        full_ink = default_full_ink(network)
        return KerasInspector(network, ModelInfo(path.stem, characters, shape, full_ink=full_ink))
    from trainer.evaluation.litert_classifier import LiteRtNetwork
    from trainer.explain.litert import LiteRtInspector

    shape, _ = image_shape_of(LiteRtNetwork(path, threads=1).input_shape, path.name)
    return LiteRtInspector(path, ModelInfo(path.stem, characters, shape))
