"""The form in which a run is set up: made of the table of settings, so that none is missing."""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping, Sequence
from typing import Any, TypeVar

from PySide6.QtCore import QCoreApplication, Qt, Signal, Slot
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QLabel, QWidget

from emnist_desktop.i18n.error_messages import error_text
from emnist_desktop.i18n.language import trainer_text
from emnist_desktop.training.setup.augmentation_preview import DRAWINGS
from emnist_desktop.training.setup.augmentation_preview import IMAGES as OF_IMAGES
from emnist_desktop.training.setup.field_row import FieldRow, translated
from emnist_desktop.training.setup.layers_row import LayersRow
from emnist_desktop.ui.controls import bold, caption, check_box, refill, tool_button
from emnist_desktop.ui.format import local
from emnist_desktop.ui.layout import sheet, turn, vbox
from emnist_desktop.ui.style import MARGIN
from trainer.augmentation.images import IMAGE_AUGMENTATION_LIMITS, ImageAugmentation
from trainer.augmentation.strokes import STROKE_AUGMENTATION_LIMITS, StrokeAugmentation
from trainer.config.code import setting_code
from trainer.config.fields import FIELDS, FOR_ALL_MODELS, Field
from trainer.config.training_config import TrainingConfig
from trainer.errors import ConfigError
from trainer.ink.render import PLANES
from trainer.models.layer_shapes import Shape, network_sizes
from trainer.models.option import Option
from trainer.models.preset_layers import preset_layers
from trainer.models.presets import OWN, PRESETS, Preset, PresetKind

STROKES, IMAGES = "augmentation", "image_augmentation"
"""The settings; the form has a check box for each, and rows for its strengths."""
A = TypeVar("A", ImageAugmentation, StrokeAugmentation)
FIRST_PRESET = "cnn-small"
MY_SAMPLES = "my-samples"

_LEFT = ("data", "model", "augmentation")
_TWO_COLUMNS_FROM = 980
"""Width of the form, in pixels."""

_FOLDED = ("extra_share",)
"""Settings that mean nothing until another is changed."""

_NETWORK_ONLY = ("training", "regularisation", "augmentation")
"""Groups that mean nothing to a classic model."""


class SetupForm(QWidget):
    """Edits the configuration of a run.

    Signals
    -------
    changed
        A value has changed.
    """

    changed = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.rows: dict[str, FieldRow] = {}
        self.options: dict[str, FieldRow] = {}
        self._n_parameters = 0, 0
        self._extra: list[str] = []
        self._device = "auto"
        self._kind = ""
        self.summary = caption()
        self.summary.setTextFormat(Qt.TextFormat.PlainText)
        self.plus_samples = check_box(
            self.tr("Plus my samples"),
            self.tr("Also learn from the characters that you have confirmed in the Draw tab"),
        )
        self._sections: dict[str, FormSection] = {}
        self._strength_rows: dict[str, StrengthRows] = {}
        self._build()
        self.rows["preset"].changed.connect(self._on_preset_changed)
        self.plus_samples.toggled.connect(self._on_switch_changed)
        self.plus_samples.toggled.connect(self.changed)
        self.rows["preset"].set_value(FIRST_PRESET)
        self.changed.connect(self._show_code)
        self._on_preset_changed()

    @property
    def preset(self) -> Preset:
        """The model that is chosen."""
        return PRESETS[str(self.rows["preset"].value())]

    def set_datasets(self, names: Sequence[tuple[str, str]], *, has_samples: bool) -> None:
        """Offer datasets: name and text of each; what is chosen stays chosen."""
        self._offer("data", names)
        whole = ("", self.tr("a part of the dataset"))
        self._offer("validation", [whole, *names])
        self.plus_samples.setVisible(has_samples)

    def set_bundles(self, bundles: Sequence[tuple[str, str]]) -> None:
        """Offer the recognisers of finished runs to start from, and as teachers: folder, title."""
        nothing = {"start_from": self.tr("random weights"), "teacher": self.tr("none")}
        for name, text in nothing.items():
            if name not in self.rows:
                continue
            chosen = str(self.rows[name].value())
            known = {"": text, **dict(bundles)}
            known.setdefault(chosen, chosen)  # of settings that were loaded
            self._offer(name, list(known.items()))

    def set_device(self, device: str) -> None:
        """Set the default device of new runs; a device that the user has chosen is kept."""
        self._device = device
        self.rows["device"].set_default(device)

    def reset_device(self) -> None:
        """Take the device that new runs compute on."""
        self.rows["device"].set_value(self._device)

    def config(self) -> TrainingConfig | None:
        """Return the settings; None if one is wrong, which is then marked."""
        problems = self._problems()
        for name, row in self._all_rows().items():
            row.show_problem(problems[name])
        if any(problems.values()):
            self._show_first_problem()
            return None
        try:
            return TrainingConfig.from_record(self._record())
        except ConfigError as error:
            self.mark(error.field, error_text(error.message, error.hint))
            return None

    def show_config(self, config: TrainingConfig) -> None:
        """Fill the form."""
        record = dataclasses.asdict(config)
        self.rows["preset"].set_value(config.preset)
        self._on_preset_changed()
        for name, row in self.rows.items():
            if name in record:
                is_switch = name in (STROKES, IMAGES)
                row.set_value(record[name] is not None if is_switch else record[name])
        for name, row in self.options.items():
            row.set_value(config.preset_options.get(name, row.value()))
        self.plus_samples.setChecked(MY_SAMPLES in config.extra)
        self._extra = [name for name in config.extra if name != MY_SAMPLES]
        self._on_switch_changed()
        for name in (STROKES, IMAGES):
            for key, value in (record[name] or {}).items():
                self.rows[f"{name}.{key}"].set_value(value)
        self.changed.emit()

    def show_data(self, image_shape: tuple[int, int], n_classes: int) -> None:
        """Take the size of the images and the number of classes, for the shapes of layers."""
        row = self.rows["layers"]
        n_planes = len(PLANES) if self.rows["direction_share"].value() else 1
        image_size = self.rows["image_size"]
        if isinstance(row, LayersRow) and not image_size.problem():
            data = (*image_shape, n_planes), n_classes, image_size.value()
            row.show_data(*data)
            self._n_parameters = self._count_parameters(*data), n_classes
            self._show_summary()

    def _count_parameters(self, shape: Shape, n_classes: int, image_size: int) -> int:
        """Return the parameters of the chosen network for data like these; 0 if none fits."""
        chosen, rows = self.preset, self.options
        if not self._is_network or chosen.name == OWN or any(r.problem() for r in rows.values()):
            return 0
        values = {name: row.value() for name, row in rows.items()}
        layers = preset_layers(chosen.name, 0.0, values)
        sizes = network_sizes(layers, shape, n_classes, image_size)
        return 0 if sizes.problem else sizes.parameters

    def image_augmentation(self) -> ImageAugmentation | None:
        """Return how images are to be varied; None not at all, or if a value is wrong."""
        return self._augmentation(ImageAugmentation, IMAGES)

    def stroke_augmentation(self) -> StrokeAugmentation | None:
        """Return how drawings are to be varied; None not at all, or if a value is wrong."""
        return self._augmentation(StrokeAugmentation, STROKES)

    def _augmentation(self, kind: type[A], name: str) -> A | None:
        values = self._strengths(name)
        try:
            return None if values is None else kind(**values)
        except (ConfigError, TypeError):
            return None

    def sound_config(self) -> TrainingConfig | None:
        """Return the settings, or None; unlike `config`, mark nothing."""
        if any(self._problems().values()):
            return None
        try:
            return TrainingConfig.from_record(self._record())
        except ConfigError:
            return None

    @Slot()
    def _show_code(self) -> None:
        """Say in each row what it is in a script."""
        values = {name: row.value() for name, row in self.rows.items()}
        for name, row in (*self.rows.items(), *self.options.items()):
            row.show_code(setting_code(name, row.value(), values))

    def add_preview(self, preview: QWidget) -> None:
        """Show what the augmentation does, below its boxes."""
        self._sections["augmentation"].add(preview)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Put the groups beside one another where there is room."""
        turn(self._columns, is_wide=event.size().width() >= _TWO_COLUMNS_FROM)
        super().resizeEvent(event)

    @Slot()
    def _on_preset_changed(self) -> None:
        chosen = self.preset
        self._rebuild_options(chosen)
        self._n_parameters = chosen.parameters or 0, chosen.classes
        defaults = defaults_of(chosen, self._device)
        for name, row in self.rows.items():
            if name in defaults and name not in ("preset", "data"):
                row.set_default(defaults[name])
        self._show_summary()
        self._show_what_applies()
        self.changed.emit()

    def _show_summary(self) -> None:
        """Say what the chosen model is, and how large it is for the chosen data."""
        chosen = self.preset
        facts = [trainer_text(chosen.summary)]
        n_parameters, n_classes = self._n_parameters
        if n_parameters and chosen.name != OWN:
            text = self.tr("{0} parameters for {1} classes.")
            facts.append(text.format(local(n_parameters), n_classes))
        if not chosen.reports_progress:
            facts.append(self.tr("It gives no intermediate results."))
        if not self._is_network:
            facts.append(
                self.tr("It computes on the processor; settings for networks are left out.")
            )
        if chosen.name != OWN:
            facts.append(self.tr("Source: {0}").format(trainer_text(chosen.source)))
        self.summary.setText(" ".join(facts))

    @property
    def _is_network(self) -> bool:
        return self.preset.kind is PresetKind.NETWORK

    def _show_what_applies(self) -> None:
        """Show only the settings that apply to the model."""
        for name, row in self.rows.items():
            if name in FIELDS and name not in FOR_ALL_MODELS:
                row.setVisible(self._is_network)
        self.rows["layers"].setVisible(self.preset.name == OWN)
        for group in _NETWORK_ONLY:
            self._sections[group].setVisible(self._is_network)
        for section in self._sections.values():
            section.fold_away()

    def _build(self) -> None:
        titles = {
            "data": self.tr("Data"),
            "model": self.tr("Model"),
            "training": self.tr("Training"),
            "regularisation": self.tr("Regularisation"),
            "augmentation": self.tr("Augmentation"),
            "run": self.tr("Run"),
        }
        left, right = vbox(spacing=MARGIN), vbox(spacing=MARGIN)
        columns = ((left, 6), (right, 5))  # long texts to choose from are on the left
        self._columns = vbox(*columns, spacing=MARGIN, margins=(MARGIN, 0, MARGIN, 0))
        self.setLayout(self._columns)
        defaults = defaults_of(PRESETS[FIRST_PRESET], self._device)
        for group, title in titles.items():
            self._sections[group] = FormSection(title)
            (left if group in _LEFT else right).addWidget(self._sections[group])
        left.addStretch(1)
        right.addStretch(1)
        names = self._names_of_choices()
        for group, section in self._sections.items():
            for field in FIELDS.values():
                if field.group == group:
                    self._add_field(section, field, defaults, names.get(field.name, {}))
        self._build_augmentation(self._sections["augmentation"])
        for name, row in self.rows.items():
            if name != "preset":  # which first brings its options, and says so itself
                row.changed.connect(self.changed)

    def _add_field(
        self,
        section: FormSection,
        field: Field,
        defaults: Mapping[str, Any],
        names: Mapping[str, str],
    ) -> None:
        if field.kind == "options":
            return
        if field.name == "extra":
            section.add(self.plus_samples)
            return
        if field.kind == "layers":
            self.rows[field.name] = LayersRow(translated(field))
            section.add(self.rows[field.name])
            return
        kinds = {"data": "choice", "bundle": "choice", "augmentation": "bool"}
        kind = kinds.get(field.kind, field.kind)
        choices = tuple(names) if field.name == "preset" else field.choices
        spec = translated(field, kind=kind, choices=choices)
        row = self.rows[field.name] = FieldRow(spec, defaults[field.name], names)
        if field.kind == "bundle":
            self.set_bundles(())
        if kind == "bool":
            section = self._sections["augmentation"]
        section.add(row, is_advanced=field.advanced or field.name in _FOLDED)
        if field.name == "preset":
            section.add(self.summary)

    def _names_of_choices(self) -> dict[str, dict[str, str]]:
        """Return what choices are called, by their field; others are shown as they are."""
        off = {"none": self.tr("off")}
        return {
            "preset": {each.name: trainer_text(each.title) for each in PRESETS.values()},
            "schedule": {
                "constant": self.tr("constant"),
                "cosine": self.tr("cosine"),
                "plateau": self.tr("plateau"),
            },
            "mixing": off,
            "log": off,
        }

    def _build_augmentation(self, section: FormSection) -> None:
        for name in (IMAGES, STROKES):
            group = self._strength_rows[name] = StrengthRows(name)
            self.rows.update(group.rows)
            section.add(group, is_advanced=True)
            self.rows[name].changed.connect(self._on_switch_changed)
        self.no_strengths = caption(self.tr("Nothing varies: there is nothing to set."))
        section.add(self.no_strengths, is_advanced=True)
        self._on_switch_changed()

    @Slot(str)
    def show_kind(self, kind: str) -> None:
        """Offer what varies the data: `DRAWINGS`, `IMAGES`, or unknown ones."""
        self._kind = kind
        self._on_switch_changed()

    @Slot()
    def _on_switch_changed(self) -> None:
        """Enable only augmentations that have an effect, and show strengths only of active ones."""
        has_images = self._kind != DRAWINGS or bool(self._extra)
        has_drawings = self._kind != OF_IMAGES or bool(self._extra) or self._wants_samples()
        why_not = {
            IMAGES: "" if has_images else self.tr("No effect: the data are drawings."),
            STROKES: "" if has_drawings else self.tr("No effect: the data are images."),
        }
        varied = {name for name in why_not if self.rows[name].value() and not why_not[name]}
        for name, group in self._strength_rows.items():
            self.rows[name].rule_out(why_not[name])
            group.setVisible(name in varied)
        self.no_strengths.setVisible(not varied)

    def _rebuild_options(self, chosen: Preset) -> None:
        for row in self.options.values():
            row.setParent(None)
            row.deleteLater()
        self.options = {
            each.name: FieldRow(translated(each), each.default) for each in chosen.options
        }
        for row in self.options.values():
            row.changed.connect(self.changed)
            self._sections["model"].add(row)

    def _record(self) -> dict[str, Any]:
        names = FIELDS if self._is_network else FOR_ALL_MODELS
        record = {name: row.value() for name, row in self.rows.items() if name in names}
        record["extra"] = [*self._extra, *([MY_SAMPLES] if self._wants_samples() else [])]
        if self.preset.name != OWN:
            record.pop("layers", None)
        record["preset_options"] = {name: row.value() for name, row in self.options.items()}
        if self._is_network:
            record |= {name: self._strengths(name) for name in (IMAGES, STROKES)}
        return record

    def _wants_samples(self) -> bool:
        return self.plus_samples.isChecked() and not self.plus_samples.isHidden()

    def _strengths(self, name: str) -> dict[str, Any] | None:
        is_wanted = self.rows[name].value() and self._is_network
        if not is_wanted:
            return None
        rows = self._strength_rows[name].rows
        return {key.removeprefix(f"{name}."): row.value() for key, row in rows.items()}

    def _all_rows(self) -> dict[str, FieldRow]:
        return {**self.rows, **{f"option {name}": row for name, row in self.options.items()}}

    def _problems(self) -> dict[str, str]:
        """Return what is wrong in each row; in those that are not asked for nothing is."""
        unasked = {
            key
            for name, group in self._strength_rows.items()
            if not self.rows[name].value()
            for key in group.rows
        }
        if not self._is_network:
            unasked |= {name for name in self.rows if name not in FOR_ALL_MODELS}
        rows = self._all_rows()
        return {name: "" if name in unasked else row.problem() for name, row in rows.items()}

    def _offer(self, name: str, names: Sequence[tuple[str, str]]) -> None:
        row = self.rows[name]
        chosen = row.value()
        refill(row.editor, [(text, value) for value, text in names], chosen)  # type: ignore[arg-type]
        if chosen and chosen in dict(names):
            row.set_value(chosen)

    def mark(self, field: str, problem: str) -> None:
        """Show what is wrong with a setting, beside it."""
        row = self._all_rows().get(field) or self.rows["preset"]
        row.show_problem(problem)
        self._show_first_problem()

    def _show_first_problem(self) -> None:
        for row in self._all_rows().values():
            if row.error.text():
                for section in self._sections.values():
                    section.reveal(row)
                row.editor.setFocus()
                return


class FormSection(QWidget):
    """Settings that belong together; those that a learner can leave alone are folded."""

    def __init__(self, title: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._rows: list[QWidget] = []
        heading = bold(QLabel(title))
        self._plain, self._advanced = vbox(), vbox()
        self.more = tool_button(self.tr("More settings"), "", checkable=True)
        self.more.setArrowType(Qt.ArrowType.RightArrow)
        self.more.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonTextBesideIcon)
        self.more.setAutoRaise(True)
        self.more.setAccessibleName(self.tr("More settings: {0}").format(title))
        self.more.hide()
        self._folded = sheet(self._advanced)
        self._folded.hide()
        self.more.toggled.connect(self._on_more_toggled)
        self.setLayout(vbox(heading, self._plain, self.more, self._folded))

    def add(self, widget: QWidget, *, is_advanced: bool = False) -> None:
        """Add a row."""
        (self._advanced if is_advanced else self._plain).addWidget(widget)
        if is_advanced:
            self._rows.append(widget)
            self.more.show()

    def fold_away(self) -> None:
        """Offer nothing to unfold where every folded row is hidden."""
        self.more.setVisible(any(not row.isHidden() for row in self._rows))

    def reveal(self, widget: QWidget) -> None:
        """Unfold if a row is among the folded ones."""
        if self._folded.isAncestorOf(widget):
            self.more.setChecked(True)

    @Slot(bool)
    def _on_more_toggled(self, is_open: bool) -> None:
        self._folded.setVisible(is_open)
        self.more.setArrowType(Qt.ArrowType.DownArrow if is_open else Qt.ArrowType.RightArrow)


def defaults_of(chosen: Preset, device: str) -> dict[str, Any]:
    """Return the value of each setting that a model is trained with, and of the strengths.

    Parameters
    ----------
    chosen : Preset
    device : str
        What new runs compute on: "auto", "cpu" or "gpu".

    Returns
    -------
    dict
        By the names of the form's rows: switches for augmentations, their strengths beside.
    """
    plain = {
        field.name: field.default
        for field in dataclasses.fields(TrainingConfig)
        if field.default is not dataclasses.MISSING
    }
    if STROKES not in chosen.defaults:
        plain[STROKES] = StrokeAugmentation()
    values = {**plain, **chosen.defaults, "device": device}
    strengths = {
        f"{name}.{key}": value
        for name in (STROKES, IMAGES)
        for key, value in _strengths_of(values[name]).items()
    }
    return {**values, **strengths, **{name: values[name] is not None for name in (STROKES, IMAGES)}}


def _strengths_of(chosen: object) -> dict[str, float]:
    """Return the strengths of an augmentation that is a preset's default, in any of its forms."""
    if isinstance(chosen, StrokeAugmentation | ImageAugmentation):
        return dataclasses.asdict(chosen)
    return {}


class StrengthRows(QWidget):
    """Edits the strengths of `STROKES` or `IMAGES`; shown where that augmentation is on.

    Attributes
    ----------
    rows : dict of str to FieldRow
        By the setting's name, a dot, and their own.
    """

    def __init__(self, name: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        if name == STROKES:
            limits, texts = STROKE_AUGMENTATION_LIMITS, _stroke_texts()
            usual, heading = dataclasses.asdict(StrokeAugmentation()), tr("How much drawings vary")
        else:
            limits, texts = IMAGE_AUGMENTATION_LIMITS, _image_texts()
            usual, heading = dataclasses.asdict(ImageAugmentation()), tr("How much images vary")
        self.rows: dict[str, FieldRow] = {}
        for key, (low, high) in limits.items():
            title, help_text, unit = texts[key]
            full, default = f"{name}.{key}", float(usual[key])
            spec = Option(full, title, "float", default, low, high, unit=unit, help=help_text)
            self.rows[full] = FieldRow(spec, default)
        self.setLayout(vbox(caption(heading), *self.rows.values()))


def tr(text: str) -> str:
    """Return a text in the language; lupdate collects what is given to a function of this name."""
    return QCoreApplication.translate("Augmentation", text)


def _image_texts() -> dict[str, tuple[str, str, str]]:
    return {
        "shift": (
            QCoreApplication.translate("Augmentation", "Shift"),
            tr("Pixels to each side, at most."),
            "px",
        ),
        "rotation": (tr("Rotation"), tr("Either way, at most."), "°"),
        "scale": (tr("Scale"), tr("Larger and smaller, part of the size."), ""),
        "shear": (tr("Slant"), tr("Sideways for each unit of height."), ""),
        "elastic": (tr("Bending"), tr("How far pixels move, smoothly."), "px"),
        "noise": (tr("Noise"), tr("On each pixel, as a part of full ink."), ""),
    }


def _stroke_texts() -> dict[str, tuple[str, str, str]]:
    return {
        "rotation": (tr("Rotation"), tr("Either way; two drawings of three stay below."), "°"),
        "shear": (tr("Slant"), tr("Sideways for each unit of height."), ""),
        "aspect": (tr("Proportions"), tr("Narrower and wider, as a part."), ""),
        "scale": (tr("Scale"), tr("Smaller, and a little larger, as a part of the size."), ""),
        "shift": (
            QCoreApplication.translate("Augmentation", "Shift"),
            tr("Pixels to each side; two of three stay below."),
            "px",
        ),
        "elastic": (tr("Bending"), tr("How far the strokes are bent, part of half the size."), ""),
        "stroke_shift": (
            tr("Stroke shift"),
            tr("How far strokes move against one another, part of half the size."),
            "",
        ),
        "tremor": (tr("Tremor"), tr("How far points tremble, in one drawing of three."), ""),
        "coarse": (tr("Coarse"), tr("Share of drawings that keep only some of their points."), ""),
        "thinnest": (tr("Thinnest pen"), tr("As a part of the usual width."), "×"),
        "thickest": (tr("Thickest pen"), tr("As a multiple of the usual width."), "×"),
        "blur": (tr("Softness"), tr("How much softer edges become, at most, as a part."), ""),
    }
