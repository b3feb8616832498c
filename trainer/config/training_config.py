"""The settings of a training run: one frozen, validated record that JSON can hold."""

from __future__ import annotations

import dataclasses
import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from trainer.augmentation.images import ImageAugmentation
from trainer.augmentation.strokes import StrokeAugmentation
from trainer.config.fields import FIELDS
from trainer.errors import ConfigError, Message, check_range
from trainer.files.records import RecordError, decode, encode, parse, read_object
from trainer.models.layers import MOST_LAYERS, LayerSpec
from trainer.models.presets import OWN, preset

FORMAT = 1
"""Of a run's settings; raised when an older program could misread them."""

FORMAT_KEY = "format"


@dataclass(frozen=True)
class TrainingConfig:
    """Settings of one run; `trainer.config.fields` describes each, with its range.

    The defaults are those of the preset ``pen``; `from_record` applies those of the named preset.

    Attributes
    ----------
    weight_decay : float
        Of AdamW (Loshchilov and Hutter 2019, arXiv 1711.05101).
    average_epochs : float
        Time constant of the moving average of the weights.
    balance : float
        Samples of a class are drawn in proportion to its count to the power (1 - balance).
    class_weights : float
        The loss of a sample is weighted by the count of its class to the power -class_weights.
    teacher : str
        Folder of a bundle (distillation: Hinton et al. 2015, arXiv 1503.02531), which reduces the
        effect of wrong labels.
    layers : tuple of LayerSpec
        Of the preset ``own``.
    extra : tuple of str
        Names or paths of datasets.
    augmentation : StrokeAugmentation or None
        Of inks, anew in every epoch; None for none.
    image_augmentation : ImageAugmentation or None
        Of images, likewise.
    """

    preset: str = "pen"
    preset_options: Mapping[str, Any] = field(default_factory=dict)
    layers: tuple[LayerSpec, ...] = ()
    data: str = ""
    extra: tuple[str, ...] = ()
    extra_share: float = 0.0
    validation: str = ""
    validation_share: float = 0.1
    limit: int = 0
    image_size: int = 0
    epochs: int = 30
    batch_size: int = 256
    optimizer: str = "adamw"
    schedule: str = "cosine"
    learning_rate: float = 2e-3
    warmup_epochs: float = 1.0
    weight_decay: float = 0.02
    clip_norm: float = 1.0
    l2: float = 0.0
    label_smoothing: float = 0.05
    average_epochs: float = 2.0
    early_stopping: int = 0
    balance: float = 0.3
    class_weights: float = 0.0
    direction_share: float = 0.0
    unusual_share: float = 0.25
    paper_share: float = 0.0
    screen_after: int = 0
    screen_below: float = 0.01
    dropout: float = 0.4
    mixing: str = "none"
    mixing_strength: float = 0.2
    erasing: float = 0.0
    teacher: str = ""
    teacher_share: float = 0.5
    start_from: str = ""
    precision: str = "float32"
    device: str = "auto"
    steps_per_call: int = 0
    seed: int = 1
    augmentation: StrokeAugmentation | None = field(default_factory=StrokeAugmentation)
    image_augmentation: ImageAugmentation | None = None

    def __post_init__(self) -> None:
        preset(self.preset).option_values(self.preset_options)
        self._check_layers()
        for each in FIELDS.values():
            value = getattr(self, each.name)
            if each.kind in ("int", "float"):
                check_range(each.name, value, each.low, each.high)
            elif each.choices and value not in each.choices:
                raise ConfigError(
                    "Expected {name} of {choices}. Received: {value}.", field=each.name
                ).format(name=each.title.lower(), choices=", ".join(each.choices), value=value)
        check_range("warmup_epochs", self.warmup_epochs, 0, self.epochs)
        check_range("screen_after", self.screen_after, 0, self.epochs)
        if not self.data:
            raise ConfigError(
                "Expected training data. Received: none.", "Name it with --data.", field="data"
            )

    def _check_layers(self) -> None:
        if self.layers and self.preset != OWN:
            raise ConfigError(
                "The preset {preset} has layers of its own.",
                "Choose the preset own.",
                field="layers",
            ).format(preset=self.preset)
        if len(self.layers) > MOST_LAYERS:
            raise ConfigError(
                "Expected at most {most} layers. Received: {n}.", field="layers"
            ).format(most=MOST_LAYERS, n=len(self.layers))

    def to_json(self) -> str:
        """Return the settings as indented JSON."""
        return json.dumps(encode(self), indent=2) + "\n"

    @classmethod
    def from_record(cls, record: Mapping[str, Any]) -> TrainingConfig:
        """Read settings from parsed JSON; missing ones take the preset's default.

        Raises
        ------
        ConfigError
            If a name is unknown, or a value has the wrong type or is out of its range.
        """
        if are_newer(record):
            raise ConfigError(
                "The settings were made by a newer version of this program.",
                "Update EMNIST Desktop; they are left as they are.",
                field=FORMAT_KEY,
            )
        name = record.get("preset", cls.preset)
        defaults = encode(preset(name).defaults) if isinstance(name, str) else {}
        given = {name: value for name, value in record.items() if name != FORMAT_KEY}
        try:
            return decode(cls, {**defaults, **given}, takes_unknown=False)
        except RecordError as error:
            field = error.field.partition(".")[0]
            raise ConfigError(error.message, error.hint, field=field) from error

    @classmethod
    def from_json(cls, text: str) -> TrainingConfig:
        """Read what `to_json` returned.

        Raises
        ------
        ConfigError
            As `from_record`, and if the text is no JSON object.
        """
        try:
            record = decode(dict[str, Any], parse(text))
        except RecordError as error:
            raise ConfigError("The settings cannot be read. {reason}").format(
                reason=error
            ) from error
        return cls.from_record(record)

    @classmethod
    def load(cls, path: Path) -> TrainingConfig:
        """Read a file of settings.

        Raises
        ------
        ConfigError
            As `from_record`, and if the file cannot be read or holds no JSON object.
        """
        try:
            record = read_object(path)
        except RecordError as error:
            raise ConfigError(error.message) from error
        return cls.from_record(record)

    def differences(self, other: TrainingConfig) -> list[str]:
        """Return the names of the settings that differ."""
        return [
            f.name
            for f in dataclasses.fields(self)
            if getattr(self, f.name) != getattr(other, f.name)
        ]

    def changes(self, other: TrainingConfig) -> list[Message]:
        """Describe the differences: ``seed: the run has 1, asked for is 7``, and so on.

        Of augmentations and of a model's options only the differing values are named.
        """
        ours, theirs = dataclasses.asdict(self), dataclasses.asdict(other)
        found = []

        def note(name: str, ours: Any, theirs: Any) -> None:
            found.append(
                Message(
                    "{name}: the run has {ours}, asked for is {theirs}",
                    name=name,
                    ours=_shown(ours),
                    theirs=_shown(theirs),
                )
            )

        for name in self.differences(other):
            ours_here, theirs_here = ours[name], theirs[name]
            if isinstance(ours_here, dict) and isinstance(theirs_here, dict):
                for key in dict.fromkeys((*ours_here, *theirs_here)):
                    if ours_here.get(key) != theirs_here.get(key):
                        note(f"{name}.{key}", ours_here.get(key), theirs_here.get(key))
            else:
                note(name, ours_here, theirs_here)
        return found


def are_newer(record: Mapping[str, Any]) -> bool:
    """Return whether settings are of a newer version; those without a version are of the first."""
    number = record.get(FORMAT_KEY, 1)
    return not isinstance(number, int) or number > FORMAT


def _shown(value: Any) -> str:
    match value:
        case None | "" | ():
            return "none"
        case float():
            return f"{value:.10g}"
        case dict():
            return ", ".join(f"{name} {_shown(each)}" for name, each in value.items())
        case tuple():
            return ", ".join(map(_shown, value))
    return str(value)
