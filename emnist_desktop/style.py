"""The look: one palette for light and one for dark, the same spacing everywhere."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtGui import QColor, QPalette
from PySide6.QtWidgets import QApplication

from emnist_desktop.settings import Theme
from trainer.paths import resources

SPACING = 8
MARGIN = 12
RADIUS = 8.0
"""Of the corners of sheets and cards, in pixels."""

_ROLES = QPalette.ColorRole
_LIGHT = {
    _ROLES.Window: "#f4f5f7",
    _ROLES.WindowText: "#1b1f27",
    _ROLES.Base: "#ffffff",
    _ROLES.AlternateBase: "#e6e9ef",
    _ROLES.Text: "#1b1f27",
    _ROLES.PlaceholderText: "#626a79",
    _ROLES.Button: "#ffffff",
    _ROLES.ButtonText: "#1b1f27",
    _ROLES.ToolTipBase: "#1b1f27",
    _ROLES.ToolTipText: "#f4f5f7",
    _ROLES.Highlight: "#2f6fde",
    _ROLES.HighlightedText: "#ffffff",
    _ROLES.Link: "#2358b8",
    _ROLES.BrightText: "#9a5b00",
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
    _ROLES.Highlight: "#5b93f5",
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
    """Give the whole application, its window frames included, the colours of a theme."""
    scheme = {Theme.LIGHT: Qt.ColorScheme.Light, Theme.DARK: Qt.ColorScheme.Dark}
    application.styleHints().setColorScheme(scheme.get(theme, Qt.ColorScheme.Unknown))
    application.setPalette(_palette(_DARK if is_dark(application, theme) else _LIGHT))
    chevron = (resources() / "icons" / "chevron.svg").as_posix()
    application.setStyleSheet(_STYLE_SHEET.replace("CHEVRON", chevron))


def is_dark(application: QApplication, theme: Theme) -> bool:
    """Return whether a theme is dark on this desktop, now."""
    if theme is Theme.SYSTEM:
        return application.styleHints().colorScheme() == Qt.ColorScheme.Dark
    return theme is Theme.DARK


def _palette(colors: dict[QPalette.ColorRole, str]) -> QPalette:
    palette = QPalette()
    for role, color in colors.items():
        palette.setColor(role, QColor(color))
    for role in (_ROLES.WindowText, _ROLES.Text, _ROLES.ButtonText):
        palette.setColor(QPalette.ColorGroup.Disabled, role, QColor(colors[_ROLES.Shadow]))
    return palette


_STYLE_SHEET = """
QToolButton, QPushButton, QComboBox, QLineEdit {
    background: palette(button); color: palette(button-text);
    border: 1px solid palette(mid); border-radius: 6px; padding: 5px 9px; min-height: 20px;
}
QToolButton:hover, QPushButton:hover, QComboBox:hover { border-color: palette(dark); }
QToolButton:focus, QPushButton:focus, QComboBox:focus, QLineEdit:focus {
    border: 2px solid palette(highlight); padding: 4px 8px;
}
QToolButton:checked, QToolButton:pressed, QPushButton:pressed {
    background: palette(highlight); color: palette(highlighted-text);
    border-color: palette(highlight);
}
QToolButton:checked:focus { border: 2px solid palette(button-text); }
QToolButton:disabled, QPushButton:disabled { color: palette(shadow); }
QPushButton#recogniser { text-align: left; padding: 5px 26px 5px 9px; }
QPushButton#recogniser:focus { padding: 4px 25px 4px 8px; }
QComboBox::drop-down { border: 0; width: 28px; }
QComboBox::down-arrow { image: url("CHEVRON"); width: 12px; height: 12px; }
QComboBox QAbstractItemView { border: 1px solid palette(mid); }
QListWidget#models::item { padding: 5px 6px; }
QAbstractSpinBox { min-height: 28px; }
QToolTip {
    color: palette(tooltip-text); background: palette(tooltip-base); border: 0; padding: 4px;
}
QFrame#banner {
    background: palette(alternate-base); border: 0; border-left: 4px solid palette(bright-text);
    border-radius: 4px;
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
