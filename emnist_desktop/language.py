"""The window's language: English in the source, others from `resources/translations`."""

from __future__ import annotations

import logging

from PySide6.QtCore import QCoreApplication, QLibraryInfo, QLocale, QTranslator

from emnist_desktop.settings import Language
from trainer.paths import resources

logger = logging.getLogger(__name__)


def install_language(application: QCoreApplication, language: Language) -> None:
    """Load the translations of a language; call it before the first widget is made.

    Numbers and dates follow, too, unless the language is the system's.
    """
    locale = QLocale.system() if language is Language.SYSTEM else QLocale(language.value)
    QLocale.setDefault(locale)
    code = locale.name().split("_")[0]
    if code == Language.ENGLISH or code not in set(Language):
        return
    of_qt = QLibraryInfo.path(QLibraryInfo.LibraryPath.TranslationsPath)
    ours = str(resources() / "translations")
    for name, folder in (("qtbase", of_qt), ("emnist-desktop", ours)):
        translator = QTranslator(application)
        if translator.load(f"{name}_{code}", folder):
            application.installTranslator(translator)
        else:
            logger.warning("There is no translation %s_%s in %s", name, code, folder)
