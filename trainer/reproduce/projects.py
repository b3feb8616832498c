"""The five course projects: their data, models, settings and figures.

Where a source leaves something open, the note of the step says what is used instead.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from trainer.errors import ConfigError
from trainer.reproduce.plan import Measure, PlannedTraining, Project, ProjectStep, grid

_BALANCED = "EMNIST Balanced: 112,800 images to train on and 18,800 to test, 47 classes"

_UNLIMITED = 200
"""A depth that no tree reaches."""


def _trial(
    name: str,
    preset: str,
    theirs: float | None = None,
    options: Mapping[str, Any] | None = None,
    **settings: Any,
) -> PlannedTraining:
    options_setting = {"preset_options": options} if options else {}
    return PlannedTraining(name, preset, {**options_setting, **settings}, theirs)


WORKFLOW = Project(
    name="workflow",
    title="Machine learning workflow with EMNIST",
    author="course project, HCMUT 2023",
    dataset=_BALANCED,
    pooled=False,
    test_share=0.15,
    validation_share=0.2,
    steps=(
        ProjectStep(
            "knn",
            "k-nearest neighbours, k = 20",
            Measure.VALIDATION,
            (_trial("k20", "knn", 0.7643, {"neighbors": 20}),),
        ),
        ProjectStep(
            "forest",
            "Random forest",
            Measure.VALIDATION,
            (_trial("trees100", "random-forest", 0.8049, {"trees": 100, "max_depth": _UNLIMITED}),),
            note="Its settings are scikit-learn's own: 100 trees of any depth.",
        ),
        ProjectStep(
            "grid",
            "Random forest, grid search with 3 folds",
            Measure.FOLDS,
            tuple(
                _trial(f"maxsamples{share:g}", "random-forest", theirs, {"max_samples": share})
                for share, theirs in ((0.2, 0.7751), (0.7, 0.8032), (1.0, 0.8090))
            ),
            folds=3,
        ),
        ProjectStep(
            "shifted",
            "Random forest on three times the data, shifted by up to 7 px",
            Measure.TEST,
            (_trial("copies2", "random-forest-shifted", 0.8243, validation_share=0.02),),
            theirs_bytes=14.23 * 2**30,
            note="A fiftieth of the data is set aside, which the source trains on.",
        ),
    ),
)

DIGITS = Project(
    name="digits",
    title="Recognizing handwritten digits",
    author="course project INF283, S. Eik de Lange",
    dataset="MNIST: 70,000 images, put together and divided into three, 10 classes",
    pooled=True,
    test_share=0.2,
    validation_share=0.3,
    steps=(
        ProjectStep(
            "forest",
            "Random forest",
            Measure.VALIDATION,
            (_trial("trees10", "random-forest", 0.88, {"trees": 10, "max_depth": _UNLIMITED}),),
            theirs_seconds=12.5,
            note="The source gives 0.88 and 0.896 and not the number of trees: 10 were usual. It "
            "fits ten yes-or-no answers at once, which costs accuracy; ours fits one of ten.",
        ),
        ProjectStep(
            "xgboost",
            "XGBoost",
            Measure.VALIDATION,
            (_trial("rounds100", "xgboost"),),
            note="The source gives no accuracy, only that it took 40 minutes longer than the rest.",
        ),
        ProjectStep(
            "dense",
            "Dense network with L2",
            Measure.VALIDATION,
            (_trial("layers2", "mlp-relu-2", 0.9528),),
            theirs_seconds=66.9,
            curves=True,
        ),
        ProjectStep(
            "cnn",
            "Convolutional network",
            Measure.VALIDATION,
            (_trial("pool2", "cnn-small", 0.9871),),
            theirs_seconds=279.1,
            curves=True,
        ),
        ProjectStep(
            "grid",
            "Convolutional network, grid search",
            Measure.TEST,
            grid(
                "cnn-small",
                {
                    "batch_size": (50, 100),
                    "epochs": (6, 12),
                    "learning_rate": (1e-3, 1e-4),
                    "dropout": (0.7, 0.5),
                },
                options={"pool": (3,)},
            ),
            choose=True,
            theirs=0.9886,
            curves=True,
            note="The source names a dropout of 0.4 as the best, which its own grid lacks.",
        ),
    ),
)

_DEPTHS = ((1, 0.81), (2, 0.81), (3, 0.88), (4, 0.89))

NOISE = Project(
    name="noise",
    title="EMNIST image classification",
    author="course project, A. Aranguren, Padua",
    dataset="EMNIST, 47 classes",
    pooled=False,
    test_share=0.2,
    validation_share=0.1,
    steps=(
        ProjectStep(
            "forest",
            "Random forest of depth 80",
            Measure.TEST_F1,
            (_trial("depth80", "random-forest-80", 0.81),),
        ),
        ProjectStep(
            "activations",
            "Dense network: activation functions",
            Measure.VALIDATION,
            tuple(
                _trial(name, "mlp-relu", options={"activation": name})
                for name in ("relu", "tanh", "sigmoid")
            ),
            curves=True,
            note="The source finds relu best and gives no figures.",
        ),
        ProjectStep(
            "layers",
            "Convolutional network of one to four layers",
            Measure.TEST_F1,
            tuple(_trial(f"depth{n}", f"cnn-noise-{n}", theirs) for n, theirs in _DEPTHS),
            curves=True,
            layers=True,
        ),
        ProjectStep(
            "folds",
            "The deepest network, 5-fold cross-validation",
            Measure.FOLDS,
            (_trial("depth4", "cnn-noise-4"),),
            folds=5,
            note="The source draws a chart of the folds and gives no figure.",
        ),
    ),
)

HEX = Project(
    name="hex",
    title="Dense net, CNN and SVM on hexadecimal characters",
    author="course project INF264, A. Gautier, Bergen",
    dataset="111,399 images of 20×20 pixels, 0 to 9, A to F and empty: 17 classes",
    pooled=True,
    test_share=0.3,
    validation_share=0.1,
    steps=(
        ProjectStep(
            "dense",
            "Dense network of ten neurons",
            Measure.TEST,
            (_trial("epochs5", "mlp-tiny", 0.88),),
            curves=True,
        ),
        ProjectStep(
            "cnn",
            "Convolutional network, 3 epochs",
            Measure.TEST,
            (_trial("epochs3", "cnn-hex", 0.98),),
            curves=True,
        ),
        ProjectStep(
            "long",
            "Convolutional network, 15 and 50 epochs",
            Measure.VALIDATION,
            tuple(_trial(f"epochs{n}", "cnn-hex", epochs=n) for n in (15, 50)),
            curves=True,
            note="The source shows that the loss on new data rises while that on old data falls.",
        ),
        ProjectStep(
            "svm",
            "Support vector machine, grid search on 7,000 of 10,000 samples",
            Measure.TEST,
            (_trial("samples7000", "svm-rbf", 0.9177, limit=7_000),),
            note="The source tests on 3,000 samples, ours on all that are set aside.",
        ),
        ProjectStep(
            "svm-few",
            "Support vector machine on 100 samples",
            Measure.TEST,
            (_trial("samples100", "svm-rbf", 0.45, {"grid": "none", "folds": 2}, limit=100),),
            note="Without a grid: some classes have too few samples for one.",
        ),
    ),
)

_VANILLA = (
    ("adam", 512, 10, 0.5, 0.8770),
    ("adam", 512, 10, 0.2, 0.8779),
    ("adam", 512, 20, 0.5, 0.8825),
    ("adam", 512, 20, 0.2, 0.8782),
    ("adam", 1024, 10, 0.5, 0.8700),
    ("adam", 1024, 10, 0.2, 0.8753),
    ("adam", 1024, 20, 0.5, 0.8724),
    ("adam", 1024, 20, 0.2, 0.8801),
    ("adamax", 512, 20, 0.5, 0.8735),
    ("adamax", 512, 20, 0.2, 0.8777),
    ("adamax", 1024, 20, 0.5, 0.8675),
    ("adamax", 1024, 20, 0.2, 0.8705),
    ("adadelta", 512, 20, 0.5, 0.1439),
)
"""Optimiser, batch size, epochs, dropout, and the source's accuracy."""

THREE_NETS = Project(
    name="three-nets",
    title="Vanilla CNN, LeNet-5 and ResNet on EMNIST Balanced",
    author="course project",
    dataset=_BALANCED,
    pooled=False,
    test_share=0.15,
    validation_share=0.1,
    steps=(
        ProjectStep(
            "vanilla",
            "Vanilla CNN, grid search",
            Measure.TEST,
            tuple(
                _trial(
                    f"{optimizer}-batch{batch}-epochs{epochs}-dropout{dropout:g}",
                    "vanilla-cnn",
                    theirs,
                    optimizer=optimizer,
                    batch_size=batch,
                    epochs=epochs,
                    dropout=dropout,
                )
                for optimizer, batch, epochs, dropout, theirs in _VANILLA
            ),
            choose=True,
            theirs=0.8825,
            note="The source chooses on the data that it reports on; ours chooses on others.",
        ),
        *(
            ProjectStep(
                name,
                title,
                Measure.TEST,
                (_trial("usual", name, theirs),),
                curves=True,
            )
            for name, title, theirs in (
                ("lenet5", "LeNet-5, 100 epochs", 0.8625),
                ("lenet5-v2-32", "LeNet-5, modern, at 32×32, 100 epochs", 0.8646),
                ("lenet5-v2", "LeNet-5, modern, 100 epochs", 0.8961),
                ("resnet34", "ResNet-34, 30 epochs", 0.826),
            )
        ),
    ),
)

PROJECTS: Mapping[str, Project] = {
    each.name: each for each in (WORKFLOW, DIGITS, NOISE, HEX, THREE_NETS)
}


def project_of(name: str) -> Project:
    """Return the project of a name.

    Raises
    ------
    ConfigError
        If there is none.
    """
    if name not in PROJECTS:
        raise ConfigError(
            "Expected a source of {projects}. Received: {name}.", field="source"
        ).format(projects=", ".join(PROJECTS), name=name)
    return PROJECTS[name]
