"""Collect the window's texts and compile their translations: ``make translations``.

New texts are marked as unfinished in `resources/translations/*.ts`; translate them with Qt Linguist
(`pyside6-linguist`) or an editor, then run the command again to compile them.
"""

from __future__ import annotations

import ast
import json
import re
import subprocess
import sys
import xml.etree.ElementTree as ET
from collections.abc import Iterator, Sequence
from pathlib import Path

ROOT = Path(__file__).parent.parent
FOLDER = ROOT / "resources" / "translations"
TRAINER = ROOT / "build" / "texts_of_the_trainer.py"
LANGUAGES = ("de",)
CONTEXT = "TrainerErrors"
"""As in `emnist_desktop/i18n/error_messages.py`."""
MESSAGE_ARGUMENTS = {
    "Message": (0,),
    "Warned": (0, 1),
    "Finding": (1, 2),
    "Device": (1,),
    "LayerMaps": (0,),
    "progress": (2,),
    "reading": (1,),
}
"""Indices of the message arguments of calls other than errors."""
MESSAGE_KEYWORDS = {"message", "hint", "device_reason"}
NOT_SHOWN = {"ArgumentTypeError", "ArgumentError", "ValueError"}
"""Errors that only the command line shows, and one that is shown where it is given a `Message`."""
BIN = Path(sys.executable).parent


def main() -> int:
    FOLDER.mkdir(exist_ok=True)
    TRAINER.parent.mkdir(exist_ok=True)
    calls = [
        f'QCoreApplication.translate("{context}", {json.dumps(text, ensure_ascii=False)})'
        for context, texts in (("Trainer", texts_of_the_trainer()), (CONTEXT, error_templates()))
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
    """Yield the texts of the trainer's tables in the window: settings, models and datasets."""
    from trainer.config.fields import FIELDS
    from trainer.datasets.my_samples import TITLE as SAMPLES_TITLE
    from trainer.datasets.synthetic.about import STARTER_TITLE
    from trainer.evaluation.corruptions import CORRUPTIONS
    from trainer.files.paths import default_bundle
    from trainer.models.layers import LAYER_KINDS
    from trainer.models.presets import PRESETS
    from trainer.recognition.bundle import load_bundle
    from trainer.runs.titles import MY_SAMPLES_WORDS
    from trainer.search.space import variables

    for field in FIELDS.values():
        yield from (field.title, field.help, field.unit, field.zero)
    for preset in PRESETS.values():
        yield from (preset.title, preset.summary, preset.source)
        for option in preset.options:
            yield from (option.title, option.help, option.unit)
    for preset in PRESETS.values():
        yield from (each.title for each in variables({"preset": preset.name}).values())
    for kind in LAYER_KINDS.values():
        yield from (kind.title, kind.help)
        for option in kind.options:
            yield from (option.title, option.help, option.unit)
    for corruption in CORRUPTIONS.values():
        yield from (corruption.title, corruption.unit)
    yield from (SAMPLES_TITLE, MY_SAMPLES_WORDS, STARTER_TITLE, load_bundle(default_bundle()).name)


def error_templates() -> list[str]:
    """Return the templates of the messages of both packages, and of those of libraries."""
    from emnist_desktop.i18n.library_texts import LIBRARY_TEXTS
    from trainer.datasets.download.sources import published

    descriptions = {each.description for each in published()} | set(projects())
    packages = (templates_in(ROOT / name) for name in ("trainer", "emnist_desktop"))
    return sorted(set().union(*packages, LIBRARY_TEXTS, descriptions))


def templates_in(package: Path) -> set[str]:
    """Return the templates of the errors and messages of a package.

    Of a conditional expression, both texts; a name stands for all texts assigned to it.
    """
    files = package.rglob("*.py")
    nodes = [n for f in files for n in ast.walk(ast.parse(f.read_text(encoding="utf-8")))]
    expressions = [each for node in nodes for each in message_expressions(node)]
    names = {each.id for each in expressions if isinstance(each, ast.Name)}
    for node in nodes:
        match node:
            case ast.Assign(targets=[ast.Name(id=name)], value=value) if name in names:
                expressions += _choices(value)
    texts = {each.value for each in expressions if isinstance(each, ast.Constant)}
    return {text for text in texts if isinstance(text, str) and re.search("[A-Za-z]{2}", text)}


def message_expressions(node: ast.AST) -> Iterator[ast.expr]:
    """Yield the expressions of messages and hints in a node of the source."""
    match node:
        case ast.Call(func=ast.Attribute(attr="format"), keywords=values):
            yield from _alternatives(values)
        case ast.Call(func=ast.Name(id=name) | ast.Attribute(attr=name), args=args, keywords=named):
            is_error = name.endswith("Error") and name not in NOT_SHOWN
            indices = (0, 1) if is_error else MESSAGE_ARGUMENTS.get(name, ())
            shown = [args[index] for index in indices if index < len(args)]
            shown += [each.value for each in named if each.arg in MESSAGE_KEYWORDS]
            yield from (choice for each in shown for choice in _choices(each))
            if name == "Message":
                yield from _alternatives(named)


def _alternatives(values: Sequence[ast.keyword]) -> Iterator[ast.expr]:
    """Yield the texts that replace a missing value, such as ``or "none"``."""
    for each in values:
        if isinstance(each.value, ast.IfExp | ast.BoolOp):
            yield from (c for c in _choices(each.value) if isinstance(c, ast.Constant))


def _choices(expression: ast.expr) -> Iterator[ast.expr]:
    match expression:
        case ast.IfExp(body=body, orelse=orelse):
            yield from (*_choices(body), *_choices(orelse))
        case ast.BoolOp(values=values):
            yield from (choice for each in values for choice in _choices(each))
        case _:
            yield expression


def projects() -> Iterator[str]:
    """Yield the texts of the course projects, their steps and their figures."""
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
