"""Keras starts without what it merely looks for, and nobody else misses it."""

from __future__ import annotations

import gc
import sys
from contextlib import AbstractContextManager
from importlib.util import find_spec

import pytest

from trainer.__main__ import main


def without_unused() -> AbstractContextManager[None]:
    """Return what Keras is imported in; not at the top, which would import Keras for all tests."""
    from trainer.light_keras import _without_unused

    return _without_unused()


@pytest.mark.parametrize("name", ["matplotlib", "sklearn"])
def test_only_keras_goes_without(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delitem(sys.modules, name, raising=False)
    with without_unused(), pytest.raises(ModuleNotFoundError) as error:
        find_spec(name)
    assert error.value.name == name
    assert find_spec(name) is not None


def test_what_is_loaded_already_is_left() -> None:
    import sklearn

    with without_unused():
        import sklearn as same
    assert same is sklearn


@pytest.mark.parametrize("was_enabled", [True, False])
def test_garbage_is_collected_afterwards_if_it_was_before(
    was_enabled: bool, request: pytest.FixtureRequest
) -> None:
    from trainer.garbage import no_collections

    request.addfinalizer(gc.enable if gc.isenabled() else gc.disable)
    (gc.enable if was_enabled else gc.disable)()
    with no_collections():
        assert not gc.isenabled()
    assert gc.isenabled() is was_enabled


@pytest.mark.parametrize(
    ("command", "data"),
    [
        (["train", "--preset", "lenet5"], "missing.npz"),
        (["train", "--preset", "lenet5", "--estimate"], "no-such-data"),
        (["lr-find", "--preset", "lenet5"], "missing.npz"),
        (["train", "--preset", "knn"], "missing.npz"),
    ],
)
def test_data_that_are_not_there_are_missed_before_it_is_loaded(
    command: list[str], data: str, capsys: pytest.CaptureFixture[str]
) -> None:
    with pytest.MonkeyPatch.context() as patch:
        for name in ("keras", "trainer.light_keras", "trainer.models.classical"):
            patch.setitem(sys.modules, name, None)  # an import would fail, and say so
        assert main([*command, "--data", data]) == 1
    error = capsys.readouterr().err
    assert error.startswith("There is no ")
    assert data in error
    assert "Hint: " in error
