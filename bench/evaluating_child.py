"""Speed of the bundled recogniser's network in ``keras.Model.predict``; prints JSON."""

from __future__ import annotations

import json
import sys
from pathlib import Path
from time import perf_counter, process_time

import keras
import numpy as np

from trainer.models.networks import build_network

BATCH = 256

images = np.load(Path(sys.argv[1]) / "images.npy")
network = build_network("pen", 62, 0.4)
network.predict(images[:BATCH, ..., None].astype(np.float32), batch_size=BATCH, verbose=0)
began, worked = perf_counter(), process_time()
network.predict(images[..., None].astype(np.float32), batch_size=BATCH, verbose=0)
times = {"seconds": perf_counter() - began, "processor_seconds": process_time() - worked}
print(json.dumps({**times, "keras": keras.__version__}))
