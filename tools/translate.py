"""Collect the window's texts and compile their translations: ``make translations``.

New texts stand in `resources/translations/*.ts` as unfinished; Qt Linguist (`pyside6-linguist`) or
an editor fills them in, and a second run compiles them. The sentences of the trainer's errors are
listed in a file of their own too: the window has to find a finished sentence's template.
"""

from __future__ import annotations

import json
import subprocess
import sys
import xml.etree.ElementTree as ET
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).parent.parent
FOLDER = ROOT / "resources" / "translations"
TRAINER = ROOT / "build" / "texts_of_the_trainer.py"
LANGUAGES = ("de",)
TEMPLATES, CONTEXT = "trainer-errors.json", "TrainerErrors"
"""As in `emnist_desktop/i18n/error_messages.py`."""
BIN = Path(sys.executable).parent
OF_OTHERS = (
    "[Errno {0}] {1}",
    "[Errno {0}] {1}: {2}",
    "Broken pipe",
    "Cannot allocate memory",
    "Connection refused",
    "Connection reset by peer",
    "Connection timed out",
    "Device or resource busy",
    "Directory not empty",
    "Disk quota exceeded",
    "File exists",
    "File name too long",
    "Input/output error",
    "Is a directory",
    "Name or service not known",
    "Network is unreachable",
    "No route to host",
    "No space left on device",
    "No such file or directory",
    "Not a directory",
    "Operation not permitted",
    "Permission denied",
    "Read-only file system",
    "Temporary failure in name resolution",
    "Too many open files",
    "{0}: line {1} column {2} (char {3})",
    "'{0}' codec can't decode byte {1} in position {2}: {3}",
    "Bad CRC-32 for file {0}",
    "CRC check failed {0} != {1}",
    "Cannot load file containing pickled data when allow_pickle=False",
    "Compressed file ended before the end-of-stream marker was reached",
    "EOF: reading array data, expected {0} bytes got {1}",
    "Error {0} while decompressing data: {1}",
    "Expecting ',' delimiter",
    "Expecting property name enclosed in double quotes",
    "Expecting value",
    "Extra data",
    "File is not a zip file",
    "Mat file appears to be truncated",
    "No data left in file",
    "Not a gzipped file ({0})",
    "This file contains pickled (object) data. If you trust the file you can load it unsafely "
    "using the `allow_pickle=` keyword argument or `pickle.load()`.",
    "Unterminated string starting at",
    "broken data stream when reading image file",
    "cannot identify image file {0}",
    "cannot reshape array of size {0} into shape {1}",
    "could not convert string to float: {0}",
    "image file is truncated ({0} bytes not processed)",
    "incorrect header check",
    "invalid continuation byte",
    "invalid start byte",
    "unexpected end of data",
)
"""What the operating system, Python and its libraries say, within the trainer's sentences."""


def main() -> int:
    FOLDER.mkdir(exist_ok=True)
    TRAINER.parent.mkdir(exist_ok=True)
    templates = error_templates()
    listed = json.dumps(templates, ensure_ascii=False, indent=0)
    (FOLDER / TEMPLATES).write_text(f"{listed}\n", encoding="utf-8")
    calls = [
        f'QCoreApplication.translate("{context}", {json.dumps(text, ensure_ascii=False)})'
        for context, texts in (("Trainer", texts_of_the_trainer()), (CONTEXT, templates))
        for text in dict.fromkeys(texts)
        if text
    ]
    TRAINER.write_text("\n".join(calls) + "\n", encoding="utf-8")
    sources = sorted(str(p.relative_to(ROOT)) for p in (ROOT / "emnist_desktop").rglob("*.py"))
    sources.append(str(TRAINER.relative_to(ROOT)))
    for language in LANGUAGES:
        texts = FOLDER / f"emnist-desktop_{language}.ts"
        collect = [BIN / "pyside6-lupdate", "-silent", "-no-obsolete", "-locations", "none"]
        target = ["-target-language", language, "-ts", texts.relative_to(ROOT)]
        subprocess.run([*collect, *sources, *target], cwd=ROOT, check=True)
        compiled = texts.with_suffix(".qm")
        subprocess.run([BIN / "pyside6-lrelease", "-silent", texts, "-qm", compiled], check=True)
        missing = [m.findtext("source") for m in unfinished(texts)]
        for text in missing:
            print(f"{language}: not translated: {text}")
        print(f"{texts.relative_to(ROOT)}: {len(missing)} texts are not translated")
    return 0


def texts_of_the_trainer() -> Iterator[str]:
    """Yield what the window shows of the trainer's tables: settings, models and datasets."""
    from trainer.config.fields import FIELDS
    from trainer.datasets.my_samples import TITLE as SAMPLES_TITLE
    from trainer.datasets.synthetic.starter import STARTER_TITLE
    from trainer.evaluation.corruptions import CORRUPTIONS
    from trainer.files.paths import default_bundle
    from trainer.models.presets import PRESETS
    from trainer.recognition.bundle import load_bundle
    from trainer.runs.titles import MY_SAMPLES_WORDS
    from trainer.search.space import variables

    for field in FIELDS.values():
        yield from (field.title, field.help, field.unit)
    for preset in PRESETS.values():
        yield from (preset.title, preset.summary)
        for option in preset.options:
            yield from (option.title, option.help, option.unit)
    for preset in PRESETS.values():
        yield from (variable.title for variable in variables(preset.name).values())
    for corruption in CORRUPTIONS.values():
        yield from (corruption.title, corruption.unit)
    yield from (SAMPLES_TITLE, MY_SAMPLES_WORDS, STARTER_TITLE, load_bundle(default_bundle()).name)


def error_templates() -> list[str]:
    """Return the sentences of the trainer's errors, with numbered places for their values."""
    from trainer_errors import Reader

    from trainer.datasets.download.sources import published

    described = {each.description for each in published()} | set(projects())
    return sorted({*Reader(ROOT / "trainer").templates(), *OF_OTHERS, *described})


def projects() -> Iterator[str]:
    """Yield what is said of the course projects, of their steps and of the figures."""
    from trainer.reproduce.plan import Measure
    from trainer.reproduce.projects import PROJECTS

    yield from Measure
    for project in PROJECTS.values():
        yield project.dataset
        for step in project.steps:
            yield from filter(None, (step.title, step.note))


def unfinished(texts: Path) -> list[ET.Element]:
    """Return the messages without a translation."""
    messages = ET.parse(texts).getroot().iter("message")
    return [m for m in messages if (t := m.find("translation")) is None or t.get("type")]


if __name__ == "__main__":
    sys.path.insert(0, str(ROOT))
    sys.exit(main())
