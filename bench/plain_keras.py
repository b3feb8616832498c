"""A plain Keras script for comparison. Prints images per second and accuracy as JSON.

Arguments: a folder of arrays, preset, batch size, learning rate.
"""

import json
import sys
from pathlib import Path
from time import perf_counter

import keras
import numpy as np

from trainer.models.networks import build_network
from trainer.models.presets import PRESETS

folder, name, batch_size, rate = Path(sys.argv[1]), sys.argv[2], int(sys.argv[3]), sys.argv[4]
arrays = {file.stem: np.load(file) for file in folder.glob("*.npy")}
network = build_network(name, 10, 0.5, options=PRESETS[name].option_values({}))
network.compile(
    keras.optimizers.Adam(float(rate)),
    keras.losses.SparseCategoricalCrossentropy(from_logits=True),
    metrics=["accuracy"],
)
images, truth = arrays["images"][..., None].astype("float32"), arrays["labels"]
unseen = arrays["validation_images"][..., None].astype("float32")
network.fit(images, truth, batch_size, 1, verbose=0)
began = perf_counter()
network.fit(images, truth, batch_size, 1, verbose=0)
seconds = perf_counter() - began
accuracy = network.evaluate(unseen, arrays["validation_labels"], verbose=0)[1]
print(json.dumps({"rate": len(images) / seconds, "accuracy": accuracy}))
