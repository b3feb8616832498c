"""The way to the import dialog: a file or folder is chosen, or dropped on the tab."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import QObject, Signal, Slot
from PySide6.QtWidgets import QFileDialog, QWidget

from emnist_desktop.settings import SettingEntry, Settings

IMPORT_FOLDER = SettingEntry("datasets/import_folder", "")


class ImportAction(QObject):
    """Asks what to import and shows what it holds.

    Parameters
    ----------
    datasets : Path
        The folder that holds the datasets.
    settings : Settings
    window : QWidget
        Above which the dialogs open.

    Signals
    -------
    imported : str
        Name of the new dataset.
    """

    imported = Signal(str)

    def __init__(self, datasets: Path, settings: Settings, window: QWidget) -> None:
        super().__init__(window)
        self._datasets = datasets
        self._settings = settings
        self._window = window

    def import_path(self, path: Path) -> None:
        """Show what a file or folder holds, and import it if that is wanted."""
        from emnist_desktop.datasets.transfer.import_dialog import ImportDialog

        dialog = ImportDialog(path, self._datasets, self._window)
        dialog.imported.connect(self.imported)
        dialog.open()

    @Slot(bool)
    def choose(self, is_folder: bool) -> None:
        """Ask for a folder (True) or a file (False), then show what it holds."""
        start = self._settings.get(IMPORT_FOLDER)
        if is_folder:
            title = self.tr("Import a folder")
            name = QFileDialog.getExistingDirectory(self._window, title, start)
        else:
            name, _ = QFileDialog.getOpenFileName(self._window, self.tr("Import a file"), start)
        if name:
            self._settings.set(IMPORT_FOLDER, str(Path(name).parent))
            self.import_path(Path(name))
