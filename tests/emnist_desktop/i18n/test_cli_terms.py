"""What the trainer says for a shell, in a window."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pytestqt.qtbot import QtBot

from emnist_desktop.i18n.cli_terms import without_shell
from emnist_desktop.i18n.error_messages import error_text
from emnist_desktop.ui.banner import Banner
from trainer.datasets.catalog import Catalog
from trainer.datasets.download.errors import OTHER_ADDRESS
from trainer.errors import ConfigError, DatasetError
from trainer.files.paths import Profile
from trainer.models.presets import preset


def test_a_dataset_that_is_not_here_is_fetched_in_its_tab(qtbot: QtBot, profile: Profile) -> None:
    with pytest.raises(DatasetError) as caught:
        Catalog(profile).open("mnist")
    assert "python -m trainer datasets fetch mnist" in caught.value.hint, "a shell needs it"
    banner = Banner()
    qtbot.addWidget(banner)
    banner.show_error(caught.value, "", topic="data")
    assert banner.text == "MNIST is not on this computer yet.\nFetch it in the Datasets tab."


def test_real_hints_name_tabs() -> None:
    with pytest.raises(ConfigError) as caught:
        preset("lenet")
    assert error_text(caught.value.hint) == "The Training tab offers them all."
    assert error_text(OTHER_ADDRESS) == "The address may have moved."


@pytest.mark.parametrize(
    ("said", "shown"),
    [
        ("Try a smaller --batch-size.", "Try a smaller “Batch size”."),
        ("Vary images (--image-augmentation) is for them.", "Vary images is for them."),
        ("Choose another --run-dir.", "Choose another --run-dir."),
        ("Run: python -m trainer matlab a.mat.", "Run: python -m trainer matlab a.mat."),
        (
            "There is no dataset 'x'. All names: python -m trainer datasets list.",
            "There is no dataset 'x'. The Datasets tab shows them all.",
        ),
    ],
    ids=["option", "aside", "unknown-option", "unknown-command", "after-a-sentence"],
)
def test_commands_and_options_become_words(said: str, shown: str) -> None:
    assert without_shell(said) == shown


@given(st.text())
def test_what_is_for_no_shell_stays(text: str) -> None:
    if "--" not in text and "python -m trainer" not in text:
        assert without_shell(text) == text


@given(st.text(), st.text())
def test_any_text_around_a_command_is_taken(before: str, after: str) -> None:
    told = without_shell(f"{before} Get it with: python -m trainer datasets fetch mnist. {after}")
    assert "python -m trainer datasets fetch mnist" not in told
