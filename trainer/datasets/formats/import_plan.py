"""Import plan: resolves classes, orientation and size from a source and the user's options."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import numpy.typing as npt
from PIL import Image as PillowImage

from trainer.datasets.dataset import Labels
from trainer.datasets.formats.classes import Classes, find_classes, other_names
from trainer.datasets.formats.options import Finding, ImportChoice, ImportOptions
from trainer.datasets.formats.source import ImportSource, RawLabels
from trainer.datasets.ink_archive import PenArchive
from trainer.errors import BundleError, DatasetError, Message
from trainer.files.paths import default_bundle
from trainer.ink.render import IMAGE_SIZE, Images, scan_to_image
from trainer.recognition.bundle import load_bundle
from trainer.recognition.recognizer import Probabilities, Recognizer

_JUDGED = 200
"""Samples recognised to detect the orientation."""

_CLEARLY = 0.2
"""Minimum lead in agreement of one orientation, or alphabet, over the other."""

_MOSTLY = 0.4
"""Minimum agreement for a judgement."""

_MIN_SAMPLES = 12
"""Minimum number of samples with known characters for a judgement."""

_LIGHT = 127
_MIXED = 0.15
"""Smallest share of either polarity with which each image is inverted by itself."""

_FEW = 0.02
"""Larger shares of the other polarity are worth a warning."""

_SIDES = (8, 512)


@dataclass(frozen=True, eq=False)
class ImportPlan:
    """How the samples of a source are converted to a dataset."""

    classes: Classes
    options: ImportOptions
    stored_shape: tuple[int, int]
    findings: tuple[Finding, ...]

    @property
    def alphabet(self) -> tuple[str, ...]:
        """The character of each class."""
        return self.classes.alphabet

    @property
    def keeps_inks(self) -> bool:
        """Whether drawings are stored as such: their rendered images have the usual size."""
        return self.options.resize in (None, IMAGE_SIZE)

    def labels(self, raw: RawLabels) -> Labels:
        """Return class indices."""
        return self.classes.indices(raw)

    def images(self, raw: Images) -> Images:
        """Return images as stored: upright, 0 = paper, resized."""
        images = raw.swapaxes(1, 2) if self.options.transposed == ImportChoice.YES else raw
        images = _with_light_ink(images, self.options.inverted)
        if self.options.resize is not None and images.shape[1:] != self.stored_shape:
            images = _resized(images, self.options.resize)
        return np.ascontiguousarray(images)

    def archive(self, archive: PenArchive) -> PenArchive:
        """Return a pen archive with the classes of the plan."""
        raw = np.array(archive.alphabet)[archive.labels]
        return replace(archive, alphabet=self.alphabet, labels=self.labels(raw))


def make_plan(source: ImportSource, options: ImportOptions, *, judge: bool = True) -> ImportPlan:
    """Resolve what the options leave open, and collect warnings.

    Parameters
    ----------
    source : ImportSource
    options : ImportOptions
    judge : bool
        Whether to recognise samples even if the options leave nothing open.

    Raises
    ------
    DatasetError
        If labels and names do not match, or the size is out of range.
    """
    if options.resize is not None and not _SIDES[0] <= options.resize <= _SIDES[1]:
        raise DatasetError("Expected a size from {low} to {high} pixels. Received: {side}.").format(
            low=_SIDES[0], high=_SIDES[1], side=options.resize
        )
    all_labels = [np.unique(part.labels) for part in source.splits.values()]
    classes = find_classes(all_labels, source.characters, options.classes)
    chunk = next(iter(source.splits.values())).sample(_JUDGED)
    findings: list[Finding] = []
    on_light = _papers(source, chunk.images)
    inverted = _inverted(source, on_light, options)
    resolved = replace(options, inverted=inverted, classes=classes.alphabet)
    if source.archives:
        resolved = replace(resolved, transposed=ImportChoice.NO)
    else:
        images = _with_light_ink(chunk.images, inverted)
        is_judged = len(images) and (judge or options.transposed == ImportChoice.AUTO)
        probe = _make_probe(images) if is_judged else None
        labels = classes.indices(chunk.labels)
        transposed = _orientation(source, classes, labels, options, probe, findings)
        resolved = replace(resolved, transposed=_choice(transposed))
    findings += _inversion_findings(source, on_light, options, inverted)
    height, width = source.image_shape
    if resolved.transposed == ImportChoice.YES:
        height, width = width, height
    shape = (height, width) if options.resize is None else (options.resize, options.resize)
    if shape != (IMAGE_SIZE, IMAGE_SIZE):
        findings.append(
            Finding(
                "size",
                Message(
                    "The images are {height}×{width} pixels, not 28×28.",
                    height=shape[0],
                    width=shape[1],
                ),
                "Keep their size for training, or bring them to 28×28 for the recogniser.",
                ImportOptions(resize=IMAGE_SIZE),
            )
        )
    findings += [Finding("pictures", note) for note in source.notes]
    return ImportPlan(
        classes, resolved, shape, tuple(_with_full_fix(finding, resolved) for finding in findings)
    )


def _with_full_fix(finding: Finding, resolved: ImportOptions) -> Finding:
    """Complete a fix, which holds only what it changes, to full options."""
    if finding.fix is None:
        return finding
    changes = {
        name: value
        for name in ("transposed", "inverted", "classes", "resize")
        if (value := getattr(finding.fix, name)) not in (None, ImportChoice.AUTO)
    }
    return replace(finding, fix=replace(resolved, **changes))


def _choice(answer: bool) -> ImportChoice:
    return ImportChoice.YES if answer else ImportChoice.NO


def _papers(source: ImportSource, first: Images) -> npt.NDArray[np.bool_]:
    """Return whether the paper is light in samples of all splits, those of the first given."""
    others = list(source.splits.values())[1:] if source.inverted is None else []
    samples = [first, *(part.sample(_JUDGED).images for part in others)]
    return np.concatenate([_on_light_paper(images) for images in samples])


def _inverted(
    source: ImportSource, on_light: npt.NDArray[np.bool_], options: ImportOptions
) -> ImportChoice:
    """Return whether to invert the images; "auto" for each by itself."""
    if options.inverted != ImportChoice.AUTO:
        return ImportChoice(options.inverted)
    if source.inverted is not None:
        return _choice(source.inverted)
    share = float(on_light.mean()) if len(on_light) else 0.0
    if _MIXED <= share <= 1 - _MIXED:
        return ImportChoice.AUTO
    return _choice(share > 0.5)


def _inversion_findings(
    source: ImportSource,
    on_light: npt.NDArray[np.bool_],
    options: ImportOptions,
    inverted: ImportChoice,
) -> list[Finding]:
    n_light, n_samples = int(on_light.sum()), len(on_light)
    if source.inverted is not None or not n_samples:
        return []
    both = Message(
        "The paper is light in {n} of {n_samples} samples, dark in the others.",
        n=n_light,
        n_samples=n_samples,
    )
    if inverted == ImportChoice.AUTO:
        return [Finding("inverted", both, "Each is brought to light ink by its border.")]
    found = []
    if options.inverted == ImportChoice.AUTO:
        hint = "The images are inverted, so that ink counts as ink and paper as nothing."
        if inverted == ImportChoice.YES:
            found.append(Finding("inverted", "The ink is dark on light paper.", hint))
        if min(n_light, n_samples - n_light) > _FEW * n_samples:
            hint = "All are treated alike; look at the samples."
            found.append(Finding("inverted", both, hint))
        return found
    if (2 * n_light > n_samples) == (inverted == ImportChoice.YES):
        return []
    is_inverted = inverted == ImportChoice.YES
    sentence = Message(
        "The border of the images, where paper is, would count as ink if they are inverted."
        if is_inverted
        else "The border of the images, where paper is, would count as ink if they are taken as "
        "they are."
    )
    fix = ImportOptions(inverted=_choice(not is_inverted))
    hint = "Choose the other way unless you know better."
    return [Finding("inverted", sentence, hint, fix)]


def _orientation(
    source: ImportSource,
    classes: Classes,
    labels: Labels,
    options: ImportOptions,
    probe: _OrientationProbe | None,
    findings: list[Finding],
) -> bool:
    """Return whether to transpose the images, and append the evidence to `findings`."""
    names = classes.alphabet
    as_is, turned = _agreements(probe, names, labels)
    if options.classes is None:
        better = _better_names(probe, classes, labels, max(as_is, turned))
        if better is not None:
            findings.append(better)
            names = better.fix.classes if better.fix and better.fix.classes else names
            as_is, turned = _agreements(probe, names, labels)
    evidence = None
    if max(as_is, turned) >= _MOSTLY and abs(as_is - turned) >= _CLEARLY:
        evidence = turned > as_is
    read = Message(
        "The recogniser reads {turned} of {n_samples} samples as labelled with rows and "
        "columns swapped, {as_is} as they lie in the file.",
        turned=f"{turned:.0%}",
        n_samples=len(labels),
        as_is=f"{as_is:.0%}",
    )
    if options.transposed == ImportChoice.AUTO:
        return _found_orientation(evidence, source.transposed, read, findings)
    chosen = options.transposed == ImportChoice.YES
    if evidence is not None and evidence != chosen:
        fix = ImportOptions(transposed=_choice(evidence))
        hint = "They look transposed." if evidence else "They look upright as they are."
        findings.append(Finding("transposed", read, hint, fix))
    return chosen


def _found_orientation(
    evidence: bool | None, convention: bool | None, read: str, findings: list[Finding]
) -> bool:
    """Follow the evidence, else the convention of the format, and report it."""
    if evidence:
        findings.append(
            Finding(
                "transposed",
                Message("The images are transposed. {read}", read=read),
                "They are turned.",
            )
        )
    elif convention and evidence is None:
        sentence = Message("Files of this name hold transposed images.")
        findings.append(Finding("transposed", sentence, "They are turned; look at the samples."))
    elif convention:
        sentence = Message("The file is named like a transposed one. {read}", read=read)
        findings.append(Finding("transposed", sentence, "They are left as they are."))
    return bool(convention) if evidence is None else evidence


def _agreements(
    probe: _OrientationProbe | None, names: Sequence[str], labels: Labels
) -> tuple[float, float]:
    """Return the agreement with the names as they are and transposed; 0 if unknown."""
    if probe is None:
        return 0.0, 0.0
    sample_names = [names[label] for label in labels.tolist()]
    as_is = probe.agreement(sample_names, transposed=False)
    turned = probe.agreement(sample_names, transposed=True)
    return as_is or 0.0, turned or 0.0


def _better_names(
    probe: _OrientationProbe | None, classes: Classes, labels: Labels, agreement: float
) -> Finding | None:
    """Return a warning if another alphabet agrees much better."""
    best: tuple[float, tuple[str, ...], str] = (agreement + _CLEARLY, (), "")
    for names, sentence in other_names(classes):
        fits = max(_agreements(probe, names, labels))
        if fits >= max(_MOSTLY, best[0]):
            best = (fits, names, sentence)
    if not best[1]:
        return None
    return Finding(
        "mapping",
        Message(
            "{sentence} The recogniser agrees in {proposed} of the samples then, in {now} now.",
            sentence=best[2],
            proposed=f"{best[0]:.0%}",
            now=f"{agreement:.0%}",
        ),
        "Take the proposed characters, or name the classes yourself.",
        ImportOptions(classes=best[1]),
    )


def _resized(images: npt.NDArray[Any], side: int) -> Images:
    height, width = images.shape[1:]
    scale = side / max(height, width)
    size = (max(1, round(width * scale)), max(1, round(height * scale)))
    left, top = (side - size[0]) // 2, (side - size[1]) // 2
    result = np.zeros((len(images), side, side), dtype=np.uint8)
    for image, target in zip(images, result, strict=True):
        picture = PillowImage.fromarray(np.ascontiguousarray(image))
        resized = np.asarray(picture.resize(size, PillowImage.Resampling.BICUBIC))
        target[top : top + size[1], left : left + size[0]] = resized
    return result


def _with_light_ink(images: Images, inverted: ImportChoice | str) -> Images:
    """Return images with light ink: inverted, or not, or each by its border."""
    if inverted == ImportChoice.AUTO:
        return np.where(_on_light_paper(images)[:, None, None], 255 - images, images)
    return 255 - images if inverted == ImportChoice.YES else images


def _on_light_paper(images: Images) -> npt.NDArray[np.bool_]:
    """Return for each image whether its border, where paper is, is light."""
    border = np.concatenate([images[:, 0], images[:, -1], images[:, :, 0], images[:, :, -1]], 1)
    light: npt.NDArray[np.bool_] = border.mean(axis=1) > _LIGHT
    return light


class _OrientationProbe:
    """The bundled recogniser's answers for samples, as they are and transposed.

    Raises `BundleError` if the recogniser cannot be loaded.
    """

    def __init__(self, images: Images) -> None:
        recognizer = Recognizer(load_bundle(default_bundle()))
        self._characters = np.array([c.upper() for c in recognizer.bundle.alphabet])
        self._probabilities: dict[bool, Probabilities] = {
            False: recognizer.probabilities(_normalised(images)),
            True: recognizer.probabilities(_normalised(images.swapaxes(1, 2))),
        }

    def agreement(self, names: Sequence[str], *, transposed: bool) -> float | None:
        """Return the share of samples recognised as their name, ignoring case.

        None if too few names are characters of the recogniser.
        """
        wanted = np.array([name.upper() for name in names])
        readable = np.isin(wanted, self._characters)
        if readable.sum() < _MIN_SAMPLES:
            return None
        possible = np.isin(self._characters, wanted)
        probabilities = self._probabilities[transposed][readable][:, possible]
        read = self._characters[possible][probabilities.argmax(axis=1)]
        return float((read == wanted[readable]).mean())


def _make_probe(images: Images) -> _OrientationProbe | None:
    """Return a probe of the orientation; None without a recogniser."""
    try:
        return _OrientationProbe(images)
    except BundleError:
        return None


def _normalised(images: npt.NDArray[np.uint8]) -> Images:
    return np.stack([scan_to_image(np.ascontiguousarray(image)) for image in images])
