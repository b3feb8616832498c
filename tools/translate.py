"""Collect the window's texts and compile their translations: ``make translations``.

New texts stand in `resources/translations/*.ts` as unfinished; Qt Linguist (`pyside6-linguist`) or
an editor fills them in, and a second run compiles them.
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
BIN = Path(sys.executable).parent


def main() -> int:
    FOLDER.mkdir(exist_ok=True)
    TRAINER.parent.mkdir(exist_ok=True)
    calls = [
        f'QCoreApplication.translate("Trainer", {json.dumps(text, ensure_ascii=False)})'
        for text in dict.fromkeys(texts_of_the_trainer())
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
    """Yield what the window shows of the trainer's tables: settings and models."""
    from trainer.config_fields import FIELDS
    from trainer.models.presets import PRESETS

    for field in FIELDS.values():
        yield from (field.title, field.help, field.unit)
    for preset in PRESETS.values():
        yield from (preset.title, preset.summary)
        for option in preset.options:
            yield from (option.title, option.help, option.unit)


def unfinished(texts: Path) -> list[ET.Element]:
    """Return the messages without a translation."""
    messages = ET.parse(texts).getroot().iter("message")
    return [m for m in messages if (t := m.find("translation")) is None or t.get("type")]


if __name__ == "__main__":
    sys.path.insert(0, str(ROOT))
    sys.exit(main())
