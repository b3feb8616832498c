"""The source of the constants of preprocessing: ``python -m bench.fit_geometry``.

Measures NIST's digits in EMNIST's geometry and rendered pen digits, and shows the deviation for
other constants.
"""

from __future__ import annotations

import sys

import numpy as np

from bench.data import data_folder
from trainer.datasets.ink_archive import read_pen_archive
from trainer.ink.render import EDGE_BLUR, LONG_SIDE, PEN_WIDTH, Images, fit_points, render

SAMPLES = 2000


def figures(images: Images) -> dict[str, float]:
    """Return the mean of each figure over the images; lengths in pixels."""
    rows: dict[str, list[float]] = {name: [] for name in FIGURES}
    for image in images:
        for name, measure in FIGURES.items():
            rows[name].append(measure(image.astype(np.float64)))
    return {name: float(np.nanmean(values)) for name, values in rows.items()}


def _long_side(image: np.ndarray, level: float) -> float:
    y, x = np.nonzero(image >= level)
    return float(max(np.ptp(y), np.ptp(x)) + 1) if len(x) else float("nan")


def _stroke_width(image: np.ndarray) -> float:
    """Twice the area over the perimeter, the perimeter as total variation."""
    padded = np.pad(image / 255, 1)
    gradient = np.hypot(np.diff(padded, axis=0)[:, :-1], np.diff(padded, axis=1)[:-1])
    return float(2 * padded.sum() / gradient.sum())


def _off_centre(image: np.ndarray, by_mass: bool) -> float:
    y, x = np.nonzero(image >= 128)
    if not len(x):
        return float("nan")
    if by_mass:
        weights = image[y, x]
        middle = np.average(y + 0.5, weights=weights), np.average(x + 0.5, weights=weights)
    else:
        middle = (y.min() + y.max() + 1) / 2, (x.min() + x.max() + 1) / 2
    return float(np.hypot(middle[0] - 14, middle[1] - 14))


FIGURES = {
    "long side at half maximum": lambda image: _long_side(image, 127.5),
    "long side at threshold 25": lambda image: _long_side(image, 25),
    "stroke width": _stroke_width,
    "share of grey pixels": lambda image: float(((image > 25) & (image < 230)).mean()),
    "mean ink": lambda image: float(image.mean()),
    "peak": lambda image: float(image.max()),
    "box's middle off centre": lambda image: _off_centre(image, by_mass=False),
    "mass's middle off centre": lambda image: _off_centre(image, by_mass=True),
}


def main() -> int:
    with np.load(data_folder("nist") / "emnist_digits_5000.npz") as archive:
        real = figures(archive["images"][:SAMPLES])
    archive = read_pen_archive(data_folder("pen") / "unipen_train.npz")
    digits = [archive.strokes(i) for i in np.flatnonzero(archive.labels < 10)[:SAMPLES].tolist()]

    def rendered(long_side: float, width: float, blur: float) -> dict[str, float]:
        return figures(
            np.stack([render(fit_points(p, long_side - width), s, width, blur) for p, s in digits])
        )

    ours = rendered(LONG_SIDE, PEN_WIDTH, EDGE_BLUR)
    print(f"{'':28}{'NIST':>8}{'ours':>8}")
    for name in FIGURES:
        print(f"{name:28}{real[name]:8.2f}{ours[name]:8.2f}")
    print("\nother constants: long side, pen, edge → mean relative deviation of the first five")
    for constants in (
        (LONG_SIDE, PEN_WIDTH, EDGE_BLUR),
        *((LONG_SIDE + d, PEN_WIDTH, EDGE_BLUR) for d in (-1, 1)),
        *((LONG_SIDE, PEN_WIDTH + d, EDGE_BLUR) for d in (-0.4, 0.4)),
        *((LONG_SIDE, PEN_WIDTH, EDGE_BLUR + d) for d in (-0.15, 0.15)),
    ):
        other = rendered(*constants)
        names = list(FIGURES)[:5]
        deviation = np.mean([abs(other[name] / real[name] - 1) for name in names])
        print("  ".join(f"{value:5.2f}" for value in constants), f"→ {deviation:.1%}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
