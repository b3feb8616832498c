"""``override`` for every supported Python: ruff asks a method so marked for no docstring."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any, TypeVar

Method = TypeVar("Method", bound=Callable[..., Any])

if TYPE_CHECKING:
    from typing_extensions import override  # typeshed has it: mypy checks that a base has it too
else:

    def override(method: Method) -> Method:
        """Mark a method that overrides one of a base class."""
        return method


__all__ = ["override"]
