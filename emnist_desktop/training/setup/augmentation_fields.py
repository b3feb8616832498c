"""The strengths of both augmentations as rows of the form: of images, and of drawings."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict
from typing import Any

from PySide6.QtCore import QCoreApplication
from PySide6.QtWidgets import QLabel, QVBoxLayout, QWidget

from emnist_desktop.training.setup.field_row import FieldRow, FieldSpec
from emnist_desktop.ui.style import SPACING
from trainer.augmentation.images import IMAGE_AUGMENTATION_LIMITS, ImageAugmentation
from trainer.augmentation.strokes import STROKE_AUGMENTATION_LIMITS, StrokeAugmentation

STROKES, IMAGES = "augmentation", "image_augmentation"
"""The settings; the form asks for each with a box, and for its strength in rows."""


class StrengthRows(QWidget):
    """Asks how strongly `STROKES` or `IMAGES` are varied; shown where they are varied at all.

    Attributes
    ----------
    rows : dict of str to FieldRow
        By the setting's name, a dot, and their own.
    """

    def __init__(self, name: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        limits = STROKE_AUGMENTATION_LIMITS if name == STROKES else IMAGE_AUGMENTATION_LIMITS
        usual = asdict(StrokeAugmentation() if name == STROKES else ImageAugmentation())
        texts = _stroke_texts() if name == STROKES else _image_texts()
        caption = QLabel(strength_title(name))
        caption.setObjectName("caption")
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(SPACING)
        layout.addWidget(caption)
        self.rows: dict[str, FieldRow] = {}
        for key, (low, high) in limits.items():
            title, help_text, unit = texts[key]
            spec = FieldSpec(f"{name}.{key}", title, "float", help_text, low, high, unit)
            self.rows[spec.name] = FieldRow(spec, float(usual[key]))
            layout.addWidget(self.rows[spec.name])


def strength_title(name: str) -> str:
    """Return what stands above the rows."""
    if name == STROKES:
        return QCoreApplication.translate("Augmentation", "How much drawings vary")
    return QCoreApplication.translate("Augmentation", "How much images vary")


def strengths(rows: Mapping[str, FieldRow], name: str) -> dict[str, Any]:
    """Return what the rows of a setting say, by their own names."""
    start = f"{name}."
    return {
        key.removeprefix(start): row.value() for key, row in rows.items() if key.startswith(start)
    }


def _image_texts() -> dict[str, tuple[str, str, str]]:
    def tr(text: str) -> str:
        return QCoreApplication.translate("Augmentation", text)

    return {
        "shift": (tr("Shift"), tr("Pixels to each side, at most."), "px"),
        "rotation": (tr("Rotation"), tr("Either way, at most."), "°"),
        "scale": (tr("Scale"), tr("Larger and smaller, part of the size."), ""),
        "shear": (tr("Slant"), tr("Sideways for each unit of height."), ""),
        "elastic": (tr("Bending"), tr("How far pixels move, smoothly."), "px"),
        "noise": (tr("Noise"), tr("On each pixel, as a part of full ink."), ""),
    }


def _stroke_texts() -> dict[str, tuple[str, str, str]]:
    def tr(text: str) -> str:
        return QCoreApplication.translate("Augmentation", text)

    return {
        "rotation": (tr("Rotation"), tr("Either way; two drawings of three stay below."), "°"),
        "shear": (tr("Slant"), tr("Sideways for each unit of height."), ""),
        "aspect": (tr("Proportions"), tr("Narrower and wider, as a part."), ""),
        "scale": (tr("Scale"), tr("Smaller, and a little larger, as a part of the size."), ""),
        "shift": (tr("Shift"), tr("Pixels to each side; two of three stay below."), "px"),
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
