"""The networks: they learn with Keras."""

from __future__ import annotations

from typing import Any

from trainer.models.preset import PLAIN, Option, Preset, PresetKind

DIGITS = "Recognizing handwritten digits (course project INF283, S. Eik de Lange)"
NOISE = "EMNIST image classification (course project, A. Aranguren, Padua)"
HEX = "Dense net, CNN and SVM on 17 characters of 20×20 pixels (course project)"
THREE_NETS = "Vanilla CNN, LeNet-5 and ResNet on EMNIST Balanced (course project)"
KABIR = "Kabir et al. 2020, SpinalNet (arXiv 2007.03347)"
OURS = "EMNIST Desktop, after Simonyan and Zisserman 2015 (arXiv 1409.1556)"


def _network(
    name: str, title: str, summary: str, source: str, built: tuple[int, int, int], **more: Any
) -> Preset:
    """Return a network's preset; `built` is the side, the classes and the parameters."""
    side, classes, parameters = built
    options = more.pop("options", ())
    return Preset(
        name,
        title,
        summary,
        source,
        PresetKind.NETWORK,
        (side, side, 1),
        classes,
        parameters,
        {} if name == "pen" else PLAIN | more,
        options,
    )


_ACTIVATION = Option(
    "activation",
    "Activation",
    "choice",
    "relu",
    choices=("relu", "tanh", "sigmoid"),
    help="What each neuron makes of its sum; the source compared these three.",
)
_UNITS = Option(
    "units", "Neurons", "int", 128, 4, 4096, help="Neurons in each hidden layer; more learn more."
)
_NOISE_LEVEL = Option(
    "noise",
    "Gaussian noise",
    "float",
    0.1,
    0.0,
    1.0,
    help="Standard deviation of the noise added while training, as a part of full ink.",
)


_POOL = Option(
    "pool",
    "Pooling",
    "int",
    2,
    1,
    8,
    unit="px",
    help="Side of the squares of which only the strongest answer is kept; larger is coarser.",
)
_NOISE_PARAMETERS = (809_455, 426_799, 247_215, 395_311)


_LENET = {"epochs": 100, "batch_size": 64}

NETWORKS: tuple[Preset, ...] = (
    _network(
        "mlp-tiny",
        "Tiny dense network",
        "Ten neurons see all pixels: the smallest network that learns something.",
        HEX,
        (20, 17, 4_197),
        epochs=5,
        batch_size=16,
    ),
    _network(
        "mlp-relu",
        "Dense network",
        "128 neurons see all pixels, and one for each class sees those.",
        NOISE,
        (28, 47, 106_543),
        epochs=20,
        batch_size=32,
        options=(_ACTIVATION, _UNITS),
    ),
    _network(
        "mlp-relu-2",
        "Dense network, two layers",
        "Two hidden layers, kept small by an L2 penalty on their weights.",
        DIGITS,
        (28, 10, 118_282),
        epochs=12,
        batch_size=100,
        l2=0.001,
        options=(_ACTIVATION, _UNITS),
    ),
    _network(
        "cnn-small",
        "Small convolutional network",
        "One layer of 32 filters finds strokes, a dense layer puts them together.",
        DIGITS,
        (28, 10, 592_074),
        epochs=6,
        batch_size=50,
        dropout=0.5,
        options=(_POOL,),
    ),
    _network(
        "cnn-hex",
        "Convolutional network for hexadecimal",
        "Two convolutions without pooling, read out by one dense layer.",
        HEX,
        (20, 17, 158_385),
        epochs=3,
        batch_size=16,
    ),
    *(
        _network(
            f"cnn-noise-{depth}",
            f"Convolutional network with noise, {depth} layer{'s' if depth > 1 else ''}",
            f"{number} with pooling, trained on noisy images so that it reads noisy ones.",
            NOISE,
            (28, 47, _NOISE_PARAMETERS[depth - 1]),
            epochs=20,
            batch_size=32,
            dropout=0.3,
            options=(_NOISE_LEVEL,),
        )
        for depth, number in enumerate(
            ("One convolution", "Two convolutions", "Three convolutions", "Four convolutions"), 1
        )
    ),
    _network(
        "vanilla-cnn",
        "Vanilla CNN",
        "Two convolutions with pooling, a dense layer with dropout: the common first choice.",
        THREE_NETS,
        (28, 47, 484_719),
        epochs=20,
        batch_size=512,
        dropout=0.5,
    ),
    _network(
        "lenet5",
        "LeNet-5",
        "The network that read cheques in 1998: small, and still good.",
        f"LeCun et al. 1998; {THREE_NETS}",
        (28, 47, 64_851),
        **_LENET,
    ),
    _network(
        "lenet5-v2",
        "LeNet-5, modern",
        "LeNet-5 with twice the convolutions, batch normalisation, dropout and L2.",
        THREE_NETS,
        (28, 47, 279_019),
        dropout=0.25,
        l2=5e-4,
        **_LENET,
    ),
    _network(
        "lenet5-v2-32",
        "LeNet-5, modern, 32×32",
        "The same on images enlarged to 32×32, the size that LeNet-5 was made for.",
        THREE_NETS,
        (32, 47, 393_707),
        dropout=0.25,
        l2=5e-4,
        image_size=32,
        **_LENET,
    ),
    _network(
        "resnet34",
        "ResNet-34",
        "34 layers with shortcuts: made for photographs, more than characters need.",
        f"He et al. 2015 (arXiv 1512.03385); {THREE_NETS}",
        (28, 47, 21_328_047),
        epochs=30,
        batch_size=64,
    ),
    _network(
        "vgg5",
        "VGG-5",
        "Ten 3×3 convolutions in four groups: among the best on EMNIST, if one has the time.",
        KABIR,
        (28, 47, 3_669_999),
        epochs=20,
        batch_size=100,
        dropout=0.5,
    ),
    _network(
        "pen",
        "EMNIST Desktop's own",
        "Seven convolutions, made for drawings: the network of the bundled recogniser.",
        OURS,
        (28, 62, 828_950),
    ),
)
