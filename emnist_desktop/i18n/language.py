"""The window's language: English in the source, others from `resources/translations`."""

from __future__ import annotations

import logging

from PySide6.QtCore import QCoreApplication, QLibraryInfo, QLocale, QTranslator

from emnist_desktop.settings import Language
from trainer.files.paths import resources

logger = logging.getLogger(__name__)

NAME = "emnist-desktop"


class Translations(QTranslator):
    """The texts of one language; those of plain functions have no class to be filed under."""

    def translate(
        self, context: str, source: str, disambiguation: str | None = None, n: int = -1
    ) -> str | None:
        """Return a text in the language; None where there is none: an empty one would count."""
        found = super().translate(context, source, disambiguation, n)
        return found or super().translate("", source, disambiguation, n) or None


def install_language(application: QCoreApplication, language: Language) -> list[QTranslator]:
    """Load the translations of a language; call it before the first widget is made.

    Numbers and dates follow, too: in English where the system's language has no translation.

    Returns
    -------
    list of QTranslator
        What was installed; nothing for English, and for languages without translations.
    """
    locale = QLocale.system() if language is Language.SYSTEM else QLocale(language.value)
    code = locale.name().split("_")[0]
    QLocale.setDefault(locale if code in set(Language) else QLocale(Language.ENGLISH.value))
    if code == Language.ENGLISH or code not in set(Language):
        return []
    of_qt = QLibraryInfo.path(QLibraryInfo.LibraryPath.TranslationsPath)
    ours = str(resources() / "translations")
    installed = []
    for name, folder, translator in (
        ("qtbase", of_qt, QTranslator(application)),
        (NAME, ours, Translations(application)),
    ):
        if translator.load(f"{name}_{code}", folder):
            application.installTranslator(translator)
            installed.append(translator)
        else:
            logger.warning("There is no translation %s_%s in %s", name, code, folder)
    return installed


def trainer_text(text: str) -> str:
    """Return a text of the trainer's tables, a setting's title or help, in the language."""
    return QCoreApplication.translate("Trainer", text)
