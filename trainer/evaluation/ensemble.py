"""Several models that answer as one, by the mean of their probabilities."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from trainer.errors import BundleError
from trainer.evaluation.classifier import Classifier
from trainer.evaluation.input_range import InputRange
from trainer.ink.alphabet import projection
from trainer.ink.render import Images
from trainer.recognition.recognizer import Probabilities, resized


class EnsembleClassifier:
    """A `Classifier` of several, which may take images of different sizes.

    Parameters
    ----------
    members : sequence of Classifier
        At least two, with the same characters in any order.

    Raises
    ------
    BundleError
        If there are fewer, or one has other characters than the first.
    """

    input_range: InputRange | None = None
    kind = "ensemble"

    def __init__(self, members: Sequence[Classifier]) -> None:
        if len(members) < 2:
            raise BundleError("An ensemble needs at least two models.", "Name more after --model.")
        first = members[0]
        for each in members[1:]:
            if set(each.alphabet) != set(first.alphabet):
                raise BundleError(
                    "{model} has other characters than {first}.",
                    "Average models that were trained on data of the same alphabet.",
                ).format(model=each.name, first=first.name)
        self._members = members
        self._orders = [projection(each.alphabet, first.alphabet) for each in members]
        self.name = " + ".join(each.name for each in members)
        self.folder, self.alphabet = first.folder, first.alphabet
        self.image_shape, self.pen_widths = first.image_shape, first.pen_widths
        counts = [each.parameters for each in members]
        self.parameters = None if None in counts else sum(filter(None, counts))
        self.size_bytes = sum(each.size_bytes for each in members)
        self.takes_direction = any(each.takes_direction for each in members)

    def probabilities(self, images: Images) -> Probabilities:
        """Return the mean probabilities, shape (n, n_classes)."""
        parts = [
            order.apply(each.probabilities(self._inputs(each, images)))
            for each, order in zip(self._members, self._orders, strict=True)
        ]
        mean: Probabilities = np.mean(parts, axis=0, dtype=np.float32)
        return mean

    @staticmethod
    def _inputs(member: Classifier, images: Images) -> Images:
        has_planes = images.ndim == 4 and not member.takes_direction
        return resized(images[..., 0] if has_planes else images, member.image_shape)
