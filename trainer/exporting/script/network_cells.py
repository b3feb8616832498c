"""The cells of a script that trains a network. Imports Keras."""

from __future__ import annotations

from pathlib import Path

from trainer.augmentation.images import ImageAugmentation
from trainer.config.code import (
    MOMENTUM,
    OPTIMIZER_CLASSES,
    PLATEAU_EPOCHS,
    PLATEAU_FACTOR,
    number,
    setting_code,
)
from trainer.config.training_config import TrainingConfig
from trainer.exporting.script.cells import CONFUSION_PLOT, Cell
from trainer.exporting.script.layer_source import model_source
from trainer.exporting.script.script_data import ScriptData
from trainer.light_keras import keras
from trainer.recognition.bundle import KERAS_NAME
from trainer.training.optimizer import bundle_folder, network_for
from trainer.training.weight_average import STEPS_PER_UPDATE, WARM_UP

_N_BYCLASS = 62


def network_cells(config: TrainingConfig, data: ScriptData) -> list[Cell]:
    """Return the cells after the data: network, batches, training, curves, confusion matrix."""
    return [
        Cell("The network; behind each line the shape of what it gives.", _network(config, data)),
        *_augmentation(config, data),
        _batches(config, data),
        _training(config, data),
        *_averaging(config, data),
        _fit(config, data),
        Cell("The curves, and which classes are taken for which.", (*_CURVES, *_CONFUSION)),
    ]


def preparation(config: TrainingConfig) -> list[str]:
    """Return what comes before everything else."""
    lines = ["keras.utils.set_random_seed(SEED)"]
    if config.device == "cpu":
        lines.append('tf.config.set_visible_devices([], "GPU")  # compute on the processor')
    if config.precision != "float32":
        lines.append(f'keras.config.set_dtype_policy("{config.precision}")')
    return lines


def _network(config: TrainingConfig, data: ScriptData) -> tuple[str, ...]:
    before = keras.config.dtype_policy()
    keras.config.set_dtype_policy(config.precision)
    try:
        network = network_for(config, len(data.alphabet), data.image_shape)
        lines = model_source(network)
    finally:
        keras.config.set_dtype_policy(before)
    if config.start_from:
        path = str(bundle_folder(config.start_from).absolute() / KERAS_NAME)
        lines.append(f"start = keras.saving.load_model({path!r}, compile=False)")
        lines.append("model.set_weights(start.get_weights())")
    return (*lines, "model.summary()")


def _has_targets(config: TrainingConfig, data: ScriptData) -> bool:
    """Return whether targets are probabilities instead of class numbers."""
    mixes = config.mixing != "none"
    return bool(config.label_smoothing or config.teacher or mixes) or _is_merging(data)


def _batches(config: TrainingConfig, data: ScriptData) -> Cell:
    lines = [f"BATCH = {config.batch_size}", "steps = max(1, len(x_train) // BATCH)  # an epoch"]
    heading = "Batches of images in another order in each epoch."
    targets = "y_train"
    if _has_targets(config, data):
        lines.append('targets = np.eye(len(ALPHABET), dtype="float32")[y_train]')
        targets = "targets"
    if config.teacher:
        path = str(Path(config.teacher).expanduser().absolute() / KERAS_NAME)
        share = number(config.teacher_share)
        lines += [
            f"teacher = keras.saving.load_model({path!r}, compile=False)",
            "taught = keras.ops.softmax(teacher.predict(x_train[..., None]))",
            f"targets = {number(1 - config.teacher_share)} * targets + {share} * np.array(taught)",
        ]
    has_share = bool(data.extra and config.extra_share)
    if config.balance or has_share:
        heading = "Batches in which rare classes are drawn more often than they occur."
        lines += _drawing(config, has_share=has_share)
    else:
        lines += [
            "order = tf.data.Dataset.range(len(x_train)).shuffle(len(x_train), seed=SEED)",
            "order = order.batch(BATCH, drop_remainder=len(x_train) >= BATCH)",
        ]
    lines += [
        f"x, y = tf.constant(x_train), tf.constant({targets})",
        "batches = order.map(lambda index: (tf.gather(x, index)[..., None], tf.gather(y, index)))",
    ]
    if _varies(config, data):
        lines.append("batches = batches.map(augment, num_parallel_calls=tf.data.AUTOTUNE)")
    lines += [*_mixing(config), "batches = batches.prefetch(2)"]
    return Cell(heading, tuple(lines))


def _mixing(config: TrainingConfig) -> list[str]:
    lines = []
    if config.erasing:
        lines += [
            f"erase = {setting_code('erasing', config.erasing, {})}",
            "batches = batches.map(lambda x, y: (erase(x, training=True), y))",
        ]
    if config.mixing != "none":
        lines += [
            f"mix = {setting_code('mixing', config.mixing, vars(config))}",
            'batches = batches.map(lambda x, y: mix({"images": x, "labels": y}, training=True))',
            'batches = batches.map(lambda batch: (batch["images"], batch["labels"]))',
        ]
    return lines


def _drawing(config: TrainingConfig, *, has_share: bool) -> list[str]:
    share, rest = number(config.extra_share), number(1 - config.extra_share)
    shares = (
        f"    weight[n_own:] *= {share} / weight[n_own:].sum()",
        f"    weight[:n_own] *= {rest} / weight[:n_own].sum()",
    )
    return [
        "random = np.random.default_rng(SEED)",
        "",
        "",
        "def draw():",
        '    """Yield the samples of each batch of an epoch."""',
        f"    weight = 1 / np.bincount(y_train)[y_train] ** {number(config.balance)}",
        *(shares if has_share else ()),
        "    n = steps * BATCH",
        "    times = np.floor(weight * (n / weight.sum()) + random.random(len(weight)))",
        "    chosen = random.permutation(np.repeat(np.arange(len(weight)), times.astype(int)))",
        "    chosen = np.append(chosen, random.choice(len(weight), max(0, n - len(chosen))))",
        "    yield from chosen[:n].reshape(steps, BATCH)",
        "",
        "",
        "order = tf.data.Dataset.from_generator(",
        '    draw, output_signature=tf.TensorSpec((BATCH,), "int64")',
        ")",
    ]


def _varies(config: TrainingConfig, data: ScriptData) -> bool:
    settings = config.image_augmentation
    return settings is not None and not settings.is_nothing and not data.has_inks


def _augmentation(config: TrainingConfig, data: ScriptData) -> list[Cell]:
    settings = config.image_augmentation
    if settings is None or not _varies(config, data):
        return []
    height, width = data.image_shape
    strengths = {
        name
        for name in ("shift", "rotation", "scale", "shear", "elastic", "noise")
        if getattr(settings, name)
    }
    code: tuple[str, ...]
    if strengths == {"shift"}:
        shift = number(settings.shift)
        layer = f"layers.RandomTranslation({shift} / {height}, {shift} / {width}"
        code = _by_layer(layer)
    elif strengths == {"rotation"}:
        code = _by_layer(f"layers.RandomRotation({number(settings.rotation)} / 360")
    else:
        code = (*_maps(settings, height, width),)
    return [Cell("Vary the images anew in every epoch, so that they are not memorised.", code)]


def _by_layer(layer: str) -> tuple[str, ...]:
    return (
        f'vary = {layer}, fill_mode="constant")',
        "",
        "",
        "def augment(images, targets):",
        '    """Vary a batch; paper fills in at the edges."""',
        "    return vary(images, training=True), targets",
        "",
    )


def _maps(settings: ImageAugmentation, height: int, width: int) -> list[str]:
    """Return a function that moves, turns, scales, slants and bends in one resampling."""
    middle_y, middle_x = number((height - 1) / 2), number((width - 1) / 2)
    lines = []
    if settings.elastic:
        lines += [
            "def bumps(size):",
            '    """Return the (size, 6) weights of six knots along a side, of unit length."""',
            "    distance = (np.arange(size)[:, None] + 0.5) / (size / 6) - np.arange(6) - 0.5",
            "    weights = np.exp(-0.5 * distance**2)",
            "    weights /= np.linalg.norm(weights, axis=1, keepdims=True)",
            '    return weights.astype("float32")',
            "",
            "",
        ]
    shift = number(settings.shift)
    lines += [
        "def augment(images, targets):",
        '    """Move, turn, scale, slant and bend each image a little, in one resampling."""',
        "    n = tf.shape(images)[0]",
        "    amounts = tf.random.uniform((5, n, 1, 1), -1, 1)",
        f"    angle = np.radians({number(settings.rotation)}) * amounts[0]",
        f"    slant = {number(settings.shear)} * amounts[1]",
        f"    size = 1 + {number(settings.scale)} * amounts[2]",
        f'    y = tf.range({height}, dtype="float32")[:, None] - {middle_y} - {shift} * amounts[3]',
        f'    x = tf.range({width}, dtype="float32") - {middle_x} - {shift} * amounts[4]',
        "    sin, cos = tf.sin(angle) / size, tf.cos(angle) / size",
        f"    row = {middle_y} - sin * x + cos * y",
        f"    column = {middle_x} + (cos - slant * sin) * x + (sin + slant * cos) * y",
    ]
    if settings.elastic:
        lines += [
            "    bend = tf.clip_by_value(tf.random.normal((2, n, 6, 6)), -2.5, 2.5)",
            f"    bend = {number(settings.elastic)} * bumps({height}) @ bend @ bumps({width}).T",
            "    row, column = row + bend[0], column + bend[1]",
        ]
    lines += [
        '    number = tf.range(n, dtype="float32")[:, None, None] + 0 * row',
        '    pixels = tf.cast(images[..., 0], "float32")',
        "    pixels = keras.ops.image.map_coordinates(pixels, [number, row, column], order=1)",
    ]
    if settings.noise:
        lines += [
            f"    noise = {number(255 * settings.noise)} * tf.random.normal(tf.shape(pixels))",
            "    pixels = tf.clip_by_value(pixels + noise, 0, 255)",
        ]
    return [*lines, "    return pixels[..., None], targets", ""]


def _is_merging(data: ScriptData) -> bool:
    """Return whether the best epoch is chosen by merged classes."""
    return len(data.alphabet) == _N_BYCLASS


def _training(config: TrainingConfig, data: ScriptData) -> Cell:
    lines = [f"EPOCHS = {config.epochs}"]
    rate = number(config.learning_rate)
    if config.schedule == "cosine":
        warm_up = number(config.warmup_epochs)
        lines.append("schedule = keras.optimizers.schedules.CosineDecay(")
        if config.warmup_epochs:
            lines[-1:] = [
                f"warm_up = int({warm_up} * steps)",
                lines[-1],
                f"    0.0, max(1, EPOCHS * steps - warm_up), warmup_target={rate}, "
                "warmup_steps=warm_up)",
            ]
        else:
            lines[-1] += f"{rate}, EPOCHS * steps)"
        rate = "schedule"
    settings = [f"learning_rate={rate}"]
    if config.optimizer == "sgd-momentum":
        settings.append(f"momentum={MOMENTUM}")
    if config.weight_decay:
        settings.append(f"weight_decay={number(config.weight_decay)}")
    if config.clip_norm:
        settings.append(f"global_clipnorm={number(config.clip_norm)}")
    kind = OPTIMIZER_CLASSES[config.optimizer]
    lines.append(f"optimizer = keras.optimizers.{kind}({', '.join(settings)})")
    if config.weight_decay:
        lines.append('optimizer.exclude_from_weight_decay(var_names=["bias", "gamma", "beta"])')
    sparse = "" if _has_targets(config, data) else "Sparse"
    smoothing = (
        f", label_smoothing={number(config.label_smoothing)}" if config.label_smoothing else ""
    )
    metrics = '"accuracy"'
    if _is_merging(data):
        lines += _MERGED_ACCURACY
        metrics += ", merged_accuracy"
    lines += [
        f"loss = keras.losses.{sparse}CategoricalCrossentropy(from_logits=True{smoothing})",
        f"model.compile(optimizer, loss, metrics=[{metrics}], jit_compile=False)",
    ]
    return Cell("How it learns: optimiser, learning rate and loss.", tuple(lines))


_MERGED_ACCURACY = (
    'alike = [c.upper() if c in "cijklmopsuvwxyz" else c for c in ALPHABET]',
    'merge = np.eye(len(ALPHABET), dtype="float32")[[ALPHABET.index(c) for c in alike]]',
    "",
    "",
    "def merged_accuracy(y, logits):",
    '    """Return what is right where small letters like their capitals count as these."""',
    '    answers = keras.ops.softmax(keras.ops.cast(logits, "float32"))',
    "    answers, truth = keras.ops.matmul(answers, merge), keras.ops.matmul(y, merge)",
    "    return keras.ops.equal(keras.ops.argmax(answers, -1), keras.ops.argmax(truth, -1))",
    "",
    "",
)


def _monitor(data: ScriptData) -> str:
    return "merged_accuracy" if _is_merging(data) else "accuracy"


def _averaging(config: TrainingConfig, data: ScriptData) -> list[Cell]:
    if not config.average_epochs:
        return []
    code = (
        "class AveragedWeights(keras.callbacks.Callback):",
        '    """Validates a moving average of the weights, and keeps its best."""',
        "",
        "    updates, best = 0, -1",
        "",
        "    def on_train_begin(self, logs=None):",
        "        self.average = [weight.copy() for weight in self.model.get_weights()]",
        "",
        "    def on_train_batch_end(self, batch, logs=None):",
        f"        every = min({STEPS_PER_UPDATE}, steps)",
        "        if (batch + 1) % every == 0:",
        "            self.updates += 1",
        f"            keep = 1 - 1 / ({number(config.average_epochs)} * steps / every + 1)",
        f"            keep = min(keep, self.updates / (self.updates + {WARM_UP}))",
        "            for average, weight in zip(self.average, self.model.get_weights()):",
        "                average += (weight - average) * (1 - keep)",
        "",
        "    def on_test_begin(self, logs=None):",
        "        self.trained = [weight.copy() for weight in self.model.get_weights()]",
        "        self.model.set_weights(self.average)",
        "",
        "    def on_test_end(self, logs=None):",
        f'        if logs["{_monitor(data)}"] > self.best:',
        f'            self.best = logs["{_monitor(data)}"]',
        '            self.model.save_weights("best.weights.h5")',
        "        self.model.set_weights(self.trained)",
        "",
    )
    heading = "An average of the weights of the last epochs is more accurate than the last weights."
    return [Cell(heading, code)]


def _fit(config: TrainingConfig, data: ScriptData) -> Cell:
    monitor = f'"val_{_monitor(data)}", mode="max"'
    lines = ["callbacks = ["]
    if config.average_epochs:
        lines.append("    AveragedWeights(),")
    else:
        lines += [
            "    keras.callbacks.ModelCheckpoint(",
            f'        "best.weights.h5", {monitor}, save_best_only=True, save_weights_only=True',
            "    ),",
        ]
    if config.early_stopping:
        lines.append(
            f"    keras.callbacks.EarlyStopping({monitor}, patience={config.early_stopping}),"
        )
    if config.schedule == "plateau":
        lines += [
            "    keras.callbacks.ReduceLROnPlateau(",
            f"        {monitor}, factor={PLATEAU_FACTOR}, patience={PLATEAU_EPOCHS}, min_delta=0",
            "    ),",
        ]
    has_targets = _has_targets(config, data)
    truth = 'np.eye(len(ALPHABET), dtype="float32")[y_val]' if has_targets else "y_val"
    lines.append("]")
    if config.class_weights:
        lines += [
            "counts = np.bincount(y_train, minlength=len(ALPHABET))",
            f"weights = np.maximum(counts, 1.0) ** -{number(config.class_weights)}",
            "weights *= len(y_train) / (counts * weights).sum()",
        ]
    lines += [
        "history = model.fit(",
        "    batches, epochs=EPOCHS, shuffle=False, callbacks=callbacks, "
        "validation_batch_size=512,",
        f"    validation_data=(x_val[..., None], {truth}),",
        *(["    class_weight=dict(enumerate(weights)),"] if config.class_weights else []),
        ")",
        'model.load_weights("best.weights.h5")',
        'model.save("model.keras")',
    ]
    return Cell("The training; the epoch with the best validation accuracy counts.", tuple(lines))


_CURVES = (
    "figure, (left, right) = plt.subplots(1, 2, figsize=(10, 4))",
    'for axes, name in ((left, "loss"), (right, "accuracy")):',
    '    axes.plot(history.history[name], label="training")',
    '    axes.plot(history.history[f"val_{name}"], label="validation")',
    '    axes.set(xlabel="epoch", ylabel=name)',
    "    axes.legend()",
    'figure.savefig("curves.png")',
)

_CONFUSION = (
    "predicted = model.predict(x_val[..., None], batch_size=512, verbose=0).argmax(axis=1)",
    *CONFUSION_PLOT,
)
