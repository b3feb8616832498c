"""Train every preset on MNIST, EMNIST and pen data, into docs/presets.md: ``make table-presets``.

Each cell of the table is a run in a work folder. Finished runs are not repeated, interrupted ones
are resumed, and the page is rewritten after every cell; a part without a finished run stays. The
best epoch is chosen on validation samples; the test samples are used once, with the run's final
bundle.
"""

from __future__ import annotations

import argparse
import dataclasses
import json
import os
import platform
import subprocess
import sys
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from bench.data import data_folder
from trainer.config.training_config import TrainingConfig
from trainer.datasets.ink_archive import read_pen_archive
from trainer.datasets.store import CARD_NAME, TEST, TRAIN, VALIDATION, DatasetWriter, open_dataset
from trainer.files.paths import PROFILE_VARIABLE, replacing
from trainer.ink.alphabet import BYMERGE, projection
from trainer.models.presets import PRESETS, PresetKind
from trainer.runs.folder import RunFolder
from trainer.runs.list_runs import RunSummary, Status, summarize

ROOT = Path(__file__).parent.parent

_EPOCHS = 5
"""Most epochs of a network, by default."""

_ORDER = (
    "mlp-tiny", "mlp-relu", "mlp-relu-2", "knn", "random-forest-80", "lenet5", "cnn-small",
    "random-forest", "cnn-noise-1", "cnn-noise-2", "cnn-noise-3", "cnn-noise-4", "cnn-hex",
    "svm-rbf", "vanilla-cnn", "lenet5-v2", "lenet5-v2-32", "pen", "random-forest-shifted",
    "xgboost", "resnet34", "vgg5",
)  # fmt: skip
"""The cheap ones first."""

_SMALLER: Mapping[tuple[str, str], dict[str, Any]] = {
    ("pen-47", "random-forest-shifted"): {"limit": 20_000},
    ("pen-47", "xgboost"): {"limit": 20_000},
    ("mnist", "xgboost"): {"limit": 20_000},
    ("mnist", "resnet34"): {"epochs": 2, "precision": "mixed_bfloat16"},
    ("pen-47", "resnet34"): {"epochs": 2, "precision": "mixed_bfloat16"},
    ("emnist-47", "random-forest-shifted"): {"limit": 20_000},
    ("emnist-47", "xgboost"): {"limit": 20_000},
    ("emnist-47", "resnet34"): {"epochs": 1, "precision": "mixed_bfloat16"},
    ("emnist-47", "vgg5"): {"epochs": 1, "precision": "mixed_bfloat16"},
    ("mnist", "vgg5"): {"epochs": 1, "precision": "mixed_bfloat16"},
    ("pen-47", "vgg5"): {"epochs": 1, "precision": "mixed_bfloat16"},
}
"""Reduced settings where the usual ones need more memory or time than a small computer has."""

_ABOUT = {
    "mnist": (
        "MNIST, 10 classes: 60,000 images, a tenth of them for validation, and the 10,000 test "
        "images."
    ),
    "emnist-47": (
        "EMNIST, 47 classes (ByMerge): the official test file of ByClass, split once by "
        "`datasets import --split-shares 80,10,10` (see [recogniser.md](recogniser.md)): 93,061 "
        "images to train on, 11,630 for validation, 11,632 for the test. Published figures are of "
        "models that learned from 112,800 (Balanced) or 697,932 images (ByMerge)."
    ),
    "pen-47": (
        "UNIPEN pen strokes, rendered once at the usual width, 47 classes: 76,190 images of 200 "
        "writers, about a tenth of them for validation; 12,365 test images of 25 other writers, "
        "with the interval over writers."
    ),
}


@dataclass(frozen=True)
class Cell:
    """A preset on a dataset."""

    data: str
    preset: str
    root: Path
    config: TrainingConfig

    @property
    def config_file(self) -> Path:
        """The settings of the training."""
        return self.root.with_name(f"{self.root.name}.config.json")

    @property
    def outcome_file(self) -> Path:
        """The result of `evaluate`, and the machine; exists when the cell is finished."""
        return self.root.with_name(f"{self.root.name}.outcome.json")


def main(arguments: Sequence[str] | None = None) -> int:
    """Fill the table; return 0 if all requested cells are finished."""
    parser = argparse.ArgumentParser(prog="table_presets", description="Train every preset.")
    parser.add_argument("--work", type=Path, default=ROOT / "build" / "table-presets")
    parser.add_argument("--data", type=Path, help="folder with mnist/ and pen/")
    parser.add_argument("--out", type=Path, default=ROOT / "docs" / "presets.md")
    parser.add_argument("--presets", nargs="*", default=list(_ORDER), metavar="NAME")
    parser.add_argument("--on", nargs="*", default=list(_ABOUT), choices=list(_ABOUT))
    parser.add_argument("--epochs", type=int, default=_EPOCHS, help="most epochs of a network")
    parser.add_argument("--page-only", action="store_true", help="write the page only")
    options = parser.parse_args(arguments)
    options.data = options.data or data_folder()
    if not (options.data / "mnist").is_dir():
        print(f"There is no {options.data / 'mnist'}; name the folder with --data FOLDER.")
        return 1
    every = list(_cells(options.work, options.data, options.epochs))
    wanted = [
        cell
        for name in options.presets
        for cell in every
        if cell.preset == name and cell.data in options.on
    ]
    if not options.page_only:
        if "pen-47" in options.on:
            _write_pen_47(options.data / "pen", options.work / "data" / "pen-47")
        if "emnist-47" in options.on:
            _write_emnist_47(options.data / "emnist", options.work / "data")
        for cell in wanted:
            _fill(cell)
            _write_page(options.out, every)
    _write_page(options.out, every)
    return 0 if all(cell.outcome_file.exists() for cell in wanted) else 1


def _cells(work: Path, data: Path, epochs: int) -> Iterator[Cell]:
    made = work / "data"
    folders = {
        "mnist": data / "mnist",
        "emnist-47": made / "emnist-47",
        "pen-47": made / "pen-47",
    }
    for name in _ORDER:
        for on, folder in folders.items():
            record = {"preset": name, "data": str(folder)}
            usual = dict(PRESETS[name].defaults)
            if PRESETS[name].kind is PresetKind.NETWORK:
                usual["epochs"] = min(epochs, usual.get("epochs", epochs))
            root = work / on / name
            record = usual | record | _SMALLER.get((on, name), {})
            begun = RunFolder(root).config_file
            if begun.is_file():  # a started run is resumed with its settings
                record = json.loads(begun.read_text(encoding="utf-8"))
            config = TrainingConfig.from_record(record)
            yield Cell(on, name, root, config)


def _write_pen_47(pen: Path, folder: Path) -> None:
    """Render the pen archives once; other writers form the test split."""
    if (folder / CARD_NAME).exists():
        return
    print("Rendering the pen data …", flush=True)
    first_writer = 0
    with DatasetWriter(folder, title="UNIPEN, 47 classes", alphabet=BYMERGE) as writer:
        for split, name in ((TRAIN, "unipen_train"), (TEST, "unipen_validation")):
            images = read_pen_archive(pen / f"{name}.npz").render()
            merged = projection(images.alphabet, BYMERGE).matrix.argmax(axis=1)
            writers = np.asarray(images.writers) + first_writer
            writer.append(split, images.images, merged[images.labels], writers)
            first_writer = int(writers.max()) + 1


def _write_emnist_47(source: Path, work: Path) -> None:
    """Split the file as the bundled recogniser's data, and merge what EMNIST ByMerge merges."""
    folder = work / "emnist-47"
    if (folder / CARD_NAME).exists():
        return
    images = source / "emnist-byclass-test-images-idx3-ubyte.gz"
    environment = os.environ | {PROFILE_VARIABLE: str(work)}
    options = ("--split-shares", "80,10,10", "--name", "emnist-parts")
    command = [sys.executable, "-m", "trainer", "datasets", "import", str(images), *options]
    subprocess.run(command, check=True, cwd=ROOT, env=environment)
    parts = open_dataset(work / "datasets" / "emnist-parts").splits
    with DatasetWriter(folder, title="EMNIST, 47 classes", alphabet=BYMERGE) as writer:
        for split in (TRAIN, VALIDATION, TEST):
            part = parts[split]
            merged = projection(part.alphabet, BYMERGE).matrix.argmax(axis=1)
            writer.append(split, np.asarray(part.images), merged[part.labels])


def _fill(cell: Cell) -> None:
    """Train and evaluate a cell, unless it is finished; failures are skipped."""
    if cell.outcome_file.exists():
        return
    print(f"{cell.data}: {cell.preset}", flush=True)
    cell.root.parent.mkdir(parents=True, exist_ok=True)
    cell.config_file.write_text(cell.config.to_json(), encoding="utf-8")
    if not cell.root.is_dir() or summarize(cell.root).status is not Status.FINISHED:
        run = ("--config", str(cell.config_file), "--run-dir", str(cell.root), "--resume")
        if _trainer("train", *run).returncode != 0:
            return
    bundle = str(cell.root / "bundle")
    question = ("--model", bundle, "--data", cell.config.data, "--split", TEST, "--json")
    answer = _trainer("evaluate", *question, stdout=subprocess.PIPE)
    if answer.returncode == 0:
        load = os.getloadavg()[1] if hasattr(os, "getloadavg") else 0.0
        record = {"test": json.loads(answer.stdout), "machine": _machine(), "load": load}
        with replacing(cell.outcome_file) as temporary:
            temporary.write_text(json.dumps(record), encoding="utf-8")


def _trainer(*arguments: str, stdout: int | None = None) -> subprocess.CompletedProcess[bytes]:
    command = [sys.executable, "-m", "trainer", *arguments]
    return subprocess.run(command, check=False, cwd=ROOT, stdout=stdout)


def _machine() -> str:
    """Return the processor and the number of cores of a training."""
    name = platform.processor() or platform.machine()
    cpus = Path("/proc/cpuinfo")
    if cpus.exists():
        lines = cpus.read_text(encoding="utf-8").splitlines()
        models = [line.partition(":")[2].strip() for line in lines if line.startswith("model name")]
        name = models[0] if models else name
    cores = os.environ.get("TF_NUM_INTRAOP_THREADS") or str(os.cpu_count())
    return f"{name}, {cores} of {os.cpu_count()} cores"


def _write_page(path: Path, cells: Sequence[Cell]) -> None:
    done = {(cell.data, cell.preset): cell for cell in cells if cell.outcome_file.exists()}
    outcomes = {key: json.loads(cell.outcome_file.read_text()) for key, cell in done.items()}
    before = _sections(path)
    text = [
        "# The presets, measured",
        "",
        "Every preset of `python -m trainer presets` with its default settings, but few epochs for "
        "networks: enough to compare them, not for their best results; the last column lists other "
        "settings. Made by `make table-presets`, which can be interrupted and resumed. The best "
        "epoch is chosen on validation samples, and the test samples are used once.",
        "",
        "Seconds per epoch include validation; for a classic model they are those of the whole "
        "fit. A load average above the number of cores means that other programs slowed it. "
        "Intervals are 95 % intervals.",
    ]
    for on, about in _ABOUT.items():
        here = [outcome for (data, _), outcome in outcomes.items() if data == on]
        if not here and on in before:
            text += ["", before[on].strip()]
            continue
        text += ["", f"## {on}", "", about, "", _measured_on(here), ""]
        text += _table(on, done, outcomes)
        missing = [
            cell.preset for cell in cells if cell.data == on and (on, cell.preset) not in done
        ]
        if missing:
            text += ["", f"Not run: {', '.join(missing)}."]
    path.parent.mkdir(parents=True, exist_ok=True)
    with replacing(path) as temporary:
        temporary.write_text("\n".join(text) + "\n", encoding="utf-8")


def _sections(path: Path) -> dict[str, str]:
    """Return the parts of the page as it stands, by dataset."""
    text = path.read_text(encoding="utf-8") if path.exists() else ""
    return {part.partition("\n")[0]: f"## {part}" for part in text.split("\n## ")[1:]}


def _measured_on(outcomes: Sequence[Mapping[str, Any]]) -> str:
    machines = sorted({outcome["machine"] for outcome in outcomes})
    loads = sorted(outcome["load"] for outcome in outcomes) or [0.0]
    return (
        f"Measured on: {'; '.join(machines) or 'nothing yet'}, with a load average of "
        f"{loads[0]:.1f} to {loads[-1]:.1f}."
    )


def _table(
    on: str, done: Mapping[tuple[str, str], Cell], outcomes: Mapping[tuple[str, str], Any]
) -> list[str]:
    lines = [
        "| preset | parameters | samples | epochs | s per epoch | validation | test (interval) "
        "| other settings |",
        "|---|---:|---:|---:|---:|---:|---:|---|",
    ]
    for (data, name), cell in done.items():
        if data == on:
            run = summarize(cell.root)
            lines.append(_row(name, cell, run, outcomes[data, name]["test"]))
    return lines


def _row(name: str, cell: Cell, run: RunSummary, test: Mapping[str, Any]) -> str:
    report = json.loads((cell.root / "report.json").read_text(encoding="utf-8"))
    is_network = PRESETS[name].kind is PresetKind.NETWORK
    seconds = run.seconds / max(1, run.epochs_done) if is_network else run.seconds
    low, high = test["interval"]
    fields = (
        f"`{name}`",
        f"{run.parameters:,}" if is_network else "",
        f"{report['samples_to_train_on']:,}",
        f"{run.epochs_done}" if is_network else "",
        f"{seconds:.1f}" if seconds < 10 else f"{seconds:.0f}",
        f"{run.accuracy or 0:.2%}",
        f"{test['accuracy']:.2%} ({low:.2%} to {high:.2%})",
        _unusual(cell),
    )
    return f"| {' | '.join(fields)} |"


def _unusual(cell: Cell) -> str:
    """Return the settings that are not the defaults of the preset."""
    usual = TrainingConfig.from_record({"preset": cell.preset, "data": cell.config.data})
    return ", ".join(
        f"{name.replace('_', ' ')} {getattr(cell.config, name)} instead of {getattr(usual, name)}"
        for name in (field.name for field in dataclasses.fields(TrainingConfig))
        if getattr(cell.config, name) != getattr(usual, name)
    )


if __name__ == "__main__":
    sys.exit(main())
