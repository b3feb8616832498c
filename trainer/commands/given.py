"""The settings of a training that were given to a command: in a file, and as options."""

from __future__ import annotations

import argparse
import dataclasses
import json
from collections.abc import Mapping
from typing import Any

from trainer.config import TrainingConfig
from trainer.errors import ConfigError

_NESTED = ("augmentation", "image_augmentation", "preset_options")


def given_settings(
    options: argparse.Namespace, before: Mapping[str, Any] | None = None
) -> dict[str, Any]:
    """Return the settings that were given, and no defaults, as `TrainingConfig.from_record` reads.

    Parameters
    ----------
    options : Namespace
    before : mapping, optional
        Settings to begin with where no file of settings is given.

    Raises
    ------
    ConfigError
        If the file of settings cannot be read.
    """
    record = dict(before or {})
    if options.config is not None:
        try:
            record = json.loads(options.config.read_text(encoding="utf-8"))
        except (OSError, ValueError) as error:
            raise ConfigError(
                f"The settings in {options.config} cannot be read: {error}.", field="config"
            ) from error
        if not isinstance(record, dict):
            raise ConfigError(f"Expected a JSON object in {options.config}.", field="config")
    given = vars(options)
    names = {field.name for field in dataclasses.fields(TrainingConfig)}
    record |= {name: value for name, value in given.items() if name in names}
    record |= {name: dict(given[name]) for name in _NESTED if name in given}
    if options.no_augmentation:
        record |= {"augmentation": None, "image_augmentation": None}
    return record
