"""Parquet files of pictures: of the Hugging Face hub, of our own export, and broken ones."""

from __future__ import annotations

import io
import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from PIL import Image as PillowImage

from trainer.datasets.dataset import Dataset
from trainer.datasets.export import ExportFormat, Selection, export
from trainer.datasets.formats.detect import open_source
from trainer.datasets.formats.import_ import import_dataset
from trainer.datasets.formats.options import ImportOptions
from trainer.datasets.store import in_memory, open_dataset
from trainer.errors import DatasetError

pa = pytest.importorskip("pyarrow", reason="pyarrow is not installed")
AS_IS = ImportOptions(transposed="no", inverted="no")


def _png(value: int, side: int = 10) -> bytes:
    stream = io.BytesIO()
    PillowImage.new("L", (side, side), value).save(stream, format="PNG")
    return stream.getvalue()


def _write(
    path: Path, pictures: list[bytes], labels: list[Any], names: list[str] | None = None
) -> None:
    """Write a file of two row groups as the hub does; without names if they are None."""
    from pyarrow.parquet import write_table

    feature = {"label": {"names": names, "_type": "ClassLabel"}}
    about = {"huggingface": json.dumps({"info": {"features": feature}})} if names else None
    struct = [{"bytes": each, "path": f"{n}.png"} for n, each in enumerate(pictures)]
    table = pa.table({"image": struct, "label": labels}).replace_schema_metadata(about)
    write_table(table, path, row_group_size=max(1, len(labels) // 2))


def test_a_folder_of_the_hub_is_imported(tmp_path: Path) -> None:
    folder = tmp_path / "letters" / "data"
    folder.mkdir(parents=True)
    values = [10, 60, 110, 160, 210, 250]
    for number, start in enumerate((0, 3)):
        some = [_png(value) for value in values[start : start + 3]]
        name = f"train-0000{number}-of-00002.parquet"
        _write(folder / name, some, [0, 1, 0], ["b", "a"])
    _write(folder / "test-00000-of-00001.parquet", [_png(99)], [1], ["b", "a"])
    import_dataset(tmp_path / "letters", AS_IS, tmp_path / "stored" / "letters")
    stored = open_dataset(tmp_path / "stored" / "letters")
    train = stored.splits["train"]
    characters = [train.alphabet[label] for label in train.labels.tolist()]
    assert characters == ["b", "a", "b", "b", "a", "b"]
    assert [int(image[3, 3]) for image in train.images] == values
    assert len(stored.splits["test"]) == 1


def test_what_is_exported_is_imported_again(tmp_path: Path) -> None:
    generator = np.random.default_rng(0)
    images = generator.integers(0, 256, (300, 20, 18), dtype=np.uint8)
    data = Dataset("some", ("A", "q"), images, np.arange(300) % 2, np.arange(300) % 7, "")
    chosen = generator.permutation(300)[:280]
    selection = Selection(in_memory("some", "Some", {"test": data}), "test", chosen)
    file = tmp_path / "some.parquet"
    export(selection, ExportFormat.PARQUET, file)
    source = open_source(file, AS_IS)
    (split,) = source.splits
    assert split == "test"
    chunks = list(source.splits["test"].chunks())
    read = np.concatenate([chunk.images for chunk in chunks])
    assert np.array_equal(read, images[chosen])
    file.rename(tmp_path / "train.parquet")
    assert list(open_source(tmp_path / "train.parquet", AS_IS).splits) == ["train"]
    (tmp_path / "train.parquet").rename(file)
    assert source.splits["test"].labels.tolist() == [("A", "q")[n % 2] for n in chosen]
    writers = [chunk.writers for chunk in chunks if chunk.writers is not None]
    assert np.concatenate(writers).tolist() == (chosen % 7).tolist()
    from pyarrow.parquet import read_table

    assert read_table(file)["writer"].to_pylist() == (chosen % 7).tolist()


@pytest.mark.parametrize(
    "writers",
    [
        [1, None, 3, 4],
        [1, -1, 3, 4],
        [0.5] * 4,
        ["Anna"] * 4,
        [[1], [2], [3], [4]],
        [{"number": n} for n in range(4)],
    ],
)
def test_what_a_foreign_file_says_of_its_writers_is_left_out(
    tmp_path: Path, writers: list[Any]
) -> None:
    from pyarrow.parquet import write_table

    pictures = [{"bytes": _png(60 * n), "path": ""} for n in range(4)]
    table = pa.table({"image": pictures, "label": [0, 1, 0, 1], "writer": writers})
    write_table(table.replace_schema_metadata({"split": "both"}), tmp_path / "some.parquet")
    (split,) = open_source(tmp_path / "some.parquet", AS_IS).splits.items()
    assert split[0] == "train"
    assert [chunk.writers for chunk in split[1].chunks()] == [None]


@pytest.mark.parametrize(
    ("pictures", "labels", "sentence"),
    [
        ([_png(5), b"GIF8 broken"], [0, 1], "row 2"),
        ([_png(5), _png(5, 12)], [0, 1], "Expected pictures of 10×10"),
        ([_png(5)], [0.5], "Expected whole numbers"),
    ],
)
def test_what_is_wrong_is_said(
    tmp_path: Path, pictures: list[bytes], labels: list[Any], sentence: str
) -> None:
    file = tmp_path / "some.parquet"
    _write(file, pictures, labels)
    with pytest.raises(DatasetError, match=sentence):
        list(open_source(file, AS_IS).splits["train"].chunks())


def test_damaged_files_and_other_tables_are_refused(tmp_path: Path) -> None:
    file = tmp_path / "some.parquet"
    _write(file, [_png(5)] * 4, [0, 1, 0, 1])
    whole = file.read_bytes()
    for content in (whole[:-30], whole[:4], whole[: len(whole) // 2] + whole[-8:]):
        file.write_bytes(content)
        with pytest.raises(DatasetError, match="cannot be read"):
            open_source(file, AS_IS)
    from pyarrow.parquet import write_table

    write_table(pa.table({"text": ["a"], "label": [1]}), file)
    with pytest.raises(DatasetError, match="Expected a column image"):
        open_source(file, AS_IS)
    write_table(pa.table({"image": ["a"], "label": [1]}), file)
    with pytest.raises(DatasetError, match="Expected encoded pictures"):
        open_source(file, AS_IS)
