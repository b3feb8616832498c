"""The first cells of every script: loading the data, and the split."""

from __future__ import annotations

from trainer.config.training_config import TrainingConfig
from trainer.exporting.script.cells import Cell
from trainer.exporting.script.script_data import ScriptData


def data_cells(config: TrainingConfig, data: ScriptData) -> list[Cell]:
    """Return the cells that make ``x_train``, ``y_train``, ``x_val`` and ``y_val``."""
    cells = [_official(data) if data.folder else _exported(data)]
    cells.append(_given_validation(data) if data.validation else _split(config, data))
    if config.limit:
        chosen: tuple[str, ...] = (
            f"chosen = np.random.default_rng(SEED).permutation(len(x_train))[:{config.limit}]",
            "x_train, y_train = x_train[np.sort(chosen)], y_train[np.sort(chosen)]",
        )
        cells.append(Cell(f"Train on {config.limit:,} samples, chosen at random.", chosen))
    if data.extra:
        code = (
            "n_own = len(x_train)",
            f"for name in {data.extra!r}:".replace("'", '"'),
            "    extra = np.load(name)",
            '    x_train = np.concatenate([x_train, extra["images"]])',
            '    y_train = np.concatenate([y_train, extra["labels"]])',
        )
        cells.append(Cell("Add more data to train on.", code))
    return cells


def _official(data: ScriptData) -> Cell:
    images, labels = data.files
    fetch: tuple[str, ...] = ()
    if data.is_archive:
        fetch = (
            "    if not path.exists():  # fetch all of EMNIST once, about 550 MB",
            f'        archive, _ = urlretrieve("{data.address}")',
            "        ZipFile(archive).extractall(FOLDER.parent)",
        )
    elif data.address:
        fetch = (
            "    if not path.exists():  # fetch it once",
            "        FOLDER.mkdir(exist_ok=True)",
            f'        urlretrieve("{data.address}" + name, path)',
        )
    turn = ".transpose(0, 2, 1)" if data.transposed else ""
    shift = "  # EMNIST's letters begin at 1" if data.first_label else ""
    minus = f" - {data.first_label}" if data.first_label else ""
    code = (
        f"FOLDER = Path({_quoted(data.folder)})",
        f"ALPHABET = {_alphabet(data.alphabet)}",
        "",
        "",
        "def read_idx(name):",
        '    """Return the array in an IDX file: type and shape come first, then the values."""',
        "    path = FOLDER / name",
        *fetch,
        "    content = gzip.open(path).read()",
        '    shape = np.frombuffer(content, ">i4", count=content[3], offset=4)',
        '    return np.frombuffer(content, "u1", offset=4 + 4 * content[3]).reshape(shape)',
        "",
        "",
        f"images = read_idx({_quoted(images)}){turn}",
        f'labels = read_idx({_quoted(labels)}).astype("int64"){minus}{shift}',
    )
    sideways = " EMNIST stores its images sideways." if data.transposed else ""
    return Cell(f"The data: {data.title}. A pixel is 0 for paper to 255 for ink.{sideways}", code)


def _exported(data: ScriptData) -> Cell:
    writers = ('writers = archive["writers"]',) if _is_by_writer(data) else ()
    code = (
        f'archive = np.load("{data.files[0]}")',
        'images, labels = archive["images"], archive["labels"]',
        *writers,
        'ALPHABET = archive["alphabet"].tolist()  # the character of each class',
    )
    return Cell(f"The data: {data.title}. A pixel is 0 for paper to 255 for ink.", code)


def _is_by_writer(data: ScriptData) -> bool:
    return data.has_writers and not data.validation


def _given_validation(data: ScriptData) -> Cell:
    code = (
        "x_train, y_train = images, labels",
        f'validation = np.load("{data.validation[0]}")',
        'x_val, y_val = validation["images"], validation["labels"]',
    )
    return Cell("The data to choose the best epoch by.", code)


def _split(config: TrainingConfig, data: ScriptData) -> Cell:
    share = f"{config.validation_share:g}"
    percent = (
        f"{config.validation_share:.3g}"
        if config.validation_share < 0.01
        else (f"{100 * config.validation_share:g} %")
    )
    if _is_by_writer(data):
        text = (
            f"The split: writers with {percent} of the samples are held out to choose by, so that "
            "nobody is in both parts."
        )
        draw: tuple[str, ...] = (
            "names, counts = np.unique(writers, return_counts=True)",
            "order = random.permutation(len(names))",
            "before = np.cumsum(counts[order]) - counts[order]",
            f"held_out = np.isin(writers, names[order[before < {share} * len(writers)]])",
        )
    else:
        text = f"The split: {percent} of each class are held out to choose by."
        draw = (
            "held_out = np.zeros(len(labels), dtype=bool)",
            "for label in np.unique(labels):",
            "    members = random.permutation(np.flatnonzero(labels == label))",
            f"    held_out[members[: round({share} * len(members))]] = True",
        )
    code = (
        "random = np.random.default_rng(SEED)",
        *draw,
        "x_train, y_train = images[~held_out], labels[~held_out]",
        "x_val, y_val = images[held_out], labels[held_out]",
    )
    return Cell(text, code)


def _alphabet(alphabet: tuple[str, ...]) -> str:
    if all(len(character) == 1 for character in alphabet):
        return f"list({_quoted(''.join(alphabet))})"
    return f"[str(number) for number in range({len(alphabet)})]"


def _quoted(text: str) -> str:
    is_plain = text.isprintable() and '"' not in text and "\\" not in text
    return f'"{text}"' if is_plain else repr(text)
