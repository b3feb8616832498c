"""The device of a run, and why it is not a graphics processor. Imports Keras."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from trainer.errors import ConfigError, Message
from trainer.light_keras import keras
from trainer.processes.launch import is_executable
from trainer.training.resources import DeviceMemory


@dataclass(frozen=True)
class Device:
    """The device of a run.

    Attributes
    ----------
    name : str
        As shown: "CPU", "GPU (2)".
    reason : str
        Why it is not a graphics processor, in one sentence; empty if it is one.
    strategy : tf.distribute.Strategy or None
        If several devices share each batch.
    """

    name: str
    reason: str = ""
    strategy: Any = None

    @property
    def replicas(self) -> int:
        """Devices that share a batch."""
        return self.strategy.num_replicas_in_sync if self.strategy is not None else 1


def choose_device(name: str) -> Device:
    """Set up the device of a run; must be called before any computation.

    Parameters
    ----------
    name : str
        "auto", "cpu" or "gpu".

    Raises
    ------
    ConfigError
        If a graphics processor is required and there is none.
    """
    backend = keras.backend.backend()
    if backend != "tensorflow":
        return Device(
            backend,
            Message("Keras computes with {backend}, which chooses for itself.", backend=backend),
        )
    import tensorflow as tf

    gpus = tf.config.list_physical_devices("GPU")
    if name == "cpu":
        tf.config.set_visible_devices([], "GPU")
        return Device("CPU", "The settings ask for the processor." if gpus else "")
    if not gpus:
        reason = _why_no_gpu(tf)
        if name == "gpu":
            raise ConfigError(
                "There is no graphics processor to train on. {reason}",
                "Choose the device auto or cpu.",
                field="device",
            ).format(reason=reason)
        return Device("CPU", reason)
    for gpu in gpus:
        tf.config.experimental.set_memory_growth(gpu, enable=True)
    logical = [device.name for device in tf.config.list_logical_devices("GPU")]
    return Device(f"GPU ({len(gpus)})", "", mirrored(logical) if len(logical) > 1 else None)


def device_memory(device: Device) -> DeviceMemory | None:
    """Return a function that measures the memory of graphics processors; None without one."""
    if not device.name.startswith("GPU"):
        return None
    import tensorflow as tf

    names = [each.name for each in tf.config.list_logical_devices("GPU")]

    def measure() -> tuple[int, int]:
        infos = [tf.config.experimental.get_memory_info(name) for name in names]
        return sum(int(each["current"]) for each in infos), sum(int(each["peak"]) for each in infos)

    return measure


def mirrored(devices: Sequence[str]) -> Any:
    """Return a strategy that shares each batch among devices with the same weights."""
    import tensorflow as tf

    return tf.distribute.MirroredStrategy(
        devices, cross_device_ops=tf.distribute.ReductionToOneDevice()
    )


def _why_no_gpu(tf: Any) -> str:
    if sys.platform == "win32":
        return Message(
            "TensorFlow uses no graphics processor on Windows itself; "
            "in WSL 2 it does: install EMNIST Desktop there."
        )
    if sys.platform == "darwin":
        return Message("TensorFlow uses no graphics processor on macOS.")
    if is_executable():
        return Message("The editions for download compute on the processor only.")
    if not tf.test.is_built_with_cuda():
        return Message(
            "This TensorFlow is built for the processor only; with an NVIDIA card install "
            '"emnist-desktop[gpu]".'
        )
    return Message(
        "No NVIDIA card and driver were found; nvidia-smi shows whether the system has them."
    )
