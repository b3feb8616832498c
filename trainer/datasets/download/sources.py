"""The published datasets EMNIST and MNIST: files, sizes, SHA-256, addresses, counts, terms.

EMNIST is one zip archive with a folder ``gzip/`` of six selections, each of four IDX files and a
mapping. MNIST is four files. EMNIST's checksums are of the gzipped files, MNIST's of the unpacked
ones, since its mirrors have repacked them.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from trainer.ink.alphabet import SPLIT_ALPHABETS

EMNIST_MIRRORS = (
    "https://biometrics.nist.gov/cs_links/EMNIST/gzip.zip",
    "https://www.itl.nist.gov/iaui/vip/cs_links/EMNIST/gzip.zip",
    "https://rds.westernsydney.edu.au/Institutes/MARCS/BENS/EMNIST/emnist-gzip.zip",
)
MNIST_MIRRORS = (
    "https://ossci-datasets.s3.amazonaws.com/mnist/",
    "https://storage.googleapis.com/cvdf-datasets/mnist/",
)
EMNIST_VARIABLE = "EMNIST_DESKTOP_EMNIST_MIRRORS"
MNIST_VARIABLE = "EMNIST_DESKTOP_MNIST_MIRRORS"
"""Environment variables with addresses, separated by spaces, that replace the above."""

EMNIST_TERMS = "NIST, public: may be used freely; please cite."
EMNIST_CITATION = (
    "G. Cohen, S. Afshar, J. Tapson, A. van Schaik: EMNIST: an extension of MNIST to "
    "handwritten letters, 2017, arXiv 1702.05373."
)
MNIST_TERMS = "CC BY-SA 3.0, Y. LeCun and C. Cortes."
MNIST_CITATION = (
    "Y. LeCun, L. Bottou, Y. Bengio, P. Haffner: Gradient-based learning applied to document "
    "recognition, Proceedings of the IEEE 86(11), 1998."
)

_IMAGES_HEADER = 16
_LABELS_HEADER = 8
"""Bytes at the start of an IDX file."""

_PIXELS = 28 * 28


@dataclass(frozen=True)
class PublishedFile:
    """Name, sizes and checksums of a gzipped IDX file.

    Attributes
    ----------
    name : str
        Without folder, ending in ``.gz``.
    packed_bytes : int
        Download size; an estimate if `packed_sha256` is empty.
    plain_bytes : int
        Unpacked.
    packed_sha256, plain_sha256 : str
        At least one of them; empty where unknown.
    """

    name: str
    packed_bytes: int
    plain_bytes: int
    packed_sha256: str = ""
    plain_sha256: str = ""

    @property
    def checked(self) -> tuple[int, str]:
        """Size and SHA-256 of the form that is verified, the packed one if possible."""
        if self.packed_sha256:
            return self.packed_bytes, self.packed_sha256
        return self.plain_bytes, self.plain_sha256

    @property
    def most_bytes(self) -> int:
        """Maximum download size: what is not compressible grows by less than a thousandth."""
        if self.packed_sha256:
            return self.packed_bytes
        return self.plain_bytes + self.plain_bytes // 1000 + 1024


@dataclass(frozen=True)
class PublishedSplit:
    """The files and sizes of a split.

    Attributes
    ----------
    samples : int
    per_class : tuple of int
        The samples of each class; empty if unknown in advance.
    """

    images: PublishedFile
    labels: PublishedFile
    samples: int
    per_class: tuple[int, ...]


@dataclass(frozen=True)
class PublishedDataset:
    """A published dataset, and its sources.

    Attributes
    ----------
    name : str
        Its name in the catalogue.
    title, description : str
    selection : str
        EMNIST's name of it ("balanced", …), or "mnist".
    splits : mapping of str to PublishedSplit
    mapping : str
        The file that maps labels to characters; empty if there is none.
    mirrors : tuple of str
        Tried in this order. An address that ends in "/" is a folder of single files, any other
        an archive of all of EMNIST.
    variable : str
        The environment variable that overrides them.
    folder : str
        The folder of the files in the archive.
    transposed : bool
        Whether rows and columns of the images are swapped.
    terms, citation : str
    """

    name: str
    title: str
    description: str
    selection: str
    splits: Mapping[str, PublishedSplit]
    mapping: str
    mirrors: tuple[str, ...]
    variable: str
    folder: str
    transposed: bool
    terms: str
    citation: str

    @property
    def alphabet(self) -> tuple[str, ...]:
        """The character of each class."""
        return SPLIT_ALPHABETS[self.selection]

    @property
    def files(self) -> tuple[PublishedFile, ...]:
        """All files but the mapping."""
        return tuple(f for split in self.splits.values() for f in (split.images, split.labels))

    @property
    def download_bytes(self) -> int:
        """Download size of the single files."""
        return sum(file.packed_bytes for file in self.files)

    @property
    def stored_bytes(self) -> int:
        """Size of the stored dataset; labels take eight bytes each."""
        return sum(split.samples * (_PIXELS + 8) for split in self.splits.values())


_COUNTS = {
    "balanced": (112_800, 18_800),
    "byclass": (697_932, 116_323),
    "bymerge": (697_932, 116_323),
    "letters": (124_800, 20_800),
    "digits": (240_000, 40_000),
    "mnist": (60_000, 10_000),
}

_UNEVEN = ("byclass", "bymerge")
"""Selections whose classes differ in size; all others are balanced."""

_TEXTS = {
    "balanced": (
        "EMNIST Balanced",
        "47 classes of one size: digits, capitals, and the small letters that look different. "
        "The best to begin with.",
    ),
    "byclass": ("EMNIST ByClass", "All 62 characters, as often as they were written."),
    "bymerge": (
        "EMNIST ByMerge",
        "47 classes: small letters that look like their capitals are merged with them.",
    ),
    "letters": ("EMNIST Letters", "26 letters; capital and small are one class."),
    "digits": ("EMNIST Digits", "Ten digits, four times as many as MNIST."),
    "mnist": ("EMNIST MNIST", "Ten digits, as many as MNIST and of the same writers' scans."),
}

# Of each selection: train images, train labels, test images, test labels.
_SUMS: dict[str, tuple[tuple[int, str], ...]] = {
    "balanced": (
        (28_207_740, "74295e75e4e9fa2c102147460ee7eb763653d5132d883a84fb88932bfb8d2db4"),
        (80_618, "b46d41e5156a0a8aaaa4d18979fdd1588850fa8571018acffd5d93b325a7d6ed"),
        (4_714_707, "117fc12b015e37ea98bfb2cbba3f77c3782c056cdbd219b87abfc8661d7135db"),
        (13_504, "a67cac948379b67270b9a4d0a01c8ec661598accf2f2b1964340b7c83cb175cd"),
    ),
    "byclass": (
        (173_367_313, "9e21987f03a6eb8b870187e785883ddad96947299587908f1a7ec2ca0f4be5f0"),
        (491_603, "f7ef403d48dc18a89dae0d83d11ee69cecb6e1c12c3a961d03712e495c02a8fa"),
        (28_908_322, "5ec835bd5d5b1a66378a132e727fef20fe994b3cc666899befcca5ac766f50cd"),
        (81_839, "501e305eeeacb093b162592d80e8a2632040872360fa6d85cfcb2200d91ca92a"),
    ),
    "bymerge": (
        (173_375_281, "39bf8c68037dad40db35348895f7e4e056e8c0a005ab78869c9fbc2c96e947be"),
        (476_444, "2c47293b9e62d6abf6ad05fbf67e40baa32adfd380b8d7b44dcc35534b64e1f1"),
        (28_905_295, "5e5815ec1b522089134435f7c55e75a00960b58414793593ffff23efc0821683"),
        (79_351, "8bda1516255683ba9071e141947ca0c91a911176065cdd6259b0b4d8dc5b5f35"),
    ),
    "letters": (
        (30_804_864, "6288f418a917e007bf5fddb823a2dc7a5c6a35031401b93292a539cb12bd881f"),
        (79_283, "9759af91ea6bccdf07a6040fd085861f2ec88e37f7c3f5760f6feb57106fbe5c"),
        (5_039_157, "50f0e93d75b99b463e9760b8345866f22587fa2c2fba472730a5ba09c693412d"),
        (144, "924955c31fe7fd809b7303b5c0141282955f4b8390c74cdfd5d80435e0f4b4cb"),
    ),
    "digits": (
        (59_515_779, "f7c95004d14d81af89522e67d8f0c781dfb3bd544181c81bfe1eb6b41c35b726"),
        (113_859, "6638a6ff5fe2eefd9cca2471995b46c82986b8e4b2a70d2f5ce8e05d7edb319e"),
        (9_908_519, "20ebe43509264f7639d37c835a3f0b009e90b29e00a099a03101abe1644a3f63"),
        (19_960, "bad1834c45d5988e270b99d43b13edc3fd898f658ffbc2caf2846ef27f7b05b0"),
    ),
    "mnist": (
        (14_873_795, "5f9942f441031c0f1f2e4d162059fd6e19ea808b34c328b6d16cab0ed24c78f2"),
        (29_480, "00c6d3c2342fdffb1711e0b5656cac4ce5862d2826399d383a9bac07d612e9f8"),
        (2_484_884, "b25640fa9e356c618132f5df347c95ef5bae6d9c2596be1de40f7e0ae1c3eac6"),
        (5_144, "bcc5385d38f083dba046f5f756e99b32f5ea7fad122c6243c71c2239873065ca"),
    ),
}

# Of each split: how its files begin, packed size and sum of images and labels, class sizes.
_MNIST = {
    "train": (
        "train",
        (9_912_422, "ba891046e6505d7aadcbbe25680a0738ad16aec93bde7f9b65e87a2fc25776db"),
        (28_881, "65a50cbbf4e906d70832878ad85ccda5333a97f0f4c3dd2ef09a8a9eef7101c5"),
        (5_923, 6_742, 5_958, 6_131, 5_842, 5_421, 5_918, 6_265, 5_851, 5_949),
    ),
    "test": (
        "t10k",
        (1_648_877, "0fa7898d509279e482958e8ce81c8e77db3f2f8254e26661ceb7762c4d494ce7"),
        (4_542, "ff7bcfd416de33731a308c3f266cc351222c34898ecbeaf847f06e48f7ec33f2"),
        (980, 1_135, 1_032, 1_010, 982, 892, 958, 1_028, 974, 1_009),
    ),
}


def published() -> tuple[PublishedDataset, ...]:
    """Return EMNIST's six selections and MNIST."""
    return (*(_emnist(selection) for selection in _COUNTS), _mnist())


def _emnist(selection: str) -> PublishedDataset:
    title, description = _TEXTS[selection]
    splits = {}
    for number, (split, samples) in enumerate(
        zip(("train", "test"), _COUNTS[selection], strict=True)
    ):
        start = f"emnist-{selection}-{split}"
        images, labels = _SUMS[selection][2 * number : 2 * number + 2]
        classes = len(SPLIT_ALPHABETS[selection])
        splits[split] = PublishedSplit(
            PublishedFile(
                f"{start}-images-idx3-ubyte.gz", images[0], _images_bytes(samples), images[1]
            ),
            PublishedFile(
                f"{start}-labels-idx1-ubyte.gz", labels[0], _labels_bytes(samples), labels[1]
            ),
            samples,
            () if selection in _UNEVEN else (samples // classes,) * classes,
        )
    return PublishedDataset(
        name=f"emnist-{selection}",
        title=title,
        description=description,
        selection=selection,
        splits=splits,
        mapping=f"emnist-{selection}-mapping.txt",
        mirrors=EMNIST_MIRRORS,
        variable=EMNIST_VARIABLE,
        folder="gzip/",
        transposed=True,
        terms=EMNIST_TERMS,
        citation=EMNIST_CITATION,
    )


def _mnist() -> PublishedDataset:
    return PublishedDataset(
        name="mnist",
        title="MNIST",
        description="Ten digits, the classic; centred by mass, unlike EMNIST.",
        selection="mnist",
        splits={split: _mnist_split(*values) for split, values in _MNIST.items()},
        mapping="",
        mirrors=MNIST_MIRRORS,
        variable=MNIST_VARIABLE,
        folder="",
        transposed=False,
        terms=MNIST_TERMS,
        citation=MNIST_CITATION,
    )


def _mnist_split(
    start: str,
    images: tuple[int, str],
    labels: tuple[int, str],
    per_class: tuple[int, ...],
) -> PublishedSplit:
    n = sum(per_class)
    sizes = {"images-idx3": (*images, _images_bytes(n)), "labels-idx1": (*labels, _labels_bytes(n))}
    files = [
        PublishedFile(f"{start}-{kind}-ubyte.gz", packed_bytes, plain_bytes, plain_sha256=sha256)
        for kind, (packed_bytes, sha256, plain_bytes) in sizes.items()
    ]
    return PublishedSplit(files[0], files[1], n, per_class)


def _images_bytes(samples: int) -> int:
    return _IMAGES_HEADER + samples * _PIXELS


def _labels_bytes(samples: int) -> int:
    return _LABELS_HEADER + samples
