"""Exports the network of a bundle as Keras, LiteRT or ONNX, with a file of its labels."""

from __future__ import annotations

import contextlib
import importlib
import io
import shutil
import warnings
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from trainer.datasets.samples import Data, as_inputs, samples_at
from trainer.errors import BundleError
from trainer.files.paths import replacing
from trainer.ink.render import with_planes
from trainer.processes.launch import missing_hint
from trainer.recognition.bundle import KERAS_NAME, Bundle, load_bundle
from trainer.recognition.recognizer import resized

_CALIBRATION_SAMPLES = 300

_OPSET = 17
"""The version of ONNX's operators: supported by runtimes of 2022 and later."""


def export_keras(folder: Path, file: Path) -> None:
    """Export the Keras model of a bundle: input pixels from 0 to 255, output logits.

    Raises
    ------
    BundleError
        If the bundle has none.
    """
    bundle = _network_bundle(folder)
    _copy_with_labels(bundle, _keras_file(bundle), file)


def export_litert(folder: Path, file: Path) -> None:
    """Export the LiteRT model of a bundle: input pixels from 0 to 255, output logits.

    Raises
    ------
    BundleError
        If it is a classic model.
    """
    bundle = _network_bundle(folder)
    _copy_with_labels(bundle, bundle.model_file, file)


def export_onnx(folder: Path, file: Path) -> None:
    """Export the network of a bundle as ONNX: "images" from 0 to 255, "probabilities".

    Raises
    ------
    BundleError
        If a package is missing, or the bundle has no Keras model.
    """
    bundle = _network_bundle(folder)
    source = _keras_file(bundle)
    try:
        from trainer.light_keras import keras  # isort: skip - TensorFlow after it is silent
        import tensorflow as tf

        onnx, tf2onnx = (importlib.import_module(name) for name in ("onnx", "tf2onnx"))
    except ImportError as error:
        raise BundleError(
            "ONNX needs a package that is not installed: {package}.", missing_hint("train,onnx")
        ).format(package=error.name) from error
    network = keras.saving.load_model(source, compile=False, safe_mode=True)
    spec = [
        tf.TensorSpec((None, *bundle.image_shape, len(bundle.planes)), tf.float32, name="images")
    ]

    def probabilities(images: Any) -> Any:
        logits = network(images, training=False)
        return {"probabilities": tf.nn.softmax(logits / bundle.temperature)}

    model, _ = tf2onnx.convert.from_function(
        tf.function(probabilities, input_signature=spec),
        input_signature=spec,
        opset=_OPSET,
    )
    onnx.checker.check_model(model)
    with replacing(file) as temporary:
        temporary.write_bytes(model.SerializeToString())
    _write_labels(bundle, file)


def export_int8(folder: Path, file: Path, data: Data) -> float:
    """Export the network of a bundle as LiteRT with 8-bit weights and activations.

    The ranges of the activations are those of the calibration data; input and output stay floats,
    pixels from 0 to 255 and logits.

    Parameters
    ----------
    folder, file : Path
    data : Dataset or PenArchive
        For the calibration; a random subset of `_CALIBRATION_SAMPLES` is used.

    Returns
    -------
    float
        The share of the subset on which the answers stay those of the Keras model.

    Raises
    ------
    BundleError
        If TensorFlow is missing, or the bundle has no Keras model.
    """
    bundle = _network_bundle(folder)
    source = _keras_file(bundle)
    try:
        from trainer.light_keras import keras  # isort: skip - TensorFlow after it is silent
        import tensorflow as tf
    except ImportError as error:
        raise BundleError(
            "LiteRT needs a package that is not installed: {package}.", missing_hint("train")
        ).format(package=error.name) from error
    network = keras.saving.load_model(source, compile=False, safe_mode=True)
    chosen = np.random.default_rng(1).permutation(len(data))[:_CALIBRATION_SAMPLES]
    images = resized(
        as_inputs(samples_at(data, np.sort(chosen)), len(bundle.planes)), bundle.image_shape
    )
    inputs = with_planes(images, len(bundle.planes)).astype(np.float32)
    converter = tf.lite.TFLiteConverter.from_keras_model(network)
    converter.optimizations = [tf.lite.Optimize.DEFAULT]
    converter.representative_dataset = lambda: ([each[None]] for each in inputs)
    converter.target_spec.supported_ops = [tf.lite.OpsSet.TFLITE_BUILTINS_INT8]
    with contextlib.redirect_stdout(io.StringIO()), warnings.catch_warnings():
        warnings.simplefilter("ignore", UserWarning)  # that no statistics of the inputs are given
        content = converter.convert()
    with replacing(file) as temporary:
        temporary.write_bytes(content)
    _write_labels(bundle, file)
    expected = np.asarray(network.predict_on_batch(inputs)).argmax(axis=1)
    return float(np.mean(_answers(content, inputs) == expected))


def _answers(content: bytes, inputs: npt.NDArray[np.float32]) -> npt.NDArray[np.int64]:
    from ai_edge_litert.interpreter import Interpreter

    network = Interpreter(model_content=content)
    entry, end = network.get_input_details()[0]["index"], network.get_output_details()[0]["index"]
    network.resize_tensor_input(entry, inputs.shape)
    network.allocate_tensors()
    network.set_tensor(entry, inputs)
    network.invoke()
    answers: npt.NDArray[np.int64] = network.get_tensor(end).argmax(axis=1)
    return answers


def labels_file(file: Path) -> Path:
    """Return the file of the characters of an exported network: one a line, in class order."""
    return file.with_suffix(".labels.txt")


def _network_bundle(folder: Path) -> Bundle:
    bundle = load_bundle(folder)
    if bundle.is_classic:
        raise BundleError(
            "{bundle} is a classic model, no network.", "Export it as a bundle instead."
        ).format(bundle=bundle.name)
    return bundle


def _keras_file(bundle: Bundle) -> Path:
    path = bundle.folder / KERAS_NAME
    if not path.is_file():
        raise BundleError(
            "{bundle} came without its Keras model.", "Export it as LiteRT instead."
        ).format(bundle=bundle.name)
    return path


def _copy_with_labels(bundle: Bundle, source: Path, file: Path) -> None:
    with replacing(file) as temporary:
        shutil.copyfile(source, temporary)
    _write_labels(bundle, file)


def _write_labels(bundle: Bundle, file: Path) -> None:
    with replacing(labels_file(file)) as temporary:
        temporary.write_text("\n".join(bundle.alphabet) + "\n", encoding="utf-8")
