"""Models to look into, made once, and data for them."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.shared import made_once
from tests.trainer.archives import write_archive
from tests.trainer.explain.models import ALPHABET, Image, small_network, write_bundle
from trainer.explain.base import ModelInspector
from trainer.explain.open import open_inspector
from trainer.explain.samples import ExplainedData
from trainer.recognition.bundle import MODEL_NAME


@pytest.fixture(scope="session")
def run(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a run's folder with a bundle that Keras and LiteRT can open."""

    def make(folder: Path) -> None:
        (folder / "small").mkdir()
        write_bundle(folder / "small" / "bundle", small_network())

    return made_once(tmp_path_factory, "explained", make) / "small"


@pytest.fixture(scope="session")
def litert_file(run: Path) -> Path:
    return run / "bundle" / MODEL_NAME


@pytest.fixture(scope="session")
def archive(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write_archive(tmp_path_factory.mktemp("data") / "small.npz", 120)


@pytest.fixture(scope="session")
def keras_inspector(run: Path) -> ModelInspector:
    return open_inspector(run)


@pytest.fixture(scope="session")
def litert_inspector(litert_file: Path) -> ModelInspector:
    return open_inspector(litert_file, ALPHABET)


@pytest.fixture(scope="session")
def image(archive: Path, keras_inspector: ModelInspector) -> Image:
    selected: Image = ExplainedData(str(archive), "", keras_inspector.info).one(2).images[0]
    return selected
