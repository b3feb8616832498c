"""Every error that the program raises on purpose: one sentence and a hint."""

from __future__ import annotations


class TrainerError(Exception):
    """Something that the user can understand and mend.

    Parameters
    ----------
    message : str
        One sentence that says what is wrong: what was expected, what was received.
    hint : str
        What to do about it; may be empty.
    """

    def __init__(self, message: str, hint: str = "") -> None:
        super().__init__(message)
        self.message = message
        self.hint = hint


class InkError(TrainerError):
    """A drawing that cannot be read."""


class PictureError(TrainerError):
    """A picture that cannot be opened or is not usable."""


class DatasetError(TrainerError):
    """A dataset that is missing, broken or not of the expected form."""


class ConfigError(TrainerError):
    """A setting outside its range.

    Parameters
    ----------
    field : str
        The name of the setting, as a form or a command line shows it.
    """

    def __init__(self, message: str, hint: str = "", *, field: str = "") -> None:
        super().__init__(message, hint)
        self.field = field


class BundleError(TrainerError):
    """A recogniser on disk that is missing, damaged or made for another version."""


class RunError(TrainerError):
    """A training run that cannot be started, resumed or read."""
