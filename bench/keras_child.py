"""Rates of the bundled recogniser's network in Keras, with fresh weights; prints JSON."""

from __future__ import annotations

import json
import sys
from pathlib import Path
from time import perf_counter

import keras
import numpy as np

from trainer.models.networks import build_network

images = np.load(Path(sys.argv[1]) / "images.npy")[..., None].astype(np.float32)
network = build_network("pen", 62, 0.4)
network.predict(images[:1], verbose=0)
began = perf_counter()
for image in images[:60]:
    network.predict(image[None], verbose=0)
predict = 60 / (perf_counter() - began)
step = keras.ops.convert_to_numpy
step(network(images[:256], training=False))
began = perf_counter()
for low in range(0, len(images), 256):
    step(network(images[low : low + 256], training=False))
call = len(images) / (perf_counter() - began)
print(json.dumps({"predict": predict, "call": call}))
