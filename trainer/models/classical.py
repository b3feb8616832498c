"""Classic models, fitted step by step so that a run can be watched, paused and ended.

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
from trainer.processes.launch import missing_hint
from trainer.recognition.classical_model import save_skops, spread

Rows = npt.NDArray[np.float32]
"""Array of shape (n, n_pixels), dtype=float32, 0 to 255."""

STAGES = 10
"""So often a model that grows is measured on the way."""

_STEPS = 50
"""A forest is grown in about so many steps, so that a cancel need not wait long."""

_NODE_BYTES = 64
"""A node of scikit-learn's trees, without the shares of the classes beside it."""


@dataclass(frozen=True)
class FitStep:
    """Part of the work is done; `measurable` if the model can be asked now."""

    done: int
    total: int
    measurable: bool


class Classic(Protocol):
    """A model that is fitted step by step."""

    unit: str
    total: int
    stages: int
    form: str

    def fit(self, rows: Rows, labels: Labels) -> Iterator[FitStep]:
        """Yield after every step; it may be left at any time."""

    def probabilities(self, rows: Rows) -> npt.NDArray[np.float32]:
        """Return shares of shape (n, n_classes) from what is fitted so far."""

    def save(self, path: Path) -> None:
        """Write the model."""

    def projected_bytes(self) -> int:
        """Return how large it will be when complete; 0 while unknown."""


def build_classic(name: str, options: Mapping[str, Any], n_classes: int, seed: int) -> Classic:
    """Return the model of a preset, not fitted.

    Raises
    ------
    RunError
        If its package is not installed.
    """
    if name == "knn":
        return NearestNeighbours(options, n_classes)
    if name == "svm-rbf":
        return SupportVectors(options, n_classes, seed)
    if name == "xgboost":
        return Boosted(options, n_classes, seed)
    return Forest(options, n_classes, seed)


def shifted_copies(
    images: Images, labels: Labels, options: Mapping[str, Any], seed: int
) -> tuple[Images, Labels]:
    """Return images and labels with moved copies after them; paper comes in at the edges."""
    generator = np.random.default_rng(seed)
    reach = int(options["shift"])
    n, height, width = images.shape
    copies = int(options["copies"])
    result = np.zeros((n * (copies + 1), height, width), dtype=np.uint8)
    result[:n] = images
    padded = np.pad(images, ((0, 0), (reach, reach), (reach, reach)))
    for copy in range(1, copies + 1):
        places = generator.integers(0, 2 * reach + 1, (n, 2))
        for index, (y, x) in enumerate(places.tolist()):
            result[copy * n + index] = padded[index, y : y + height, x : x + width]
    return result, np.tile(labels, copies + 1)


class NearestNeighbours:
    """k-nearest neighbours on pixels scaled to 0 … 1."""

    unit, total, stages, form = "models", 1, 1, "skops"

    def __init__(self, options: Mapping[str, Any], n_classes: int) -> None:
        self._neighbors = int(options["neighbors"])
        self._n_classes = n_classes

    def fit(self, rows: Rows, labels: Labels) -> Iterator[FitStep]:
        """Keep the samples."""
        nearest = KNeighborsClassifier(min(self._neighbors, len(rows)), n_jobs=-1)
        self._pipeline = Pipeline([("scaler", MinMaxScaler()), ("model", nearest)])
        self._pipeline.fit(rows, labels)
        yield FitStep(1, 1, measurable=True)

    def probabilities(self, rows: Rows) -> npt.NDArray[np.float32]:
        """Return the shares of the votes."""
        answers = self._pipeline.predict_proba(rows)
        return spread(answers, self._pipeline.classes_, self._n_classes)

    def save(self, path: Path) -> None:
        """Write the samples."""
        self._pipeline["model"].n_jobs = None
        save_skops(self._pipeline, path)

    def projected_bytes(self) -> int:
        """Return 0: it is no larger than its data."""
        return 0


class Forest:
    """A random forest that grows a few trees a step."""

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
        """Grow."""
        scaled = self._scaler.fit_transform(rows)
        each = max(1, self.total // _STEPS)
        stage = 0
        done = 0
        while done < self.total:
            due = round(self.total * (stage + 1) / self.stages)
            done = min(done + each, due)
            self._forest.n_estimators = done
            self._forest.fit(scaled, labels)
            measurable = done == due
            stage += measurable
            yield FitStep(done, self.total, measurable)

    def probabilities(self, rows: Rows) -> npt.NDArray[np.float32]:
        """Return the means of the trees."""
        answers = self._forest.predict_proba(self._scaler.transform(rows))
        return spread(answers, self._forest.classes_, self._n_classes)

    def save(self, path: Path) -> None:
        """Write the trees."""
        self._forest.n_jobs = None
        save_skops(Pipeline([("scaler", self._scaler), ("model", self._forest)]), path)

    def projected_bytes(self) -> int:
        """Return the bytes of all trees, if the others are like those grown."""
        trees = getattr(self._forest, "estimators_", [])
        if not trees:
            return 0
        nodes = sum(tree.tree_.node_count for tree in trees)
        each = _NODE_BYTES + 8 * len(self._forest.classes_)
        return int(nodes * each * self.total / len(trees))


_GRIDS: Mapping[str, list[dict[str, list[Any]]]] = {
    "none": [{"C": [10.0], "gamma": ["scale"], "kernel": ["rbf"]}],
    "small": [{"C": [1.0, 10.0], "gamma": ["scale"], "kernel": ["rbf"]}],
    "full": [
        {"C": [1.0, 10.0], "gamma": ["scale", 0.01], "kernel": ["rbf"]},
        {"C": [1.0, 10.0], "gamma": ["scale"], "kernel": ["poly"]},
    ],
}


class SupportVectors:
    """A support vector machine, its settings chosen on a grid by cross-validation."""

    unit, stages, form = "folds", 1, "skops"

    def __init__(self, options: Mapping[str, Any], n_classes: int, seed: int) -> None:
        self._grid = list(ParameterGrid(_GRIDS[options["grid"]]))
        self._folds = int(options["folds"])
        self._n_classes, self._seed = n_classes, seed
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
            parts = list(splits.split(scaled, labels))
            done = 0
            for number, settings in enumerate(self._grid):
                for train, test in parts:
                    machine = SVC(**settings).fit(scaled[train], labels[train])
                    scores[number] += machine.score(scaled[test], labels[test])
                    done += 1
                    yield FitStep(done, self.total, measurable=False)
            chosen = self._grid[int(scores.argmax())]
        machine = CalibratedClassifierCV(SVC(**chosen), cv=self._folds, ensemble=False)
        machine.fit(scaled, labels)
        self._pipeline = Pipeline([("scaler", scaler), ("model", machine)])
        yield FitStep(self.total, self.total, measurable=True)

    def probabilities(self, rows: Rows) -> npt.NDArray[np.float32]:
        """Return calibrated probabilities."""
        answers = self._pipeline.predict_proba(rows)
        return spread(answers, self._pipeline.classes_, self._n_classes)

    def save(self, path: Path) -> None:
        """Write the vectors."""
        save_skops(self._pipeline, path)

    def projected_bytes(self) -> int:
        """Return 0: it is no larger than its data."""
        return 0


class Boosted:
    """Gradient boosted trees, a round a step."""

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
        """Boost."""
        matrix = self._xgboost.DMatrix(rows, label=labels)
        self._booster = self._xgboost.Booster(self._settings, [matrix])
        stage = 0
        for number in range(self.total):
            self._booster.update(matrix, number)
            measurable = number + 1 == round(self.total * (stage + 1) / self.stages)
            stage += measurable
            yield FitStep(number + 1, self.total, measurable)

    def probabilities(self, rows: Rows) -> npt.NDArray[np.float32]:
        """Return the shares of the classes."""
        answers: npt.NDArray[np.float32] = self._booster.predict(self._xgboost.DMatrix(rows))
        return answers

    def save(self, path: Path) -> None:
        """Write the trees."""
        self._booster.save_model(path)

    def projected_bytes(self) -> int:
        """Return 0: its trees are shallow."""
        return 0
