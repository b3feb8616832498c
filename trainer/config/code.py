"""The settings of a training as code: what each is called in Keras or scikit-learn."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

OPTIMIZER_CLASSES: Mapping[str, str] = {
    "adam": "Adam",
    "adamw": "AdamW",
    "adamax": "Adamax",
    "adadelta": "Adadelta",
    "sgd-momentum": "SGD",
}
"""The class in `keras.optimizers` of each optimiser."""

MOMENTUM = 0.9
"""Of SGD."""

PLATEAU_EPOCHS = 3
PLATEAU_FACTOR = 0.5
"""After so many epochs without improvement, the learning rate is multiplied by this."""

_SCHEDULES = {
    "constant": "{optimizer}(learning_rate={learning_rate})",
    "cosine": "CosineDecay({learning_rate}, decay_steps=epochs * steps)",
    "plateau": f"ReduceLROnPlateau(factor={PLATEAU_FACTOR}, patience={PLATEAU_EPOCHS})",
}

MIXING_LAYERS: Mapping[str, str] = {
    "mixup": "layers.MixUp({strength})",
    "cutmix": "layers.CutMix(({strength}, {strength}))",
}
"""The layers of Keras that mix images."""

_DEVICES = {"cpu": 'tf.config.set_visible_devices([], "GPU")'}

_CODE: Mapping[str, str] = {
    "validation_share": "members[: round({value} * len(members))]",
    "limit": "random.permutation(len(x_train))[:{value}]",
    "balance": "1 / np.bincount(y_train)[y_train] ** {value}",
    "extra_share": "weight[is_extra] *= {value} / weight[is_extra].sum()",
    "layers": "keras.Sequential([keras.Input((28, 28, 1)), …])",
    "image_size": "layers.Resizing({value}, {value})",
    "start_from": "model.set_weights(start.get_weights())",
    "teacher": "teacher.predict(x_train)",
    "teacher_share": "(1 - {value}) * targets + {value} * teacher.predict(x_train)",
    "epochs": "model.fit(batches, epochs={value})",
    "batch_size": "dataset.batch({value}, drop_remainder=True)",
    "optimizer": "keras.optimizers.{optimizer}()",
    "learning_rate": "{optimizer}(learning_rate={value})",
    "warmup_epochs": "CosineDecay(…, warmup_steps={value} * steps)",
    "early_stopping": 'EarlyStopping("val_accuracy", patience={value})',
    "average_epochs": "average += (weight - average) * (1 - keep)",
    "clip_norm": "{optimizer}(global_clipnorm={value})",
    "dropout": "layers.Dropout({value})",
    "l2": "layers.Dense(…, kernel_regularizer=keras.regularizers.L2({value}))",
    "weight_decay": "{optimizer}(weight_decay={value})",
    "label_smoothing": "CategoricalCrossentropy(label_smoothing={value})",
    "class_weights": "model.fit(class_weight=dict(enumerate(1 / np.bincount(y_train) ** {value})))",
    "erasing": "layers.RandomErasing(({value}, {value}), (0.02, 0.33), fill_value=0)",
    "seed": "keras.utils.set_random_seed({value})",
    "precision": 'keras.config.set_dtype_policy("{value}")',
    "steps_per_call": "model.compile(…, steps_per_execution={value})",
    "image_augmentation.shift": "layers.RandomTranslation({value} / height, {value} / width)",
    "image_augmentation.rotation": "layers.RandomRotation({value} / 360)",
    "image_augmentation.scale": "layers.RandomZoom({value})",
    "image_augmentation.shear": "layers.RandomShear({value})",
    "image_augmentation.noise": "layers.GaussianNoise({value})",
    "units": "layers.Dense({value})",
    "activation": 'layers.Dense(…, activation="{value}")',
    "noise": "layers.GaussianNoise({value})",
    "pool": "layers.MaxPooling2D({value})",
    "neighbors": "KNeighborsClassifier({value})",
    "trees": "RandomForestClassifier({value})",
    "max_depth": "max_depth={value}",
    "max_samples": "RandomForestClassifier(max_samples={value})",
    "criterion": 'RandomForestClassifier(criterion="{value}")',
    "copies": "range({value})",
    "shift": "random.integers(0, 2 * {value} + 1, (len(x_train), 2))",
    "folds": "StratifiedKFold({value}, shuffle=True)",
    "rounds": "xgboost.train(settings, data, {value})",
    "eta": '{{"eta": {value}}}',
}
"""What a setting or an option of a model is in a script."""

_OFF: Mapping[str, Any] = dict.fromkeys(
    (
        *("limit", "balance", "extra_share", "layers", "image_size", "start_from"),
        *("teacher", "early_stopping", "average_epochs", "clip_norm", "l2", "weight_decay"),
        *("label_smoothing", "steps_per_call", "warmup_epochs", "class_weights", "erasing"),
    )
)


def setting_code(name: str, value: Any, settings: Mapping[str, Any]) -> str:
    """Return what a setting is in code, such as ``Adam(learning_rate=0.001)``.

    Parameters
    ----------
    name : str
        Of a setting, of an augmentation's strength after its name and a dot, or of an option.
    value : object
        Its value.
    settings : mapping of str to object
        The other settings, of which the optimiser, the rate and the strength of mixing are used.

    Returns
    -------
    str
        Empty where there is nothing to say, or where the value turns the setting off.
    """
    if name in _OFF and value in (0, "", None, ()):
        return ""
    template = _CODE.get(name, "")
    if name == "schedule":
        template = _SCHEDULES.get(value, "")
    elif name == "mixing":
        template = MIXING_LAYERS.get(value, "")
    elif name == "device":
        template = _DEVICES.get(value, "")
    rate = number(settings.get("learning_rate", 0.001))
    optimizer = OPTIMIZER_CLASSES.get(str(settings.get("optimizer")), "Adam")
    strength = number(settings.get("mixing_strength", 1.0))
    return template.format(
        value=number(value), optimizer=optimizer, learning_rate=rate, strength=strength
    )


def number(value: Any) -> str:
    """Return a number as short as it is written: ``0.001``, ``2``."""
    return f"{value:.10g}" if isinstance(value, float) else str(value)
