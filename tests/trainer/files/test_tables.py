from __future__ import annotations

import pytest

from trainer.files.tables import cell, text_of


@pytest.mark.parametrize(
    "text", ["=cmd|' /C calc'!A0", "@SUM(1)", "+1+1", "-x", "\tx", "\r=1", "=="]
)
def test_a_text_is_no_formula(text: str) -> None:
    assert cell(text) == f"'{text}"
    assert text_of(f"'{text}") == text


@pytest.mark.parametrize(
    "value", [-1, 2.5, None, "", "-1", "+2.5", "A", "'", "'A", "a=b", "=", "-", "+", "@"]
)
def test_numbers_and_plain_texts_stay(value: object) -> None:
    assert cell(value) == value
    if isinstance(value, str):
        assert text_of(value) == value
