"""The cells of a script that fits a classic model."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from trainer.config.code import number
from trainer.config.training_config import TrainingConfig
from trainer.exporting.script.cells import CONFUSION_PLOT, Cell
from trainer.models.presets import STAGES, SVM_GRIDS, preset


def classical_cells(config: TrainingConfig) -> list[Cell]:
    """Return the cells after the data: the model, its fit, its curve, the confusion matrix."""
    options = preset(config.preset).option_values(config.preset_options)
    cells = [_shifted(options)] if "copies" in options else []
    cells.append(Cell("A row of pixels for each image.", _ROWS))
    match config.preset:
        case "knn":
            cells.append(_knn(options))
        case "svm-rbf":
            cells += _svm(options)
        case "xgboost":
            cells.append(_xgboost(options))
        case _:
            cells.append(_forest(options))
    return [*cells, Cell("The accuracy, and which classes are taken for which.", _CONFUSION)]


def classical_imports(config: TrainingConfig) -> list[str]:
    """Return the imports of a script."""
    plain = ["import matplotlib.pyplot as plt", "import numpy as np"]
    metrics = "from sklearn.metrics import ConfusionMatrixDisplay"
    scaler = "from sklearn.preprocessing import MinMaxScaler"
    match config.preset:
        case "knn":
            model = "from sklearn.neighbors import KNeighborsClassifier"
            return [*plain, metrics, model, scaler]
        case "svm-rbf":
            calibration = "from sklearn.calibration import CalibratedClassifierCV"
            selection = "from sklearn.model_selection import GridSearchCV, StratifiedKFold"
            machine = "from sklearn.svm import SVC"
            return [*plain, calibration, metrics, selection, scaler, machine]
        case "xgboost":
            return [*plain, "import xgboost", metrics]
    return [*plain, "from sklearn.ensemble import RandomForestClassifier", metrics, scaler]


_ROWS = (
    'rows_train = x_train.reshape(len(x_train), -1).astype("float32")',
    'rows_val = x_val.reshape(len(x_val), -1).astype("float32")',
)

_SCALED = (
    "scaler = MinMaxScaler().fit(rows_train)  # each pixel to 0 … 1",
    "rows_train, rows_val = scaler.transform(rows_train), scaler.transform(rows_val)",
)

_CONFUSION = (*CONFUSION_PLOT,)


def _shifted(options: Mapping[str, Any]) -> Cell:
    code = (
        f"COPIES, SHIFT = {options['copies']}, {options['shift']}",
        "random = np.random.default_rng(SEED)",
        "n, height, width = x_train.shape",
        "padded = np.pad(x_train, ((0, 0), (SHIFT, SHIFT), (SHIFT, SHIFT)))",
        "parts = [x_train]",
        "for _ in range(COPIES):",
        "    offsets = random.integers(0, 2 * SHIFT + 1, (n, 2))",
        "    pairs = zip(padded, offsets)",
        "    parts.append(np.stack([i[y : y + height, x : x + width] for i, (y, x) in pairs]))",
        "x_train, y_train = np.concatenate(parts), np.tile(y_train, COPIES + 1)",
    )
    return Cell("Each image again, shifted at random; edges are filled with paper.", code)


def _knn(options: Mapping[str, Any]) -> Cell:
    code = (
        *_SCALED,
        f"model = KNeighborsClassifier({options['neighbors']}, n_jobs=-1)",
        "model.fit(rows_train, y_train)",
        "predicted = model.predict(rows_val)",
    )
    return Cell("The model keeps all images; the most similar ones vote.", code)


def _forest(options: Mapping[str, Any]) -> Cell:
    share = float(options["max_samples"])
    stages = min(STAGES, int(options["trees"]))
    part = f"max_samples={number(share)}, " if share < 1 else ""
    code = (
        *_SCALED,
        "model = RandomForestClassifier(",
        f'    max_depth={options["max_depth"]}, criterion="{options["criterion"]}", {part}'
        "warm_start=True,",
        "    n_jobs=-1, random_state=SEED,",
        ")",
        "curve = {}",
        f"for trees in np.linspace(0, {options['trees']}, {stages + 1})[1:].round().astype(int):",
        "    model.n_estimators = trees  # those that are there already stay",
        "    model.fit(rows_train, y_train)",
        "    curve[trees] = model.score(rows_val, y_val)",
        "predicted = model.predict(rows_val)",
        "plt.plot(curve.keys(), curve.values())",
        'plt.gca().set(xlabel="trees", ylabel="validation accuracy")',
        'plt.savefig("curves.png")',
    )
    return Cell("The trees, a few at a time, so that there is a curve.", code)


def _svm(options: Mapping[str, Any]) -> list[Cell]:
    grid = SVM_GRIDS[str(options["grid"])]
    folds = options["folds"]
    n_settings = sum(len(part["C"]) * len(part["gamma"]) for part in grid)
    best = ", ".join(f"{name}={values[0]!r}" for name, values in grid[0].items())
    cells = []
    code: tuple[str, ...] = _SCALED
    if n_settings > 1:
        rows = [f"    {part!r},".replace("'", '"') for part in grid]
        code = (
            *code,
            "grid = [",
            *rows,
            "]",
            f"folds = StratifiedKFold({folds}, shuffle=True, random_state=SEED)",
            "search = GridSearchCV(SVC(), grid, cv=folds, refit=False, n_jobs=-1)",
            "search.fit(rows_train, y_train)",
            "print(search.best_params_)",
        )
        best = "**search.best_params_"
        cells.append(Cell("The best settings of the grid, by cross-validation.", code))
        code = ()
    code = (
        *code,
        f"machine = SVC({best})".replace("'", '"'),
        f"model = CalibratedClassifierCV(machine, cv={folds}, ensemble=False)",
        "model.fit(rows_train, y_train)",
        "predicted = model.predict(rows_val)",
    )
    return [*cells, Cell("The machine, with calibrated probabilities (Platt 1999).", code)]


def _xgboost(options: Mapping[str, Any]) -> Cell:
    code = (
        "settings = {",
        '    "objective": "multi:softprob", "num_class": len(ALPHABET), "tree_method": "hist",',
        f'    "max_depth": {options["max_depth"]}, "eta": {number(options["eta"])}, "seed": SEED,',
        '    "eval_metric": "merror",',
        "}",
        "train = xgboost.DMatrix(rows_train, label=y_train)",
        "validation = xgboost.DMatrix(rows_val, label=y_val)",
        "log = {}",
        f"model = xgboost.train(settings, train, {options['rounds']}, "
        'evals=[(validation, "validation")],',
        "                      evals_result=log, verbose_eval=False)",
        "predicted = model.predict(validation).argmax(axis=1)",
        'plt.plot(1 - np.array(log["validation"]["merror"]))',
        'plt.gca().set(xlabel="rounds", ylabel="validation accuracy")',
        'plt.savefig("curves.png")',
    )
    return Cell("Each round adds a tree for each class, which corrects those before.", code)
