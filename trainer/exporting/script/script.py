"""Show the code: a run's settings as a short script, or a notebook, without this program.

Import only in the trainer's process: a network is built to read its layers off.
"""

from __future__ import annotations

from dataclasses import dataclass

from trainer.config.training_config import TrainingConfig
from trainer.exporting.script.cells import Cell, notebook_text, script_text
from trainer.exporting.script.data_cells import data_cells
from trainer.exporting.script.script_data import ScriptData, script_data
from trainer.models.presets import PresetKind, preset


@dataclass(frozen=True)
class Script:
    """The code of a training.

    Attributes
    ----------
    script : str
        Python.
    notebook : str
        The same as a Jupyter notebook, JSON.
    data : ScriptData
        What it loads.
    """

    script: str
    notebook: str
    data: ScriptData


def make_script(config: TrainingConfig, *, with_data: bool = False) -> Script:
    """Return the code of a training.

    Parameters
    ----------
    config : TrainingConfig
    with_data : bool
        Whether even a published dataset is loaded from an exported file.

    Raises
    ------
    TrainerError
        If there are no such data, or they are too small for the network.
    """
    data = script_data(config, with_data=with_data)
    chosen = preset(config.preset)
    if chosen.kind is PresetKind.NETWORK:
        from trainer.exporting.script.network_cells import network_cells, preparation

        imports = _network_imports()
        prepared = preparation(config)
        cells = network_cells(config, data)
    else:
        from trainer.exporting.script.classical_cells import classical_cells, classical_imports

        imports = classical_imports(config)
        prepared = []
        cells = classical_cells(config)
    first = Cell(
        "The libraries; the seed of all random numbers.",
        (*_standard_imports(data), *imports, "", f"SEED = {config.seed}", *prepared),
    )
    every = [first, *data_cells(config, data), *cells]
    title = f"{chosen.title}, trained on {data.title}."
    notes = _notes(config, data)
    return Script(script_text(title, notes, every), notebook_text(title, notes, every), data)


def _standard_imports(data: ScriptData) -> list[str]:
    if not data.folder:
        return []
    lines = ["import gzip", "from pathlib import Path"]
    if data.address:
        lines.append("from urllib.request import urlretrieve")
    if data.is_archive:
        lines.append("from zipfile import ZipFile")
    return [*lines, ""]


def _network_imports() -> list[str]:
    return [
        "import keras",
        "import matplotlib.pyplot as plt",
        "import numpy as np",
        "import tensorflow as tf",
        "from keras import layers",
        "from sklearn.metrics import ConfusionMatrixDisplay",
    ]


def _notes(config: TrainingConfig, data: ScriptData) -> list[str]:
    """Return what a reader must know: packages, files, and what differs from the run."""
    is_network = preset(config.preset).kind is PresetKind.NETWORK
    packages = ["matplotlib", "scikit-learn", *(["tensorflow"] if is_network else [])]
    packages += ["xgboost"] if config.preset == "xgboost" else []
    notes = [f"Needs: pip install {' '.join(sorted(packages))}"]
    if data.exported:
        names = ", ".join(data.exported)
        notes.append(f"Reads {names}, which EMNIST Desktop writes beside this script if asked to.")
    notes += _differences(config, data, is_network=is_network)
    return notes


def _differences(config: TrainingConfig, data: ScriptData, *, is_network: bool) -> list[str]:
    if not is_network:
        return []
    notes = []
    if data.has_inks:
        varied = ", varied anew in every epoch" if config.augmentation is not None else ""
        way = ", and shows the network how the pen moved" if config.direction_share else ""
        notes.append(
            f"Not as in the program: it trains on drawn strokes{varied}{way}; here are their "
            "images, as they were exported. So this learns less from the same data."
        )
    if config.paper_share:
        notes.append("Not as in the program: it makes some images look photographed or scanned.")
    if config.screen_after:
        notes.append(
            f"Not as in the program: after epoch {config.screen_after} it sets aside samples whose "
            "label is improbable."
        )
    notes.append(
        "It does what the program does, with other random numbers: accuracies differ by a little."
    )
    return notes
