"""The network over the pen's way, against Keras' layers, and what its answers mean for groups."""

from __future__ import annotations

from typing import Any

import numpy as np
import numpy.typing as npt
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from trainer.ink.lines import find_line, ink_of
from trainer.ink.pen_path import N_FEATURES, pen_path
from trainer.recognition.language import CHARACTERS
from trainer.recognition.path_model import ARRAYS, STRIDE, PathModel, likeliest, span_scores
from trainer.recognition.path_reader import PathReader

Floats = npt.NDArray[np.float32]
N_OUTPUTS = len(CHARACTERS) + 1


def network() -> PathModel:
    """Return a small network with random weights."""
    generator, n_units = np.random.default_rng(4), 6
    sizes = {"conv1": (5, N_FEATURES, 7), "conv2": (5, 7, 8), "conv3": (3, 8, 9)}
    inputs = {"gru1": 9, "gru2": 2 * n_units}

    def shape(name: str) -> tuple[int, ...]:
        layer, *_, kind = name.split(".")
        match kind:
            case "bias":
                if layer.startswith("gru"):
                    return 2, 3 * n_units
                return (N_OUTPUTS,) if layer == "out" else sizes[layer][2:]
            case "recurrent_kernel":
                return n_units, 3 * n_units
        if layer == "out":
            return 2 * n_units, N_OUTPUTS
        return sizes.get(layer) or (inputs[layer], 3 * n_units)

    return PathModel({n: generator.normal(0, 0.4, shape(n)).astype(np.float32) for n in ARRAYS})


@pytest.mark.parametrize("n_steps", [1, 3, 4, 21, 64])
def test_the_network_is_that_of_keras_layers(n_steps: int) -> None:
    import keras

    layers, model = keras.layers, network()
    features = np.random.default_rng(n_steps).normal(0, 1, (n_steps, N_FEATURES))
    padding = -n_steps % STRIDE
    values: Any = np.pad(features, ((0, padding), (0, 0)))[None].astype(np.float32)
    for number, (n, width, stride) in enumerate(((7, 5, 1), (8, 5, 2), (9, 3, 2)), start=1):
        layer = layers.Conv1D(n, width, stride, padding="same", activation="relu")
        values = np.array(_with_weights(layer, values, model, f"conv{number}"))
        n_steps = -(-n_steps // stride)
        values[:, n_steps:] = 0
    for number in (1, 2):
        layer = layers.Bidirectional(layers.GRU(6, return_sequences=True))
        values = _with_weights(layer, values, model, f"gru{number}")
    layer = layers.Dense(N_OUTPUTS, activation="log_softmax")
    expected = np.asarray(_with_weights(layer, values, model, "out"))[0]
    found = model.log_probabilities(features.astype(np.float32))
    np.testing.assert_allclose(found, expected, atol=1e-5)


def _with_weights(layer: Any, values: Any, model: PathModel, name: str) -> Any:
    layer.build(values.shape)
    layer.set_weights([model.arrays[each] for each in ARRAYS if each.startswith(f"{name}.")])
    return layer(values)


@given(
    arrays(
        np.float32, st.tuples(st.integers(1, 7), st.just(4)), elements=st.integers(-9, 3).map(float)
    ),
    st.data(),
)
def test_a_group_has_the_likeliest_way_to_one_character(raw: Floats, data: st.DataObject) -> None:
    logs = (raw - np.log(np.exp(raw).sum(axis=1, keepdims=True))).astype(np.float32)
    n = len(logs)
    starts = st.tuples(st.integers(0, n), st.integers(0, n)).map(sorted)
    spans = np.array(data.draw(st.lists(starts, min_size=1, max_size=5)))
    scores = span_scores(logs, spans)
    for (first, stop), row in zip(spans.tolist(), scores, strict=True):
        nothing = float(logs[first:stop, -1].sum())
        for character in range(3):
            ways = [
                nothing + float((logs[a:b, character] - logs[a:b, -1]).sum())
                for a in range(first, stop)
                for b in range(a + 1, stop + 1)
            ]
            best = max([*ways, nothing - 12.0])
            assert row[character] == pytest.approx(best, abs=1e-3)


class Scripted(PathModel):
    """A network that reads one text, its characters at equal distances."""

    def __init__(self, text: str) -> None:
        super().__init__({})
        object.__setattr__(self, "text", text)
        object.__setattr__(self, "asked", [])

    def log_probabilities(self, features: Floats) -> Floats:
        getattr(self, "asked").append(len(features))  # noqa: B009
        text: str = getattr(self, "text")  # noqa: B009
        n = -(-len(features) // STRIDE)
        logs = np.full((n, N_OUTPUTS), -9.0, np.float32)
        logs[:, -1] = -0.1
        for number, character in enumerate(text):
            place = int((number + 0.5) * n / len(text))
            logs[place, CHARACTERS.index(character)], logs[place, -1] = -0.1, -9.0
        return logs


def test_what_the_network_reads_is_a_way_to_cut_the_line() -> None:
    x = np.linspace(0, 400, 200)
    line = find_line([np.column_stack([x, x / 4]).astype(np.float32)])
    assert len(line.pieces) == 1
    model = Scripted("lawn")
    cut, scores = PathReader(model).read(line, [(0, 1)])
    assert len(cut.pieces) == 4
    (whole_again,) = ink_of(cut.pieces).strokes
    assert whole_again.points.tolist() == line.pieces[0].points.tolist()
    rows = [cut.groups.tolist().index([n, n + 1]) for n in range(4)]
    assert "".join(CHARACTERS[scores[row].argmax()] for row in rows) == "lawn"
    assert [0, 4] not in cut.groups.tolist()  # hopeless
    assert len(scores) == len(cut.groups)
    assert likeliest(model.log_probabilities(pen_path(line).features))[1] == "lawn"


def test_words_are_read_by_themselves_and_once() -> None:
    stems = [np.array([[x, 0], [x, 50], [x, 100]], np.float32) for x in (0, 50, 400, 450)]
    line = find_line(stems)
    model = Scripted("ll")
    reader = PathReader(model)
    cut, scores = reader.read(line, [(0, 2), (2, 4)])
    assert cut.pieces == line.pieces
    assert cut.groups.tolist() == [[0, 1], [1, 2], [2, 3], [3, 4]]
    assert set(scores.argmax(axis=1).tolist()) == {CHARACTERS.index("l")}
    longer = find_line([*stems, stems[0] + np.float32([900, 0])])
    asked = getattr(model, "asked")  # noqa: B009
    before = len(asked)
    reader.read(longer, [(0, 2), (2, 4), (4, 5)])
    assert len(asked) - before == 1


def test_pieces_that_are_too_short_to_be_cut_stay_whole() -> None:
    line = find_line([np.array([[0, 0]], np.float32), np.array([[30, 0], [31, 1]], np.float32)])
    cut, scores = PathReader(Scripted("abcd")).read(line, [(0, 2)])
    assert len(cut.pieces) == 2
    assert np.isfinite(scores).all()
