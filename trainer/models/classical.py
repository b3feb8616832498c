"""Classic models, fitted step by step so that a run can be paused, stopped and plotted.

Imports scikit-learn, and xgboost where that is asked for.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Protocol

import numpy as np
import numpy.typing as npt
from sklearn.calibration import CalibratedClassifierCV
from sklearn.ensemble import RandomForestClassifier
from sklearn.model_selection import ParameterGrid, StratifiedKFold
from sklearn.neighbors import KNeighborsClassifier
from sklearn.pipeline import Pipeline
from sklearn.preprocessing import MinMaxScaler
from sklearn.svm import SVC

from trainer.datasets.dataset import Labels
from trainer.errors import RunError
from trainer.ink.render import Images
from trainer.models.presets import STAGES, SVM_GRIDS
from trainer.processes.launch import missing_hint
from trainer.recognition.classical_model import save_skops, spread

Rows = npt.NDArray[np.float32]
"""Array of shape (n, n_pixels), dtype=float32, 0 to 255."""

_FOREST_STEPS = 50
"""Steps in which a forest is grown, so that a cancel need not wait long."""

_NODE_BYTES = 64
"""Of a node of scikit-learn's trees, without its class shares."""


@dataclass(frozen=True)
class FitStep:
    """A part of the fit is done; `measurable` if the model can predict now."""

    done: int
    total: int
    measurable: bool


class ClassicalEstimator(Protocol):
    """A model that is fitted step by step.

    Attributes
    ----------
    unit : str
        What is counted: "trees", "folds", …
    total : int
        Units in all.
    stages : int
        Validations, the last one included.
    form : str
        Of its file: "skops" or "xgboost".
    """

    unit: str
    total: int
    stages: int
    form: str

    def fit(self, rows: Rows, labels: Labels) -> Iterator[FitStep]:
        """Yield after every step; the caller may stop at any time."""

    def probabilities(self, rows: Rows) -> npt.NDArray[np.float32]:
        """Return probabilities of shape (n, n_classes) from what is fitted so far."""

    def save(self, path: Path) -> None:
        """Write the model."""

    def projected_bytes(self) -> int:
        """Return the size of the complete model; 0 while unknown, or where it does not matter."""


def build_classical(
    name: str, options: Mapping[str, Any], n_classes: int, seed: int
) -> ClassicalEstimator:
    """Return the model of a preset, not fitted.

    Raises
    ------
    RunError
        If its package is not installed.
    """
    if name == "knn":
        return NearestNeighbours(options, n_classes)
    if name == "svm-rbf":
        return SupportVectorMachine(options, n_classes, seed)
    if name == "xgboost":
        return GradientBoostedTrees(options, n_classes, seed)
    return RandomForest(options, n_classes, seed)


def shifted_copies(
    images: Images, labels: Labels, options: Mapping[str, Any], seed: int
) -> tuple[Images, Labels]:
    """Return images and labels with shifted copies after them; edges are filled with paper."""
    generator = np.random.default_rng(seed)
    reach = int(options["shift"])
    n, height, width = images.shape
    copies = int(options["copies"])
    result = np.zeros((n * (copies + 1), height, width), dtype=np.uint8)
    result[:n] = images
    padded = np.pad(images, ((0, 0), (reach, reach), (reach, reach)))
    for copy in range(1, copies + 1):
        offsets = generator.integers(0, 2 * reach + 1, (n, 2))
        for index, (y, x) in enumerate(offsets.tolist()):
            result[copy * n + index] = padded[index, y : y + height, x : x + width]
    return result, np.tile(labels, copies + 1)


class _PipelineModel:
    """A scikit-learn pipeline that is fitted as a whole."""

    unit, total, stages, form = "models", 1, 1, "skops"

    def __init__(self, n_classes: int) -> None:
        self._n_classes = n_classes
        self._pipeline: Pipeline

    def probabilities(self, rows: Rows) -> npt.NDArray[np.float32]:
        """Return what the pipeline predicts."""
        predicted = self._pipeline.predict_proba(rows)
        return spread(predicted, self._pipeline.classes_, self._n_classes)

    def save(self, path: Path) -> None:
        """Write the pipeline."""
        save_skops(self._pipeline, path)

    def projected_bytes(self) -> int:
        """Return 0: it is no larger than its data."""
        return 0


class NearestNeighbours(_PipelineModel):
    """k-nearest neighbours on pixels scaled to 0 … 1."""

    def __init__(self, options: Mapping[str, Any], n_classes: int) -> None:
        super().__init__(n_classes)
        self._neighbors = int(options["neighbors"])

    def fit(self, rows: Rows, labels: Labels) -> Iterator[FitStep]:
        """Store the samples."""
        nearest = KNeighborsClassifier(min(self._neighbors, len(rows)), n_jobs=-1)
        self._pipeline = Pipeline([("scaler", MinMaxScaler()), ("model", nearest)])
        self._pipeline.fit(rows, labels)
        yield FitStep(1, 1, measurable=True)

    def save(self, path: Path) -> None:
        """Write the samples."""
        self._pipeline["model"].n_jobs = None
        super().save(path)


class RandomForest:
    """A random forest that grows by a few trees per step."""

    unit, stages, form = "trees", STAGES, "skops"

    def __init__(self, options: Mapping[str, Any], n_classes: int, seed: int) -> None:
        self.total = int(options["trees"])
        self.stages = min(STAGES, self.total)
        self._n_classes = n_classes
        share = float(options["max_samples"])
        self._forest = RandomForestClassifier(
            0,
            criterion=options["criterion"],
            max_depth=int(options["max_depth"]),
            max_samples=None if share >= 1 else share,
            warm_start=True,
            n_jobs=-1,
            random_state=seed,
        )
        self._scaler = MinMaxScaler()

    def fit(self, rows: Rows, labels: Labels) -> Iterator[FitStep]:
        """Grow the trees."""
        scaled = self._scaler.fit_transform(rows)
        per_step = max(1, self.total // _FOREST_STEPS)
        stage = 0
        done = 0
        while done < self.total:
            due = round(self.total * (stage + 1) / self.stages)
            done = min(done + per_step, due)
            self._forest.n_estimators = done
            self._forest.fit(scaled, labels)
            measurable = done == due
            stage += measurable
            yield FitStep(done, self.total, measurable)

    def probabilities(self, rows: Rows) -> npt.NDArray[np.float32]:
        """Return the mean of the trees."""
        predicted = self._forest.predict_proba(self._scaler.transform(rows))
        return spread(predicted, self._forest.classes_, self._n_classes)

    def save(self, path: Path) -> None:
        """Write the trees."""
        self._forest.n_jobs = None
        save_skops(Pipeline([("scaler", self._scaler), ("model", self._forest)]), path)

    def projected_bytes(self) -> int:
        """Return the bytes of all trees, extrapolated from those that are grown."""
        trees = getattr(self._forest, "estimators_", [])
        if not trees:
            return 0
        nodes = sum(tree.tree_.node_count for tree in trees)
        each = _NODE_BYTES + 8 * len(self._forest.classes_)
        return int(nodes * each * self.total / len(trees))


class SupportVectorMachine(_PipelineModel):
    """A support vector machine, tuned on a grid by cross-validation."""

    unit = "folds"

    def __init__(self, options: Mapping[str, Any], n_classes: int, seed: int) -> None:
        super().__init__(n_classes)
        self._grid = list(ParameterGrid(SVM_GRIDS[options["grid"]]))
        self._folds = int(options["folds"])
        self._seed = seed
        searches = len(self._grid) * self._folds if len(self._grid) > 1 else 0
        self.total = searches + 1

    def fit(self, rows: Rows, labels: Labels) -> Iterator[FitStep]:
        """Search, then fit with calibrated probabilities (Platt 1999) on everything.

        Raises
        ------
        RunError
            If a class has fewer samples than there are folds.
        """
        counts = np.bincount(labels)
        if counts[counts > 0].min() < self._folds:
            raise RunError(
                "Expected {folds} samples of every class. Received: {n_samples} of one.",
                "Use more samples with --limit, or fewer folds with --option folds=2.",
            ).format(folds=self._folds, n_samples=counts[counts > 0].min())
        scaler = MinMaxScaler()
        scaled = scaler.fit_transform(rows)
        chosen = self._grid[0]
        if len(self._grid) > 1:
            scores = np.zeros(len(self._grid))
            splits = StratifiedKFold(self._folds, shuffle=True, random_state=self._seed)
            folds = list(splits.split(scaled, labels))
            done = 0
            for number, settings in enumerate(self._grid):
                for train, test in folds:
                    machine = SVC(**settings).fit(scaled[train], labels[train])
                    scores[number] += machine.score(scaled[test], labels[test])
                    done += 1
                    yield FitStep(done, self.total, measurable=False)
            chosen = self._grid[int(scores.argmax())]
        machine = CalibratedClassifierCV(SVC(**chosen), cv=self._folds, ensemble=False)
        machine.fit(scaled, labels)
        self._pipeline = Pipeline([("scaler", scaler), ("model", machine)])
        yield FitStep(self.total, self.total, measurable=True)

    @property
    def support_vectors(self) -> int:
        """How many samples the borders between the classes rest on."""
        calibrated = self._pipeline["model"].calibrated_classifiers_[0]
        return int(calibrated.estimator.n_support_.sum())


class GradientBoostedTrees:
    """Gradient boosted trees, a round per step."""

    unit, stages, form = "rounds", STAGES, "xgboost"

    def __init__(self, options: Mapping[str, Any], n_classes: int, seed: int) -> None:
        try:
            import xgboost
        except ImportError as error:
            raise RunError(
                "The preset xgboost needs the package xgboost, which is not installed.",
                missing_hint("xgboost"),
            ) from error
        self._xgboost = xgboost
        self.total = int(options["rounds"])
        self.stages = min(STAGES, self.total)
        self._settings = {
            "objective": "multi:softprob",
            "num_class": max(2, n_classes),
            "max_depth": int(options["max_depth"]),
            "eta": float(options["eta"]),
            "tree_method": "hist",
            "seed": seed,
        }

    def fit(self, rows: Rows, labels: Labels) -> Iterator[FitStep]:
        """Add a round of trees at a time."""
        matrix = self._xgboost.DMatrix(rows, label=labels)
        self._booster = self._xgboost.Booster(self._settings, [matrix])
        stage = 0
        for number in range(self.total):
            self._booster.update(matrix, number)
            measurable = number + 1 == round(self.total * (stage + 1) / self.stages)
            stage += measurable
            yield FitStep(number + 1, self.total, measurable)

    def probabilities(self, rows: Rows) -> npt.NDArray[np.float32]:
        """Return what the booster predicts."""
        predicted: npt.NDArray[np.float32] = self._booster.predict(self._xgboost.DMatrix(rows))
        return predicted

    def save(self, path: Path) -> None:
        """Write the trees."""
        self._booster.save_model(path)

    def projected_bytes(self) -> int:
        """Return 0: its trees are shallow."""
        return 0
