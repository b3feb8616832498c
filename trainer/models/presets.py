"""The models that can be trained, as plain records: what they are, whence, with which settings.

Light on purpose: the window lists them without Keras or scikit-learn. The networks are built in
`trainer.models.networks`, the classic models in `trainer.models.classical`.
"""

from __future__ import annotations

import difflib
from collections.abc import Mapping

from trainer.errors import ConfigError
from trainer.models.classical_presets import CLASSICAL
from trainer.models.network_presets import NETWORKS
from trainer.models.preset import Option, Preset, PresetKind

__all__ = ["PRESETS", "Option", "Preset", "PresetKind", "preset"]

PRESETS: Mapping[str, Preset] = {each.name: each for each in (*CLASSICAL, *NETWORKS)}
"""All presets by name, the simplest first."""


def preset(name: str) -> Preset:
    """Return the preset of a name.

    Raises
    ------
    ConfigError
        If there is none; it names those like it.
    """
    if name in PRESETS:
        return PRESETS[name]
    like = difflib.get_close_matches(name.lower(), PRESETS, n=3, cutoff=0.5)
    raise ConfigError(
        "There is no preset {name}. Like it: {presets}."
        if like
        else "There is no preset {name}. There are: {presets}.",
        "List them with: python -m trainer presets.",
        field="preset",
    ).format(name=repr(name), presets=", ".join(like or PRESETS))
