"""No file that somebody sends runs code when it is opened."""

from __future__ import annotations

import zipfile
from pathlib import Path

import numpy as np
import pytest

from tests.trainer.archives import write_archive
from trainer.datasets.ink_archive import read_pen_archive
from trainer.errors import DatasetError, RunError
from trainer.files.profiles import Profiles


class Touch:
    """Writes a file when it is unpickled."""

    def __init__(self, path: Path) -> None:
        self.path = path

    def __reduce__(self) -> tuple[object, ...]:
        return Path.touch, (self.path,)


def test_a_pickle_inside_an_archive_is_refused(tmp_path: Path) -> None:
    path = write_archive(tmp_path / "pen.npz", n=4)
    with np.load(path) as sound:
        arrays = dict(sound)
    arrays["label"] = np.array([Touch(tmp_path / "touched")] * 4, dtype=object)
    np.savez(path, **arrays)
    with pytest.raises(DatasetError, match="cannot be read"):
        read_pen_archive(path)
    assert not (tmp_path / "touched").exists()


@pytest.mark.filterwarnings("ignore::DeprecationWarning:keras")
def test_a_keras_file_with_code_is_refused(tmp_path: Path) -> None:
    keras = pytest.importorskip("keras")
    from trainer.training.optimizer import load_network

    touched = str(tmp_path / "touched")
    layers = [keras.Input((28, 28, 1)), keras.layers.Flatten(), keras.layers.Dense(62)]
    layers += [keras.layers.Lambda(lambda x: (Path(touched).touch(), x)[1])]
    model = keras.Sequential(layers)
    Path(touched).unlink()
    model.save(tmp_path / "model.keras")
    with pytest.raises(RunError, match="cannot be loaded") as caught:
        load_network(str(tmp_path), (None, 62))
    assert caught.value.hint
    assert not Path(touched).exists()


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("", ""),
        ("theme=@Variant", "theme=\\x40Variant"),
        ("theme=@Variant", "theme=word, @Variant"),
        ("theme=@Variant", "theme=\\\n@Variant"),
        ("theme=@Variant", "%74heme=@Variant"),
        ("[window]", "[%57indow]\n[window]"),
    ],
)
def test_settings_of_an_exported_profile_run_nothing(
    tmp_path: Path, before: str, after: str
) -> None:
    from PySide6.QtCore import QSettings

    from emnist_desktop.settings import LANGUAGE, PEN_WIDTH, THEME, Settings

    file, touched = tmp_path / "evil.ini", tmp_path / "touched"
    store = QSettings(str(file), QSettings.Format.IniFormat)
    for key, value in ((THEME.key, Touch(touched)), (LANGUAGE.key, "de"), (PEN_WIDTH.key, 7.5)):
        store.setValue(key, value)
    store.sync()
    with zipfile.ZipFile(tmp_path / "evil.zip", "w") as archive:
        archive.writestr("profile.json", '{"name": "Eve"}')
        archive.writestr("settings.ini", file.read_text().replace(before, after))
    eve = Profiles(tmp_path / "home").import_(tmp_path / "evil.zip").profile
    settings = Settings(QSettings(str(eve.settings_file), QSettings.Format.IniFormat))
    assert (settings.get(THEME), settings.get(LANGUAGE)) == ("system", "de")
    assert settings.get(PEN_WIDTH) == 7.5
    assert not touched.exists()
