"""The look: one palette for light and one for dark, the same spacing everywhere."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtGui import QColor, QPalette
from PySide6.QtWidgets import QApplication

from emnist_desktop.settings import Theme

SPACING = 8
MARGIN = 12

_ROLES = QPalette.ColorRole
_LIGHT = {
    _ROLES.Window: "#f4f5f7",
    _ROLES.WindowText: "#1b1f27",
    _ROLES.Base: "#ffffff",
    _ROLES.AlternateBase: "#e9ebf0",
    _ROLES.Text: "#1b1f27",
    _ROLES.PlaceholderText: "#697180",
    _ROLES.Button: "#ffffff",
    _ROLES.ButtonText: "#1b1f27",
    _ROLES.ToolTipBase: "#1b1f27",
    _ROLES.ToolTipText: "#f4f5f7",
    _ROLES.Highlight: "#2f6fde",
    _ROLES.HighlightedText: "#ffffff",
    _ROLES.Link: "#2358b8",
    _ROLES.Mid: "#c9cdd6",
    _ROLES.Light: "#ffffff",
    _ROLES.Dark: "#a9afbb",
    _ROLES.Shadow: "#9aa1ae",
}
_DARK = {
    _ROLES.Window: "#1d2026",
    _ROLES.WindowText: "#e6e8ec",
    _ROLES.Base: "#14161a",
    _ROLES.AlternateBase: "#2a2e36",
    _ROLES.Text: "#e6e8ec",
    _ROLES.PlaceholderText: "#98a0ae",
    _ROLES.Button: "#2a2e36",
    _ROLES.ButtonText: "#e6e8ec",
    _ROLES.ToolTipBase: "#e6e8ec",
    _ROLES.ToolTipText: "#1d2026",
    _ROLES.Highlight: "#5b93f5",
    _ROLES.HighlightedText: "#0d1016",
    _ROLES.Link: "#8ab4ff",
    _ROLES.Mid: "#3b414c",
    _ROLES.Light: "#3b414c",
    _ROLES.Dark: "#0d0f12",
    _ROLES.Shadow: "#6b7280",
}


def apply_theme(application: QApplication, theme: Theme) -> None:
    """Give the whole application the colours of a theme."""
    application.setPalette(_palette(_DARK if is_dark(application, theme) else _LIGHT))
    application.setStyleSheet(_STYLE_SHEET)


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
QToolButton, QPushButton, QComboBox {
    background: palette(button); color: palette(button-text);
    border: 1px solid palette(mid); border-radius: 6px; padding: 5px 10px; min-height: 20px;
}
QToolButton:hover, QPushButton:hover, QComboBox:hover { border-color: palette(highlight); }
QToolButton:focus, QPushButton:focus, QComboBox:focus { border: 1px solid palette(highlight); }
QToolButton:checked, QToolButton:pressed, QPushButton:pressed {
    background: palette(highlight); color: palette(highlighted-text);
}
QToolButton:disabled, QPushButton:disabled { color: palette(shadow); }
QToolButton::menu-indicator { image: none; width: 0; }
QToolTip {
    color: palette(tooltip-text); background: palette(tooltip-base); border: 0; padding: 4px;
}
QFrame#banner { background: palette(alternate-base); border-left: 4px solid palette(highlight); }
QComboBox::drop-down { border: 0; width: 22px; }
QTabWidget::pane { border: 0; }
"""
