"""A hand as one file: an ``.npz`` with what was learned, and with the drawings or without.

With drawings it is a pen archive besides (`trainer.datasets.ink_archive`). Without them it still
shows a hand: the course of the pen is kept in 32 points a drawing, and those look like it.
"""

from __future__ import annotations

import os
import zipfile
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from trainer.datasets.ink_archive import PenArchive, check_structure
from trainer.errors import HandError, Message
from trainer.files.npz import UNREADABLE, members
from trainer.files.paths import replacing
from trainer.hand.correction import PATH_POINTS, Correction, Evidence
from trainer.hand.hand import Hand, HandState, OwnSample
from trainer.recognition.recognizer import Recognizer

HAND_FORMAT = 1

_MOST_SAMPLES = 100_000
_ARRAYS = (
    *("hand_format", "checksum", "alphabet", "id", "label", "is_drawn", "further"),
    *("log_probabilities", "paths", "weights", "values", "spread", "trust"),
)
_DRAWINGS = ("points", "stroke_start", "sample_start")
_HINT = "A hand is a file that python -m trainer hand learn --to FILE has written."


def write_hand(path: Path, hand: Hand, *, with_drawings: bool = True) -> None:
    """Write a hand; only its owner may read the file.

    Raises
    ------
    HandError
        If it cannot be written.
    """
    state, correction = hand.state, hand.state.correction
    characters = [sample.character for sample in state.samples]
    drawn = [s for s in state.samples if with_drawings and s.ink is not None]
    archive = PenArchive.from_inks(
        path.stem,
        tuple(dict.fromkeys(characters)),
        [sample.ink for sample in drawn if sample.ink is not None],
        np.zeros(len(drawn), dtype=np.int64),
    )
    arrays: dict[str, Any] = {
        "hand_format": np.array(HAND_FORMAT),
        "checksum": np.array(hand.checksum),
        "alphabet": np.array(hand.alphabet),
        "id": np.array([sample.id for sample in state.samples], dtype=str),
        "label": np.array(characters, dtype=str),
        "writer": np.zeros(len(characters), dtype=np.int32),
        "writer_names": np.array([path.stem]),
        "is_drawn": np.array([with_drawings and s.ink is not None for s in state.samples], bool),
        "further": np.array(state.further, dtype=str),
        "log_probabilities": state.evidence.log_probabilities,
        "paths": state.evidence.paths,
        "weights": correction.weights,
        "values": correction.values,
        "spread": correction.spread,
        "trust": correction.trust,
        "points": archive.points,
        "stroke_start": archive.stroke_start,
        "sample_start": archive.sample_start,
    }
    try:
        with replacing(path) as temporary:
            number = os.open(temporary, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
            with os.fdopen(number, "wb") as stream:
                np.savez_compressed(stream, **arrays)
    except OSError as error:
        raise HandError("{path} cannot be written: {reason}.", "Choose another place.").format(
            path=path, reason=error.strerror or error
        ) from error


def read_hand(path: Path, recognizer: Recognizer) -> Hand:
    """Read a hand for a recogniser; one of another recogniser is learned anew from its drawings.

    Raises
    ------
    HandError
        If the file is missing, damaged or no hand, if it is of a newer version, or if it belongs
        to another recogniser and has not all drawings.
    """
    try:
        if not zipfile.is_zipfile(path) and path.is_file():
            raise HandError("{path} is not a hand, or is damaged.", _HINT).format(path=path.name)
        with path.open("rb") as stream, np.load(stream, allow_pickle=False) as archive:
            missing = [name for name in _ARRAYS if name not in archive.files]
            if missing:
                raise HandError("{path} is not a hand: it has no {missing}.", _HINT).format(
                    path=path.name, missing=", ".join(missing)
                )
            arrays = members(archive, (*_ARRAYS, *_DRAWINGS))
            found = int(arrays["hand_format"])
            if found > HAND_FORMAT:
                raise HandError(
                    "{path} is a hand of format {found}; this program knows up to {known}.",
                    "Update the program.",
                ).format(path=path.name, found=found, known=HAND_FORMAT)
            samples = _samples(arrays, path)
            alphabet = tuple(arrays["alphabet"].astype(str).tolist())
            hand = Hand(alphabet, str(arrays["checksum"]))
            state = _state(arrays, samples)
    except UNREADABLE as error:
        raise HandError("{path} cannot be read: {reason}.", _HINT).format(
            path=path.name, reason=getattr(error, "strerror", None) or error
        ) from error
    bundle = recognizer.bundle
    if (hand.alphabet, hand.checksum) == (bundle.alphabet, bundle.checksum):
        hand.restore(state)
        return hand
    return _learned_anew(path, samples, recognizer)


def _learned_anew(path: Path, samples: tuple[OwnSample, ...], recognizer: Recognizer) -> Hand:
    if any(sample.ink is None for sample in samples):
        raise HandError(
            "{path} was learned with another recogniser, and not all of its {n} samples have "
            "their drawings.",
            "Learn it again from the samples, or use the recogniser that it was made with.",
        ).format(path=path.name, n=len(samples))
    hand = Hand.of(recognizer)
    hand.learn_inks(samples, recognizer)
    return hand


def _samples(arrays: dict[str, npt.NDArray[Any]], path: Path) -> tuple[OwnSample, ...]:
    labels = arrays["label"].astype(str).tolist()
    ids, is_drawn = arrays["id"].astype(str).tolist(), arrays["is_drawn"].astype(bool).tolist()
    if not len(labels) == len(ids) == len(is_drawn) <= _MOST_SAMPLES:
        raise ValueError(Message("its arrays do not fit together"))
    if len(set(ids)) != len(ids) or not all(len(label) == 1 for label in labels):
        raise ValueError(Message("its samples are not single characters, or one is there twice"))
    drawn_labels = np.zeros(sum(is_drawn), dtype=np.int64)
    drawings = {name: arrays[name] for name in _DRAWINGS}
    check_structure({**drawings, "label": drawn_labels, "writer": drawn_labels}, path)
    archive = PenArchive(
        path.stem,
        (),
        arrays["points"],
        arrays["stroke_start"].astype(np.int64),
        arrays["sample_start"].astype(np.int64),
        drawn_labels,
        drawn_labels,
    )
    inks = (archive.ink(index) for index in range(len(archive)))
    return tuple(
        OwnSample(sample_id, label, next(inks) if drawn else None)
        for sample_id, label, drawn in zip(ids, labels, is_drawn, strict=True)
    )


def _state(arrays: dict[str, npt.NDArray[Any]], samples: tuple[OwnSample, ...]) -> HandState:
    further = tuple(arrays["further"].astype(str).tolist())
    n, n_classes = len(samples), len(arrays["alphabet"])
    n_answers = n_classes + len(further)
    shapes = {
        "log_probabilities": (n, n_classes),
        "paths": (n, 2 * PATH_POINTS),
        "weights": (n, n_answers),
        "values": (n, n_answers),
        "spread": (n,),
        "trust": (n_answers,),
    }
    found = {name: np.asarray(arrays[name], dtype=np.float32) for name in shapes}
    is_sound = all(
        found[name].shape == shape and (name == "paths" or np.isfinite(found[name]).all())
        for name, shape in shapes.items()
    )
    if not is_sound:
        raise ValueError(Message("its arrays do not fit together"))
    return HandState(
        samples,
        Evidence(found["log_probabilities"], found["paths"]),
        further,
        Correction(found["weights"], found["values"], found["spread"], found["trust"]),
    )
