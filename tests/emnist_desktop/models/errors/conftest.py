"""A page of errors, empty or with a report."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from pytestqt.qtbot import QtBot

from emnist_desktop.models.errors.browser import ErrorsBrowser
from emnist_desktop.models.errors.page import ErrorsPage
from emnist_desktop.models.page import ModelContext, PageServices
from emnist_desktop.settings import Settings
from emnist_desktop.ui.shutdown import shut_down
from tests.emnist_desktop.models.errors.pages import (
    WRONG,
    MakePage,
    shown,
    write_dataset,
    write_report,
)
from trainer.datasets.catalog import Catalog
from trainer.datasets.store import TEST
from trainer.files.paths import Profile, default_bundle


@pytest.fixture
def subject() -> ModelContext:
    return ModelContext(default_bundle(), "The net", data="grey", split=TEST)


@pytest.fixture
def make_page(qtbot: QtBot, profile: Profile, settings: Settings) -> Iterator[MakePage]:
    """Return what makes a shown page."""
    made: list[ErrorsPage] = []

    def make(subject: ModelContext | None) -> ErrorsPage:
        page = ErrorsPage(PageServices(profile, settings, Catalog(profile)))
        qtbot.addWidget(page)
        made.append(page)
        page.resize(760, 560)
        page.show_subject(subject)
        with qtbot.waitExposed(page):
            page.show()
        return page

    yield make
    for page in made:
        shut_down(page)


@pytest.fixture
def browser(
    make_page: MakePage, profile: Profile, subject: ModelContext, qtbot: QtBot
) -> ErrorsBrowser:
    """Return what is shown of a report with six errors in forty samples."""
    write_dataset(profile.datasets / "grey")
    write_report(profile, subject, WRONG)
    return shown(make_page(subject), qtbot)
