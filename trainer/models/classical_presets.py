"""The classic models: they learn with scikit-learn or xgboost."""

from __future__ import annotations

from trainer.models.preset import PLAIN, Option, Preset, PresetKind

WORKFLOW = "Machine learning workflow with EMNIST (course project, HCMUT 2023)"
DIGITS = "Recognizing handwritten digits (course project INF283, S. Eik de Lange)"
NOISE = "EMNIST image classification (course project, A. Aranguren, Padua)"
HEX = "Dense net, CNN and SVM on 17 characters of 20×20 pixels (course project)"


def _classical(  # noqa: PLR0913 - by name where it is unusual
    name: str,
    title: str,
    summary: str,
    source: str,
    built: tuple[int, int],
    options: tuple[Option, ...],
    *,
    reports_progress: bool = True,
    limit: int = 0,
) -> Preset:
    side, classes = built
    defaults = PLAIN | {"epochs": 1, "limit": limit}
    return Preset(
        name,
        title,
        summary,
        source,
        PresetKind.CLASSICAL,
        (side, side, 1),
        classes,
        None,
        defaults,
        options,
        reports_progress,
    )


def _forest_options(trees: int, depth: int) -> tuple[Option, ...]:
    return (
        Option(
            "trees",
            "Trees",
            "int",
            trees,
            1,
            2000,
            help="More trees vote better and cost more memory.",
        ),
        Option(
            "max_depth",
            "Greatest depth",
            "int",
            depth,
            1,
            200,
            unit="questions",
            help="Questions a tree may ask one after the other.",
        ),
        Option(
            "max_samples",
            "Samples a tree",
            "float",
            1.0,
            0.01,
            1.0,
            help="Part of the training data that each tree draws, with replacement.",
        ),
        Option(
            "criterion",
            "Impurity",
            "choice",
            "gini",
            choices=("gini", "entropy", "log_loss"),
            help="How a tree measures how mixed a group is.",
        ),
    )


_SHIFT_OPTIONS = (
    Option(
        "copies",
        "Shifted copies",
        "int",
        2,
        0,
        10,
        help="How often each image is added again, shifted.",
    ),
    Option("shift", "Greatest shift", "int", 7, 0, 14, unit="px", help="To each side, at random."),
)

CLASSICAL: tuple[Preset, ...] = (
    _classical(
        "knn",
        "k-nearest neighbours",
        "Looks up the most similar training images and lets them vote; nothing is learnt.",
        WORKFLOW,
        (28, 47),
        (
            Option(
                "neighbors",
                "Neighbours",
                "int",
                20,
                1,
                200,
                help="How many of the most similar images vote.",
            ),
        ),
        reports_progress=False,
    ),
    _classical(
        "random-forest",
        "Random forest",
        "250 trees that each ask about single pixels and vote.",
        WORKFLOW,
        (28, 47),
        _forest_options(250, 25),
    ),
    _classical(
        "random-forest-80",
        "Random forest, deep",
        "Trees that may ask 80 questions, measured by Gini impurity.",
        NOISE,
        (28, 47),
        _forest_options(100, 80),
    ),
    _classical(
        "random-forest-shifted",
        "Random forest on shifted images",
        "The forest again, on three times the images: moved ones teach it to look everywhere.",
        WORKFLOW,
        (28, 47),
        (*_forest_options(250, 25), *_SHIFT_OPTIONS),
    ),
    _classical(
        "svm-rbf",
        "Support vector machine",
        "Draws the widest margin between two classes each; good with few samples, slow with many.",
        HEX,
        (20, 17),
        (
            Option(
                "grid",
                "Grid",
                "choice",
                "full",
                choices=("none", "small", "full"),
                help="Values of C, gamma and the kernel that are tried by cross-validation.",
            ),
            Option(
                "folds",
                "Folds",
                "int",
                3,
                2,
                10,
                help="Parts of the data; each is predicted once by a model of the others.",
            ),
        ),
        reports_progress=False,
        limit=10_000,
    ),
    _classical(
        "xgboost",
        "Gradient boosted trees",
        "Each new tree mends the errors of those before it; needs the package xgboost.",
        DIGITS,
        (28, 10),
        (
            Option(
                "rounds",
                "Rounds",
                "int",
                100,
                1,
                2000,
                help="Trees a class, one after the other.",
            ),
            Option(
                "max_depth",
                "Greatest depth",
                "int",
                6,
                1,
                20,
                unit="questions",
                help="Questions a tree may ask one after the other.",
            ),
            Option(
                "eta",
                "Step size",
                "float",
                0.3,
                0.001,
                1.0,
                help="How much of each error a tree mends.",
            ),
        ),
    ),
)
