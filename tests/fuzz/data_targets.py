"""Pictures, drawings and datasets that somebody else may have made."""

from __future__ import annotations

import gzip
import json
import shutil
import struct
import tempfile
from collections.abc import Sequence
from functools import partial
from pathlib import Path

import numpy as np
import pytest
from PIL import Image as PillowImage

from tests.fuzz.mutations import mutated_archive
from tests.fuzz.target import Target, some_images
from tests.trainer.archives import write_archive
from tests.trainer.written_texts import on_paper, written
from trainer.datasets.dataset import Dataset
from trainer.datasets.export import ExportFormat, Selection, export
from trainer.datasets.formats.import_ import import_dataset, inspect_import
from trainer.datasets.idx import read_idx
from trainer.datasets.ink_archive import read_pen_archive
from trainer.datasets.my_samples import MySamples
from trainer.datasets.store import DatasetWriter, open_dataset
from trainer.errors import DatasetError
from trainer.ink.documents import document_format, read_document
from trainer.ink.picture import find_characters
from trainer.ink.picture_file import open_picture
from trainer.ink.render import ink_to_image
from trainer.ink.strokes import Ink
from trainer.recognition.pdf_page import open_page

_CHILD = 20
"""A child starts in a quarter of a second."""


def _idx(folder: Path) -> Path:
    path = folder / "emnist-digits-train-images-idx3-ubyte"
    path.write_bytes(struct.pack(">IIII", 0x803, 5, 28, 28) + some_images().tobytes())
    return path


def _idx_gz(folder: Path) -> Path:
    path = folder / "train-images-idx3-ubyte.gz"
    path.write_bytes(gzip.compress(_idx(folder).read_bytes(), mtime=0))
    return path


def _pen(folder: Path) -> Path:
    return write_archive(folder / "pen.npz", n=6)


def _read_pen(path: Path) -> object:
    return read_pen_archive(path).render()


def _ink(folder: Path) -> Path:
    path = folder / "ink.json"
    path.write_text('{"strokes": [[[1, 2], [3, 4.5]], [[10, 20]]], "time": [[0, 0.1], [0.2]]}')
    return path


def _read_ink(path: Path) -> object:
    return ink_to_image(Ink.from_json(path.read_bytes()))


def _samples(folder: Path) -> Path:
    path = folder / "samples.jsonl"
    samples = MySamples(path)
    for character in "ab":
        samples.append(Ink.from_points([[(1, 2), (3, 4)]]), character)
    records = [json.loads(line) for line in path.read_text().splitlines()]
    for number, record in enumerate(records):
        record.update(id=f"s{number}", time="2026-01-01T00:00:00Z")
    records += [{"relabel": "s0", "character": "c"}, {"remove": "s1"}, {"restore": "s1"}]
    path.write_text("".join(json.dumps(record) + "\n" for record in records))
    return path


def _read_samples(path: Path) -> object:
    samples = MySamples(path)
    return samples.counts, samples.damaged, samples.dataset() if samples.count else None


_PICTURES = {"png": 4, "jpeg": 4, "webp": 2, "gif": 4, "bmp": 4, "tiff": 4, "ppm": 4, "avif": 4}
"""Formats, and how much the sample is enlarged."""


def _page(folder: Path, suffix: str, scale: int) -> Path:
    path = folder / f"page{suffix}"
    page = np.kron(255 - some_images()[0], np.ones((scale, scale), np.uint8))
    PillowImage.fromarray(page).save(path)
    return path


def _read_picture(path: Path) -> object:
    return find_characters(open_picture(path))


def _pdf(folder: Path) -> Path:
    pages = [PillowImage.fromarray(on_paper(written(text), size=0.3)) for text in ("a", "b")]
    path = folder / "notes.pdf"
    pages[0].save(path, "PDF", save_all=True, append_images=pages[1:])
    lines = path.read_bytes().splitlines(keepends=True)
    path.write_bytes(b"".join(each for each in lines if b"Date" not in each))  # the same each time
    return path


def _read_pdf(path: Path) -> object:
    return open_page(path).picture.mean()


def _stored(folder: Path) -> Path:
    writers = np.arange(5)
    with DatasetWriter(folder / "some", title="Some", alphabet=("a", "b")) as writer:
        writer.append("train", some_images(), np.array([0, 1, 0, 1, 0]), writers)
    return folder / "some" / "dataset.json"


def _stored_images(folder: Path) -> Path:
    return _stored(folder).with_name("train-images.npy")


def _stored_labels(folder: Path) -> Path:
    return _stored(folder).with_name("train-labels.npy")


def _stored_inks(folder: Path) -> Path:
    source = read_pen_archive(_pen(folder))
    with DatasetWriter(folder / "some", title="Some", alphabet=source.alphabet) as writer:
        writer.append_inks("train", source)
    return folder / "some" / "train-inks.npz"


def _read_stored(path: Path) -> object:
    stored = open_dataset(path.parent)
    inks = [stored.inks(split) for split in stored.splits]
    drawn = [archive.render() for archive in inks if archive is not None]
    return drawn, [d.fingerprint() for d in stored.splits.values() if isinstance(d, Dataset)]


def _exported(folder: Path) -> Path:
    stored = open_dataset(_stored(folder).parent)
    chosen = Selection(stored, "train", np.arange(5))
    export(chosen, ExportFormat.FOLDERS, folder / "exported")
    shutil.rmtree(folder / "some")
    return folder / "exported" / "samples.csv"


def _csv(folder: Path) -> Path:
    path = folder / "emnist-digits-train.csv"
    rows = np.column_stack([np.arange(5), some_images().reshape(5, -1)])
    np.savetxt(path, rows, fmt="%d", delimiter=",")
    return path


def _tables(folder: Path, name: str, lines: Sequence[str]) -> Path:
    path = folder / name
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")
    return path


def _pixels(separator: str) -> list[str]:
    return [separator.join(map(str, image.ravel())) for image in some_images()]


def _arff(folder: Path) -> Path:
    names = [f"@attribute pixel{n} real" for n in range(784)]
    rows = [f"{pixels},{label}" for label, pixels in enumerate(_pixels(","))]
    head = ["% a comment", "@relation 'some'", *names, "@attribute class {0,1,2,3,4}", "@data"]
    return _tables(folder, "some.arff", [*head, *rows])


def _libsvm(folder: Path) -> Path:
    rows = [
        " ".join([str(label), *(f"{n}:{value}" for n, value in enumerate(image.ravel(), 1))])
        for label, image in enumerate(some_images())
    ]
    return _tables(folder, "some.scale", rows)


def _uci(folder: Path, suffix: str, separator: str) -> Path:
    cells = some_images()[:, :8, :8].reshape(5, -1) // 16
    rows = [separator.join(map(str, [*row, label])) for label, row in enumerate(cells)]
    return _tables(folder, f"optdigits{suffix}", rows)


def _semicolons(folder: Path) -> Path:
    rows = [
        ";".join([str(label), *(f"{value / 2}".replace(".", ",") for value in image.ravel())])
        for label, image in enumerate(some_images())
    ]
    return _tables(folder, "some.csv", ["sep=;", *rows])


def _one_cell(folder: Path) -> Path:
    rows = [f'{label},"{pixels}"' for label, pixels in enumerate(_pixels(" "))]
    return _tables(folder, "some.csv", ["emotion,pixels", *rows])


def _wide(folder: Path) -> Path:
    path = _csv(folder)
    path.write_bytes(path.read_text().encode("utf-16"))
    return path


def _npz(folder: Path) -> Path:
    np.savez(folder / "some.npz", images=some_images(), labels=np.arange(5))
    return folder / "some.npz"


def _npy(folder: Path) -> Path:
    np.save(folder / "some_labels.npy", np.arange(5))
    np.save(folder / "some_images.npy", some_images())
    return folder / "some_images.npy"


def _mat(folder: Path) -> Path:
    savemat = pytest.importorskip("scipy.io").savemat
    path = folder / "emnist-digits.mat"
    split = {"images": some_images().reshape(5, -1), "labels": np.arange(5)[:, None]}
    mapping = np.column_stack([np.arange(5), np.arange(48, 53)])
    savemat(path, {"dataset": {"train": split, "test": split, "mapping": mapping}})
    # The head begins with the time at which it was written.
    path.write_bytes(b"MATLAB 5.0 MAT-file".ljust(116) + path.read_bytes()[116:])
    return path


def _mat_xy(folder: Path) -> Path:
    savemat = pytest.importorskip("scipy.io").savemat
    path = folder / "some.mat"
    savemat(path, {"X": some_images().reshape(5, -1), "y": np.arange(5)[:, None]})
    path.write_bytes(b"MATLAB 5.0 MAT-file".ljust(116) + path.read_bytes()[116:])
    return path


def _h5(folder: Path) -> Path:
    h5py = pytest.importorskip("h5py")
    path = folder / "some.h5"
    with h5py.File(path, "w") as archive:
        for split in ("train", "test"):
            group = archive.create_group(split)
            group.create_dataset("data", data=some_images().reshape(5, -1), compression="gzip")
            group.create_dataset("target", data=np.arange(5))
    return path


def _mat_7_3(folder: Path) -> Path:
    data = _h5(folder).read_bytes()
    path = folder / "some.mat"
    path.write_bytes(b"MATLAB 7.3 MAT-file".ljust(512, b"\0") + data)
    return path


def _read_or_refuse_sound(path: Path) -> object:
    """Read a file of a kind that is refused with a sentence even if it is sound."""
    try:
        return inspect_import(path)
    except DatasetError:
        return None


def _ink_lines(folder: Path) -> Path:
    path = folder / "mine.jsonl"
    lines = [{"strokes": [[[1, 2], [3, 4]]], "label": c} for c in "abc"]
    path.write_text("\n".join(json.dumps(line) for line in lines))
    return path


def _inkml(folder: Path) -> Path:
    path = folder / "inks.inkml"
    path.write_text(
        '<ink xmlns="http://www.w3.org/2003/InkML"><traceGroup><annotation type="truth">A'
        "</annotation><trace>15 92, 50 8, '5'-3, 85 92</trace></traceGroup></ink>",
        encoding="utf-8",
    )
    return path


def _uji(folder: Path) -> Path:
    path = folder / "uji.txt"
    word = "WORD A trn_W01-01\n NUMSTROKES 1\n POINTS 3 # 15 92 50 8 85 92\n"
    path.write_text(2 * word, encoding="utf-8")
    return path


def _quick_draw(folder: Path) -> Path:
    path = folder / "some.ndjson"
    path.write_text('{"word":"A","drawing":[[[15,50,85],[92,8,92]]]}\n', encoding="utf-8")
    return path


def _svg(folder: Path) -> Path:
    path = folder / "a.svg"
    data = "M15 92L50 8 85,92zm3 4h5v-9C1 2 3 4 5 6S7 8 9 1Q1 2 3 4T5 6A4 5 30 1 0 7 8"
    path.write_text(
        f'<svg><g transform="rotate(3) scale(2)"><path fill="none" stroke="#000" d="{data}"/>'
        '<circle r="4" stroke="red"/></g></svg>',
        encoding="utf-8",
    )
    return path


def _xournal(folder: Path) -> Path:
    path = folder / "page.xopp"
    path.write_text(
        '<xournal><page><layer><stroke tool="pen">15 92 50 8 85 92</stroke></layer></page>'
        "</xournal>",
        encoding="utf-8",
    )
    return path


def _xournal_gz(folder: Path) -> Path:
    path = _xournal(folder)
    path.write_bytes(gzip.compress(path.read_bytes(), mtime=0))
    return path


def _read_document(path: Path) -> object:
    return read_document(path) if document_format(path) else None


def _mapping(folder: Path) -> Path:
    _idx(folder)
    labels = struct.pack(">II", 0x801, 5) + bytes(range(5))
    (folder / "emnist-digits-train-labels-idx1-ubyte").write_bytes(labels)
    path = folder / "emnist-digits-mapping.txt"
    path.write_text("".join(f"{n} {48 + n}\n" for n in range(10)))
    return path


def _class_picture(folder: Path) -> Path:
    for name in ("a", "b"):
        (folder / "pictures" / name).mkdir(parents=True)
        PillowImage.fromarray(some_images()[0]).save(folder / "pictures" / name / "1.png")
    return folder / "pictures" / "a" / "1.png"


def _labelled_pictures(folder: Path) -> Path:
    picture = _class_picture(folder)
    path = picture.parent.parent / "labels.csv"
    path.write_text("file,label\na/1.png,x\nb/1.png,y\n")
    return path


def _zip_of_classes(folder: Path) -> Path:
    _class_picture(folder)
    return Path(shutil.make_archive(str(folder / "classes"), "zip", folder / "pictures"))


def _tar_of_classes(folder: Path) -> Path:
    _class_picture(folder)
    return Path(shutil.make_archive(str(folder / "classes"), "gztar", folder / "pictures"))


def _plain_tar(folder: Path) -> Path:
    _class_picture(folder)
    return Path(shutil.make_archive(str(folder / "classes"), "tar", folder / "pictures"))


def _zip_of_data(folder: Path) -> Path:
    (folder / "data").mkdir()
    _csv(folder / "data")
    np.savez(folder / "data" / "test.npz", images=some_images(), labels=np.arange(5))
    return Path(shutil.make_archive(str(folder / "data"), "zip", folder / "data"))


def _class_ink(folder: Path) -> Path:
    for name in ("a", "b"):
        (folder / "inks" / name).mkdir(parents=True)
        shutil.move(_inkml(folder), folder / "inks" / name / "1.inkml")
    return folder / "inks" / "a" / "1.inkml"


def _json_labels(folder: Path) -> Path:
    path = _labelled_pictures(folder).with_suffix(".json")
    path.with_suffix(".csv").unlink()
    path.write_text('{"a/1.png": "x", "b/1.png": "y"}')
    return path


def _import_class_folders(path: Path) -> object:
    return _import(path.parent.parent)


def _import_folder(path: Path) -> object:
    return _import(path.parent)


def _import(path: Path) -> object:
    with tempfile.TemporaryDirectory() as folder:
        return import_dataset(path, None, Path(folder) / "imported")


def _inspect(path: Path) -> object:
    return inspect_import(path)


DATA_TARGETS = (
    Target("idx", _idx, read_idx),
    Target("idx-gz", _idx_gz, read_idx),
    Target("pen-archive", _pen, _read_pen, mutate=mutated_archive),
    Target("ink", _ink, _read_ink),
    Target("my-samples", _samples, _read_samples),
    *(
        Target(name, partial(_page, suffix=f".{name}", scale=scale), _read_picture)
        for name, scale in _PICTURES.items()
    ),
    Target("dataset-card", _stored, _read_stored),
    Target("dataset-images", _stored_images, _read_stored),
    Target("dataset-labels", _stored_labels, _read_stored),
    Target("dataset-inks", _stored_inks, _read_stored, mutate=mutated_archive),
    Target("import-csv", _csv, _import),
    Target("import-arff", _arff, _import),
    Target("import-libsvm", _libsvm, _import),
    Target("import-tra", partial(_uci, suffix=".tra", separator=","), _import),
    Target("import-tes", partial(_uci, suffix=".tes", separator=" "), _import),
    Target("import-data", partial(_uci, suffix=".data", separator=","), _import),
    Target("import-semicolons", _semicolons, _import),
    Target("import-image-strings", _one_cell, _import),
    Target("import-utf-16", _wide, _import),
    Target("import-npz", _npz, _import, mutate=mutated_archive),
    Target("import-npy", _npy, _import),
    Target("pdf", _pdf, _read_pdf, cost=_CHILD),
    Target("import-matlab", _mat, _inspect, cost=_CHILD),
    Target("import-matlab-xy", _mat_xy, _inspect, cost=_CHILD),
    Target("import-matlab-7.3", _mat_7_3, _read_or_refuse_sound, _CHILD // 4),
    Target("import-hdf5", _h5, _inspect, cost=_CHILD),
    Target("import-inks", _ink_lines, _import),
    Target("import-inkml", _inkml, _import),
    Target("import-ujipenchars", _uji, _import),
    Target("import-quick-draw", _quick_draw, _import),
    Target("ink-svg", _svg, _read_document),
    Target("ink-xournal", _xournal, _read_document),
    Target("ink-xournal-gz", _xournal_gz, _read_document),
    Target("import-mapping", _mapping, _import_folder),
    Target("import-pictures", _class_picture, _import_class_folders),
    Target("import-table-of-pictures", _labelled_pictures, _import_folder),
    Target("import-json-of-pictures", _json_labels, _import_folder),
    Target("import-class-inks", _class_ink, _import_class_folders),
    Target("import-zip-of-data", _zip_of_data, _import, mutate=mutated_archive),
    Target("import-zip", _zip_of_classes, _import),
    Target("import-tar", _plain_tar, _import),
    Target("import-tar-gz", _tar_of_classes, _import),
    Target("import-exported", _exported, _import_folder, cost=8),
)
