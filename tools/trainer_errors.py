"""The sentences of the trainer's errors, read from its source, as templates with numbered places.

``f"{path.name} cannot be read: {error}."`` becomes ``{0} cannot be read: {1}.``. A value that can
only be one of a few texts of the source is put in, so that each is a sentence to translate.
"""

from __future__ import annotations

import ast
import itertools
import re
import string
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path

PLACE = None
"""Stands in a text for a value that only the running program knows."""

Text = tuple[str | None, ...]
"""Pieces of the source and places."""

UNKNOWN: list[Text] = [(PLACE,)]

TOLD = {
    "Warned": (0, 1),
    "Failed": (0, 1),
    "Ending": (4, 5),
    "Finding": (1, 2),
    "Device": (1,),
    "BadZipFile": (0,),
    "LayerMaps": (0,),
    "progress": (2,),
}
"""Calls beside those of errors whose texts are shown: which of their arguments."""

DESCRIBED = {"replace", "DatasetWriter", "Estimate", "Started"}
"""Calls that say what a dataset is, or on what a run computes."""

TOLD_BY_NAME = {
    "message",
    "hint",
    "sentence",
    "device_reason",
    "error",
    "phase",
    "description",
    "source",
}
"""Arguments, and keys of a child's answers, whose texts are shown."""

TOLD_BY_RETURN = {
    "trainer.comparison.mcnemar": ("in_words",),
    "trainer.datasets.formats.classes": ("other_names",),
    "trainer.datasets.formats.pictures": ("_skipped_note",),
}
"""Functions whose answers are shown: a text, or texts among other values."""

COMMAND_LINE = {"ArgumentTypeError", "ArgumentError"}
"""What only a shell ever shows."""

MOST_TEXTS = 16
"""Of one expression; beyond it the value is a place."""

SHORTEST_WORD = 4
"""Letters; shorter ones beside a value are units."""

DEEPEST = 8


@dataclass
class Module:
    """One file: its constants, its functions, and who encloses what."""

    name: str
    tree: ast.Module
    constants: dict[str, ast.expr] = field(default_factory=dict)
    imported: dict[str, tuple[str, str]] = field(default_factory=dict)
    functions: dict[str, ast.FunctionDef] = field(default_factory=dict)
    enclosing: dict[ast.AST, ast.FunctionDef | None] = field(default_factory=dict)

    def __post_init__(self) -> None:
        for node in self.tree.body:
            match node:
                case ast.Assign(targets=[ast.Name(id=name)], value=value):
                    self.constants[name] = value
                case ast.AnnAssign(target=ast.Name(id=name), value=ast.expr() as value):
                    self.constants[name] = value
        self._enclose(self.tree, None)

    def _enclose(self, node: ast.AST, function: ast.FunctionDef | None) -> None:
        self.enclosing[node] = function
        if isinstance(node, ast.FunctionDef):
            self.functions.setdefault(node.name, node)
            function = node
        elif isinstance(node, ast.ImportFrom) and node.module:
            for alias in node.names:
                self.imported[alias.asname or alias.name] = (node.module, alias.name)
        for child in ast.iter_child_nodes(node):
            self._enclose(child, function)


class Reader:
    """Reads all modules of a package; `templates` says what they tell.

    Parameters
    ----------
    package : Path
        The folder of the package.
    """

    def __init__(self, package: Path) -> None:
        self._modules: dict[str, Module] = {}
        self._calls: dict[str, list[tuple[Module, ast.Call]]] = defaultdict(list)
        self._sentences: list[Text] = []
        for path in sorted(package.rglob("*.py")):
            name = ".".join(path.relative_to(package.parent).with_suffix("").parts)
            module = Module(name, ast.parse(path.read_text(encoding="utf-8")))
            self._modules[name] = module
            for node in module.enclosing:
                if isinstance(node, ast.Call):
                    self._calls[_called(node)].append((module, node))

    def templates(self) -> list[str]:
        """Return every template once, sorted."""
        texts = {text for module in self._modules.values() for text in self._told(module)}
        found = {_template(text) for text in texts}
        return sorted(each for each in found if _has_words(each))

    def _told(self, module: Module) -> Iterator[Text]:
        for node in module.enclosing:
            for expression in _told_by(node):
                yield from self._texts(module, expression)
        for name in TOLD_BY_RETURN.get(module.name, ()):
            for value in _answers(module.functions[name]):
                for each in value.elts if isinstance(value, ast.Tuple) else [value]:
                    yield from self._texts(module, each)
        yield from self._sentences
        self._sentences.clear()

    def _texts(self, module: Module, expression: ast.expr, depth: int = 0) -> list[Text]:
        """Return what an expression can be; one place for what only a run can tell."""
        found, deeper = UNKNOWN, depth + 1
        if depth > DEEPEST:
            return found
        match expression:
            case ast.Constant(value=str(text)):
                found = [(text,)]
            case ast.JoinedStr(values=values):
                found = self._joined(module, values, deeper)
            case ast.BinOp(left=left, op=ast.Add(), right=right):
                found = self._joined(module, [left, right], deeper)
            case ast.IfExp() | ast.BoolOp(op=ast.Or()):
                found = [t for e in _choices(expression) for t in self._texts(module, e, deeper)]
            case ast.Name(id=name):
                found = self._named(module, expression, name, deeper)
            case ast.Call():
                found = self._answered(module, expression, deeper)
        return found

    def _joined(self, module: Module, values: Sequence[ast.expr], depth: int) -> list[Text]:
        choices: list[list[Text]] = []
        for value in values:
            if isinstance(value, ast.FormattedValue):
                choices.append(self._put_in(module, value, depth))
            else:
                choices.append(self._texts(module, value, depth))
        while _product_of(choices) > MOST_TEXTS:
            choices[max(range(len(choices)), key=lambda i: len(choices[i]))] = UNKNOWN
        return [tuple(itertools.chain(*parts)) for parts in itertools.product(*choices)]

    def _put_in(self, module: Module, value: ast.FormattedValue, depth: int) -> list[Text]:
        """Return what stands for a value in a sentence: few texts, or a place."""
        if value.conversion != -1 or value.format_spec is not None:
            return UNKNOWN
        found = list(dict.fromkeys(self._texts(module, value.value, depth)))
        if _is_choice(module, value.value):
            return found
        sentences = [text for text in found if _is_sentence(text)]
        self._sentences += sentences
        kept = [text for text in found if text not in sentences]
        if any(_is_phrase(text) for text in kept):
            names = [text for text in kept if text and text != ("",) and not _is_phrase(text)]
            kept = [text for text in kept if text not in names]
            return [*kept, *UNKNOWN] if sentences or names else kept
        return UNKNOWN

    def _named(self, module: Module, node: ast.AST, name: str, depth: int) -> list[Text]:
        function = module.enclosing[node]
        if function is not None:
            assigned = _assigned(function, name)
            if assigned is not None:
                return [text for each in assigned for text in self._texts(module, each, depth)]
            if name in _parameters(function):
                return self._given(module, function, name, depth)
            if _is_bound(function, name):
                return UNKNOWN
        if name in module.constants:
            return self._texts(module, module.constants[name], depth)
        other, theirs = module.imported.get(name, ("", ""))
        if other in self._modules and theirs in self._modules[other].constants:
            source = self._modules[other]
            return self._texts(source, source.constants[theirs], depth)
        return UNKNOWN

    def _given(self, home: Module, function: ast.FunctionDef, name: str, depth: int) -> list[Text]:
        """Return what callers give for a parameter; the window may give anything else."""
        names = _parameters(function)
        place = names.index(name) - (names[0] in ("self", "cls"))
        found: list[Text] = []
        for module, call in self._calls[function.name]:
            if function.name.startswith("_") and module is not home:
                continue
            given = [each.value for each in call.keywords if each.arg == name]
            if not given and 0 <= place < len(call.args):
                given = [call.args[place]]
            for each in given:
                found += self._texts(module, each, depth)
        is_closed = bool(found) and function.name.startswith("_")
        return found if is_closed else [*found, *UNKNOWN]

    def _answered(self, module: Module, call: ast.Call, depth: int) -> list[Text]:
        """Return what a function of the package can answer, and a text after str.format."""
        match call.func:
            case ast.Attribute(value=value, attr="format"):
                return [_with_places(text) for text in self._texts(module, value, depth)]
            case ast.Attribute(value=value, attr="strip" | "rstrip"):
                return self._texts(module, value, depth)
            case ast.Name(id=name) | ast.Attribute(value=ast.Name(id="self"), attr=name):
                other, theirs = module.imported.get(name, (module.name, name))
                source = self._modules.get(other)
                if source is not None and theirs in source.functions:
                    values = _answers(source.functions[theirs])
                    return [text for each in values for text in self._texts(source, each, depth)]
        return UNKNOWN


def _choices(expression: ast.IfExp | ast.BoolOp) -> list[ast.expr]:
    if isinstance(expression, ast.IfExp):
        return [expression.body, expression.orelse]
    return expression.values


def _is_choice(module: Module, value: ast.expr) -> bool:
    """Return whether a value is one of two written where it is used, such as "is" or "are"."""
    function = module.enclosing[value]
    if isinstance(value, ast.Name) and function is not None:
        assigned = _assigned(function, value.id) or []
        return len(assigned) == 1 and _is_choice(module, assigned[0])
    return isinstance(value, ast.IfExp | ast.BoolOp)


def _called(call: ast.Call) -> str:
    match call.func:
        case ast.Name(id=name) | ast.Attribute(attr=name):
            return name
    return ""


def _told_by(node: ast.AST) -> Iterator[ast.expr]:
    """Yield the expressions of a node that are shown to the user."""
    match node:
        case ast.Call(args=arguments, keywords=keywords):
            name = _called(node)
            is_error = name.endswith("Error") and name not in COMMAND_LINE
            places = (0, 1) if is_error else TOLD.get(name, ())
            yield from (arguments[place] for place in places if place < len(arguments))
            if places or name in DESCRIBED:
                yield from (each.value for each in keywords if each.arg in TOLD_BY_NAME)
            if ast.unparse(node.func) == "notes.append":
                yield arguments[0]
        case ast.Dict(keys=keys, values=values):
            for key, value in zip(keys, values, strict=True):
                if isinstance(key, ast.Constant) and key.value in ("error", "hint", "message"):
                    yield value
        case ast.Assign(targets=[ast.Name(id="sentence")], value=value):
            yield _formatted(value)
        case ast.Tuple(elts=[*_, ast.Name(id=name), first, second]) if name.endswith("Error"):
            yield from (_formatted(each) for each in (first, second))


def _answers(function: ast.FunctionDef) -> list[ast.expr]:
    """Return what a function returns or yields."""
    nodes = [node for node in ast.walk(function) if isinstance(node, ast.Return | ast.Yield)]
    return [node.value for node in nodes if node.value is not None]


def _assigned(function: ast.FunctionDef, name: str) -> list[ast.expr] | None:
    """Return what a local name is set to; None where that is not by plain assignments."""
    found: list[ast.expr] = []
    for node in ast.walk(function):
        match node:
            case ast.Assign(targets=[ast.Name(id=target)], value=value) if target == name:
                found.append(value)
            case ast.NamedExpr(target=ast.Name(id=target), value=value) if target == name:
                found.append(value)
    return found or None


def _is_bound(function: ast.FunctionDef, name: str) -> bool:
    """Return whether a loop, a `with` or an unpacking sets the name."""
    return any(
        isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store) and node.id == name
        for node in ast.walk(function)
    )


def _parameters(function: ast.FunctionDef) -> list[str]:
    given = function.args
    return [each.arg for each in (*given.posonlyargs, *given.args, *given.kwonlyargs)]


def _product_of(choices: Sequence[Sequence[Text]]) -> int:
    n = 1
    for each in choices:
        n *= len(each)
    return n


def _formatted(expression: ast.expr) -> ast.expr:
    """Return the expression of a text with named fields, filled in."""
    return ast.Call(ast.Attribute(expression, "format"), [], [])


def _is_sentence(text: Text) -> bool:
    literal = "".join(piece or "" for piece in text)
    return " " in literal and literal[0].isupper() and literal.rstrip().endswith(".")


def _is_phrase(text: Text) -> bool:
    """Return whether a text has words to translate, more than a name or a unit."""
    words = "".join(piece or " " for piece in text).split()
    long = [word for word in words if re.fullmatch(r"[A-Za-z]{2,}[,.:]?", word)]
    return len(long) > 1 or (PLACE in text and len("".join(long)) >= SHORTEST_WORD)


def _with_places(text: Text) -> Text:
    """Turn the named fields of a text for str.format into places."""
    pieces: list[str | None] = []
    for piece in text:
        if piece is PLACE:
            pieces.append(PLACE)
            continue
        for literal, name, _, _ in string.Formatter().parse(piece):
            pieces.append(literal)
            if name is not None:
                pieces.append(PLACE)
    return tuple(pieces)


def _template(text: Text) -> str:
    """Write a text with numbered places; places side by side are one."""
    written = ""
    number = itertools.count()
    before: str | None = ""
    for piece in (each for each in text if each != ""):
        if piece is not PLACE:
            written += piece.replace("{", "{{").replace("}", "}}")
        elif before is not PLACE:
            written += f"{{{next(number)}}}"
        before = piece
    return written


def _has_words(template: str) -> bool:
    literal = re.sub(r"\{\d+\}", "", template)
    return re.search(r"[A-Za-z]{2}", literal) is not None and " " in template.strip()
