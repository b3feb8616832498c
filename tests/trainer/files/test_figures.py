from __future__ import annotations

import io

import pytest
from matplotlib.figure import Figure

from trainer.files.figures import plain


@pytest.mark.parametrize("name", ["$\\frac{$", "$a$", "$", "\\$", "a$b$c", "A"])
def test_a_name_is_drawn_as_it_is(name: str) -> None:
    figure = Figure(figsize=(1, 1))
    text = figure.text(0, 0, plain(name))
    figure.savefig(io.BytesIO())
    assert text._preprocess_math(text.get_text()) == (name, False)
