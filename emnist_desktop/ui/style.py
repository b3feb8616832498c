"""The look: one palette for light and one for dark, the same spacing everywhere."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TypeVar

from PySide6.QtCore import Qt
from PySide6.QtGui import QColor, QPalette
from PySide6.QtWidgets import (
    QAbstractSpinBox,
    QApplication,
    QFormLayout,
    QLabel,
    QSizePolicy,
    QWidget,
)

from emnist_desktop.settings import Theme
from emnist_desktop.ui.colors import BLUE
from trainer.files.paths import resources

SPACING = 8
MARGIN = 12
RADIUS = 8.0
"""Of the corners of sheets and cards, in pixels."""

_INDENT = 7
"""Of a number in its field, in pixels, besides what Qt leaves free."""

SpinBox = TypeVar("SpinBox", bound=QAbstractSpinBox)

_ROLES = QPalette.ColorRole
_LIGHT = {
    _ROLES.Window: "#f4f5f7",
    _ROLES.WindowText: "#1b1f27",
    _ROLES.Base: "#ffffff",
    _ROLES.AlternateBase: "#e6e9ef",
    _ROLES.Text: "#1b1f27",
    _ROLES.PlaceholderText: "#5f6776",
    _ROLES.Button: "#ffffff",
    _ROLES.ButtonText: "#1b1f27",
    _ROLES.ToolTipBase: "#1b1f27",
    _ROLES.ToolTipText: "#f4f5f7",
    _ROLES.Highlight: BLUE[0],
    _ROLES.HighlightedText: "#ffffff",
    _ROLES.Link: "#2358b8",
    _ROLES.BrightText: "#945700",
    _ROLES.Mid: "#cfd3db",
    _ROLES.Light: "#ffffff",
    _ROLES.Midlight: "#eceef2",
    _ROLES.Dark: "#a9afbb",
    _ROLES.Shadow: "#9aa1ae",
}
_DARK = {
    _ROLES.Window: "#1d2026",
    _ROLES.WindowText: "#e6e8ec",
    _ROLES.Base: "#14161a",
    _ROLES.AlternateBase: "#2f343d",
    _ROLES.Text: "#e6e8ec",
    _ROLES.PlaceholderText: "#a0a8b5",
    _ROLES.Button: "#2a2e36",
    _ROLES.ButtonText: "#e6e8ec",
    _ROLES.ToolTipBase: "#e6e8ec",
    _ROLES.ToolTipText: "#1d2026",
    _ROLES.Highlight: BLUE[1],
    _ROLES.HighlightedText: "#0d1016",
    _ROLES.Link: "#8ab4ff",
    _ROLES.BrightText: "#f0b455",
    _ROLES.Mid: "#3b414c",
    _ROLES.Light: "#3b414c",
    _ROLES.Midlight: "#343a44",
    _ROLES.Dark: "#0d0f12",
    _ROLES.Shadow: "#6b7280",
}
"""``BrightText`` is what asks for attention: a doubt, a notice."""


def apply_theme(application: QApplication, theme: Theme) -> None:
    """Give the whole application, its window frames included, the colours of a theme.

    What has them already is left: a new style sheet goes through every widget.
    """
    scheme = {Theme.LIGHT: Qt.ColorScheme.Light, Theme.DARK: Qt.ColorScheme.Dark}
    application.styleHints().setColorScheme(scheme.get(theme, Qt.ColorScheme.Unknown))
    dark = is_dark(application, theme)
    palette = _palette(_DARK if dark else _LIGHT)
    if application.palette() != palette:
        application.setPalette(palette)
    icons = (resources() / "icons").as_posix()
    tick = "tick-dark" if dark else "tick-light"
    sheet = _STYLE_SHEET.replace("TICK", tick).replace("ICONS", icons)
    if application.styleSheet() != sheet:
        application.setStyleSheet(sheet)


def is_dark(application: QApplication, theme: Theme) -> bool:
    """Return whether a theme is dark on this desktop, now."""
    if theme is Theme.SYSTEM:
        return application.styleHints().colorScheme() == Qt.ColorScheme.Dark
    return theme is Theme.DARK


def indented(box: SpinBox) -> SpinBox:
    """Let a number begin where the text of other fields begins: no style sheet can."""
    box.lineEdit().setTextMargins(_INDENT, 0, 0, 0)
    return box


def centre_labels(form: QFormLayout) -> None:
    """Put the labels of a form at the height of the text in their fields, not above it."""
    for label in _labels(form):
        policy = label.sizePolicy()
        policy.setVerticalPolicy(QSizePolicy.Policy.MinimumExpanding)
        label.setSizePolicy(policy)
        label.setContentsMargins(0, 0, 2, 0)  # at 1.5× Qt measures text too narrow


def align_forms(parent: QWidget) -> None:
    """Give the fields of all forms in a widget one left edge."""
    labels = [label for form in parent.findChildren(QFormLayout) for label in _labels(form)]
    widest = max((label.sizeHint().width() for label in labels), default=0)
    for label in labels:
        label.setMinimumWidth(widest)


def _labels(form: QFormLayout) -> Iterator[QWidget]:
    for row in range(form.rowCount()):
        item = form.itemAt(row, QFormLayout.ItemRole.LabelRole)
        label = None if item is None else item.widget()
        if label is not None:
            yield label


def _palette(colors: dict[QPalette.ColorRole, str]) -> QPalette:
    palette = QPalette()
    for role, color in colors.items():
        palette.setColor(role, QColor(color))
    for role in (_ROLES.WindowText, _ROLES.Text, _ROLES.ButtonText):
        palette.setColor(QPalette.ColorGroup.Disabled, role, QColor(colors[_ROLES.Shadow]))
    return palette


# Qt takes what looks like HTML for it: titles and names may come from anybody's file, so that
# labels and tool tips show plain text, unless a label says that it shows another.
_STYLE_SHEET = """
QToolButton, QPushButton, QComboBox, QLineEdit, QAbstractSpinBox {
    background: palette(button); color: palette(button-text);
    border: 1px solid palette(mid); border-radius: 6px; padding: 5px 9px; min-height: 20px;
}
QToolButton:hover, QPushButton:hover, QComboBox:hover, QAbstractSpinBox:hover {
    border-color: palette(dark);
}
QToolButton:focus, QPushButton:focus, QComboBox:focus, QLineEdit:focus, QAbstractSpinBox:focus {
    border: 2px solid palette(highlight); padding: 4px 8px;
}
QLineEdit { placeholder-text-color: palette(placeholder-text); }
QPlainTextEdit#sheet-text {
    background: palette(base); border: 1px solid palette(mid); border-radius: 6px; padding: 2px;
}
QPlainTextEdit#sheet-text:focus { border: 2px solid palette(highlight); padding: 1px; }
QFrame#popup { background: palette(window); border: 1px solid palette(dark); }
QToolButton { padding: 4px 9px; min-height: 19px; }
QToolButton:focus { padding: 3px 8px; }
QToolButton:checked, QToolButton:pressed, QPushButton:pressed {
    background: palette(highlight); color: palette(highlighted-text);
    border-color: palette(highlight);
}
QToolButton:checked:focus { border: 2px solid palette(button-text); }
QToolButton:disabled, QPushButton:disabled, QAbstractSpinBox:disabled { color: palette(shadow); }
QToolButton#profile { padding-right: 28px; }
QToolButton#profile::menu-indicator {
    image: url("ICONS/chevron.svg"); subcontrol-position: right center; right: 9px;
    width: 12px; height: 12px;
}
QPushButton#recogniser { text-align: left; padding: 5px 26px 5px 9px; }
QPushButton#recogniser:focus { padding: 4px 25px 4px 8px; }
QComboBox { combobox-popup: 0; }
QComboBox::drop-down { border: 0; width: 28px; }
QComboBox::down-arrow { image: url("ICONS/chevron.svg"); width: 12px; height: 12px; }
QComboBox QAbstractItemView { border: 1px solid palette(mid); outline: 0; }
QComboBox QAbstractItemView::item { min-height: 22px; padding: 0 8px; }
QAbstractSpinBox { padding: 4px 3px 4px 8px; }
QAbstractSpinBox:focus { padding: 3px 2px 3px 7px; }
QAbstractSpinBox::up-button, QAbstractSpinBox::down-button {
    border: 0; background: transparent; width: 18px;
}
QAbstractSpinBox::up-arrow { image: url("ICONS/chevron-up.svg"); width: 10px; height: 10px; }
QAbstractSpinBox::down-arrow { image: url("ICONS/chevron.svg"); width: 10px; height: 10px; }
QAbstractSpinBox::up-arrow:off, QAbstractSpinBox::down-arrow:off { image: none; }
QCheckBox { spacing: 8px; }
QCheckBox::indicator {
    width: 14px; height: 14px; border-radius: 4px;
    border: 1px solid palette(placeholder-text); background: palette(base);
}
QCheckBox::indicator:checked {
    background: palette(highlight); border-color: palette(highlight);
    image: url("ICONS/TICK.svg");
}
QCheckBox::indicator:disabled { border-color: palette(mid); }
QCheckBox::indicator:checked:disabled { background: palette(shadow); }
QCheckBox::indicator:focus { border: 2px solid palette(highlight); width: 12px; height: 12px; }
QCheckBox::indicator:checked:focus { border-color: palette(window-text); }
QRadioButton { spacing: 8px; }
QRadioButton::indicator {
    width: 14px; height: 14px; border-radius: 8px;
    border: 1px solid palette(placeholder-text); background: palette(base);
}
QRadioButton::indicator:checked { width: 6px; height: 6px; border: 5px solid palette(highlight); }
QRadioButton::indicator:disabled { border-color: palette(mid); }
QRadioButton::indicator:focus { border: 2px solid palette(highlight); width: 12px; height: 12px; }
QRadioButton::indicator:checked:focus {
    width: 6px; height: 6px; border: 5px solid palette(window-text);
}
QSlider { border: 2px solid transparent; border-radius: 6px; }
QSlider:focus { border-color: palette(highlight); }
QSlider::groove:horizontal { height: 4px; border-radius: 2px; background: palette(mid); }
QSlider::sub-page:horizontal { border-radius: 2px; background: palette(highlight); }
QSlider::sub-page:horizontal:disabled { background: palette(mid); }
QSlider::handle:horizontal {
    width: 12px; height: 12px; margin: -5px 0; border-radius: 7px;
    background: palette(button); border: 1px solid palette(placeholder-text);
}
QSlider::handle:horizontal:focus {
    width: 10px; height: 10px; border: 2px solid palette(highlight);
}
QScrollBar { background: transparent; border: 0; }
QScrollBar:vertical { width: 12px; }
QScrollBar:horizontal { height: 12px; }
QScrollBar::handle { background: palette(shadow); border-radius: 4px; margin: 2px; }
QScrollBar::handle:hover, QScrollBar::handle:pressed { background: palette(placeholder-text); }
QScrollBar::handle:vertical { min-height: 28px; }
QScrollBar::handle:horizontal { min-width: 28px; }
QScrollBar::add-line, QScrollBar::sub-line { width: 0; height: 0; }
QScrollBar::add-page, QScrollBar::sub-page { background: transparent; }
QToolTip {
    color: palette(tooltip-text); background: palette(tooltip-base); border: 0; padding: 4px;
}
QFrame#banner {
    background: palette(alternate-base); border: 0; border-left: 4px solid palette(bright-text);
    border-radius: 4px;
}
QListWidget, QTableView { border: 1px solid palette(mid); }
QListWidget:focus, QTableView:focus { border-color: palette(highlight); }
QFrame#banner[isWarning="false"] { border-left-color: palette(link); }
QListWidget#models::item { padding: 5px 6px; }
QLabel[textFormat="AutoText"], QToolTip { qproperty-textFormat: PlainText; }
QLabel#hint {
    background: palette(tooltip-base); color: palette(tooltip-text);
    border-radius: 6px; padding: 8px 14px; font-size: 14pt;
}
QLabel#caption { color: palette(placeholder-text); }
QDialogButtonBox { dialogbuttonbox-buttons-have-icons: 0; }
QTabWidget::pane { border: 0; }
QTabBar::tab {
    background: transparent; color: palette(placeholder-text);
    padding: 7px 16px; border: 0; border-bottom: 2px solid transparent;
}
QTabBar::tab:selected { color: palette(window-text); border-bottom: 2px solid palette(highlight); }
QTabBar::tab:hover { color: palette(window-text); }
QTabBar::tab:focus { border-bottom: 2px solid palette(window-text); }
"""


def wrapped_label(text: str = "") -> QLabel:
    """Return a label of plain text that takes as many lines as it needs, in any width."""
    label = QLabel(text)
    label.setWordWrap(True)
    label.setTextFormat(Qt.TextFormat.PlainText)
    label.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Preferred)
    return label
