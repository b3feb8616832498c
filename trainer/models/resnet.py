"""The residual network of 34 layers (He et al. 2015, arXiv 1512.03385). Imports Keras."""

from __future__ import annotations

from typing import Any

from keras import layers

_STAGES = ((64, 3), (128, 4), (256, 6), (512, 3))
"""Width and number of blocks; every stage but the first begins with halving the map."""


def resnet34_features(x: Any, regularizer: Any) -> Any:
    """Return the 512 features of each image.

    Parameters
    ----------
    x : tensor of shape (n, height, width, 1)
    regularizer : keras.regularizers.Regularizer or None
        Of every convolution's weights.
    """
    x = layers.Conv2D(64, 7, strides=2, padding="same", kernel_regularizer=regularizer)(x)
    x = layers.ReLU()(layers.BatchNormalization()(x))
    x = layers.MaxPooling2D(3, strides=2)(x)
    for stage, (width, blocks) in enumerate(_STAGES):
        for block in range(blocks):
            x = _block(x, width, 2 if stage and not block else 1, regularizer)
    return layers.GlobalAveragePooling2D()(x)


def _block(x: Any, width: int, stride: int, regularizer: Any) -> Any:
    shortcut = x
    x = _convolution(x, width, 3, stride, regularizer)
    x = _convolution(layers.ReLU()(x), width, 3, 1, regularizer)
    if stride > 1:
        shortcut = _convolution(shortcut, width, 1, stride, regularizer)
    return layers.ReLU()(layers.Add()([x, shortcut]))


def _convolution(x: Any, width: int, size: int, stride: int, regularizer: Any) -> Any:
    x = layers.Conv2D(width, size, strides=stride, padding="same", kernel_regularizer=regularizer)(
        x
    )
    return layers.BatchNormalization()(x)
