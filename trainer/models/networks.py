"""Networks in plain Keras 3: they train on any backend. Import only where a run starts."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import keras
from keras import layers

from trainer.errors import ConfigError
from trainer.preprocess import IMAGE_SIZE


def pen(n_classes: int, dropout: float) -> Any:
    """Build our own recogniser: seven 3×3 convolutions in the manner of VGG.

    The style is that of Simonyan and Zisserman 2015 (arXiv 1409.1556) with batch
    normalisation; the read-out is linear over the last 4×4 map, since every ink stands in the
    same frame and so a place has a meaning.

    Returns
    -------
    keras.Model
        Input (n, 28, 28, 1), 0 to 255; output (n, n_classes), logits.
    """
    inputs = keras.Input((IMAGE_SIZE, IMAGE_SIZE, 1), name="image")
    x = layers.Rescaling(1 / 255)(inputs)
    for width in (24, 64, 128):  # 28×28, 14×14, 7×7
        x = _convolution(x, width)
        x = _convolution(x, width)
        x = layers.MaxPooling2D(padding="same")(x)
    x = _convolution(x, 256)  # 4×4
    x = layers.Dropout(dropout)(layers.Flatten()(x))
    outputs = layers.Dense(n_classes, dtype="float32", name="logits")(x)
    return keras.Model(inputs, outputs, name="pen")


NETWORKS: dict[str, Callable[[int, float], Any]] = {"pen": pen}


def build_network(preset: str, n_classes: int, dropout: float) -> Any:
    """Build the network of a preset with fresh weights.

    Raises
    ------
    ConfigError
        If there is no such preset.
    """
    if preset not in NETWORKS:
        raise ConfigError(
            f"Expected a preset of {', '.join(NETWORKS)}. Received: {preset}.", field="preset"
        )
    return NETWORKS[preset](n_classes, dropout)


def _convolution(x: Any, width: int) -> Any:
    x = layers.Conv2D(width, 3, padding="same", use_bias=False)(x)
    return layers.Activation("relu")(layers.BatchNormalization(momentum=0.95)(x))
