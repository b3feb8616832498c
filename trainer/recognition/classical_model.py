"""Classical models on disk, in formats that run no code when opened.

scikit-learn models are stored by skops, never by pickle; xgboost's in its own binary JSON.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any
from zipfile import ZIP_DEFLATED

import numpy as np
import numpy.typing as npt

from trainer.errors import BundleError
from trainer.files.npz import UNREADABLE
from trainer.ink.render import Images
from trainer.processes.launch import missing_hint
from trainer.processes.sandbox import memory_limited
from trainer.recognition.bundle import Bundle

TRUSTED = (
    "sklearn.calibration._CalibratedClassifier",
    "sklearn.calibration._SigmoidCalibration",
    "sklearn.tree._tree.Tree",
)
"""Classes outside skops' defaults that our presets need; nothing else is trusted."""

_DAMAGED: tuple[type[Exception], ...] = (*UNREADABLE, TypeError, AttributeError, LookupError)
"""What skops raises for damaged files, determined by damaging some."""

_COMPRESSION = 6
"""Of zlib: higher levels are slower and save little more."""

_REPAIR = "Choose another recogniser, or train it again."


class ClassicalModel:
    """A classical model in this process, loaded on first use."""

    def __init__(self, bundle: Bundle) -> None:
        self._bundle = bundle
        self._model: Any = None

    def probabilities(self, images: Images) -> npt.NDArray[np.float32]:
        """Return probabilities of shape (n, n_classes) for images of the bundle's size.

        Raises
        ------
        BundleError
            If the model cannot be loaded, or its package is missing.
        """
        if self._model is None:
            self._model = _load(self._bundle)
        answers: npt.NDArray[np.float32] = self._model(flattened(images))
        return answers


def flattened(images: Images) -> npt.NDArray[np.float32]:
    """Return images as rows of pixels, shape (n, height * width), 0 to 255."""
    return images.reshape(len(images), -1).astype(np.float32)


def spread(
    answers: npt.NDArray[Any], classes: npt.NDArray[np.int64], n_classes: int
) -> npt.NDArray[np.float32]:
    """Return answers of shape (n, n_classes); classes without training samples get 0."""
    result = np.zeros((len(answers), n_classes), dtype=np.float32)
    result[:, classes] = answers
    return result


def _load(bundle: Bundle) -> Any:
    try:
        return _xgboost(bundle) if bundle.form == "xgboost" else _skops(bundle)
    except ImportError as error:
        extra = "xgboost" if error.name == "xgboost" else "train"
        raise BundleError(
            "{bundle} needs a package that is not installed: {package}.", missing_hint(extra)
        ).format(bundle=bundle.name, package=error.name) from error


def _skops(bundle: Bundle) -> Any:
    from skops import io
    from skops.io.exceptions import UntrustedTypesFoundException

    path, n_classes = bundle.model_file, len(bundle.alphabet)
    try:
        pipeline = io.load(path, trusted=list(TRUSTED))
        classes = np.asarray(pipeline.classes_, dtype=np.int64)
        if classes.size and not 0 <= classes.min() <= classes.max() < n_classes:
            raise BundleError("{path} and its card do not belong together.", _REPAIR).format(
                path=path.name
            )
    except UntrustedTypesFoundException as error:
        raise BundleError("{path} holds more than a model: {reason}.", "It is not opened.").format(
            path=path.name, reason=error
        ) from error
    except _DAMAGED as error:
        raise BundleError("{path} cannot be loaded: {reason}.", _REPAIR).format(
            path=path.name, reason=error
        ) from error

    def answer(rows: npt.NDArray[np.float32]) -> npt.NDArray[np.float32]:
        return spread(pipeline.predict_proba(rows), classes, n_classes)

    return answer


def _xgboost(bundle: Bundle) -> Any:
    import xgboost

    try:
        with memory_limited(bundle.model_file):
            booster = xgboost.Booster(model_file=str(bundle.model_file))
    except (xgboost.core.XGBoostError, ValueError) as error:
        raise BundleError("{path} cannot be loaded: {reason}.", _REPAIR).format(
            path=bundle.model_file.name, reason=error
        ) from error

    def answer(rows: npt.NDArray[np.float32]) -> npt.NDArray[np.float32]:
        answers: npt.NDArray[np.float32] = booster.predict(xgboost.DMatrix(rows))
        return answers

    return answer


def save_skops(pipeline: Any, path: Path) -> None:
    """Write a fitted scikit-learn pipeline, deflated, which shrinks forests to 4 %."""
    from skops import io

    io.dump(pipeline, path, compression=ZIP_DEFLATED, compresslevel=_COMPRESSION)
