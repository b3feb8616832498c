"""Import plan: resolves classes, orientation and size from a source and the user's options."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import numpy.typing as npt
from PIL import Image as PillowImage

from trainer.datasets.dataset import Dataset, Labels
from trainer.datasets.formats.classes import Classes, find_classes, other_names
from trainer.datasets.formats.options import Finding, ImportChoice, ImportOptions
from trainer.datasets.formats.orientation import (
    ORIENTATIONS,
    TRANSPOSED,
    TURNS,
    UPRIGHT,
    Orientation,
    OrientationProbe,
    make_probe,
)
from trainer.datasets.formats.source import Chunk, ImportSource, RawLabels
from trainer.datasets.ink_archive import PenArchive
from trainer.errors import DatasetError, Message
from trainer.ink.render import IMAGE_SIZE, Images

_JUDGED = 200
"""Samples recognised to detect the orientation."""

_CLEARLY = 0.2
"""Minimum lead in agreement of one orientation, or alphabet, over the other."""

_MOSTLY = 0.4
"""Minimum agreement for a judgement."""

_ABOUT = 0.05
"""Shares this close are about the same."""

_HARDLY = 0.25
"""Less agreement, however the images are turned, is worth a warning."""

_HOW = {
    UPRIGHT: Message("as they lie in the file"),
    Orientation(turn=90): Message("turned by 90° to the right"),
    Orientation(turn=180): Message("turned by 180°"),
    Orientation(turn=270): Message("turned by 90° to the left"),
    TRANSPOSED: Message("with rows and columns swapped"),
    Orientation(transposed=True, turn=90): Message("with left and right swapped"),
    Orientation(transposed=True, turn=180): Message("with rows and columns swapped and turned"),
    Orientation(transposed=True, turn=270): Message("with top and bottom swapped"),
}
"""How images are made upright, within a sentence."""

_LIGHT = 127
_FAINT = 128
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

    @property
    def _orientation(self) -> Orientation:
        return _chosen(self.options)

    def labels(self, raw: RawLabels) -> Labels:
        """Return class indices."""
        return self.classes.indices(raw)

    def images(self, raw: Images) -> Images:
        """Return images as stored: upright, 0 = paper, resized."""
        images = _with_light_ink(self._orientation.images(raw), self.options.inverted)
        if self.options.resize is not None and images.shape[1:] != self.stored_shape:
            images = _resized(images, self.options.resize)
        return np.ascontiguousarray(images)

    def dataset(self, name: str, chunk: Chunk) -> Dataset:
        """Return samples as stored."""
        images, labels = self.images(chunk.images), self.labels(chunk.labels)
        return Dataset(name, self.alphabet, images, labels, chunk.writers)

    def archive(self, archive: PenArchive) -> PenArchive:
        """Return a pen archive with the classes of the plan, upright."""
        raw = np.array(archive.alphabet)[archive.labels]
        upright = self._orientation.archive(archive)
        return replace(upright, alphabet=self.alphabet, labels=self.labels(raw))


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
    if options.turn not in (None, *TURNS):
        raise DatasetError("Expected a turn by 0, 90, 180 or 270. Received: {turn}.").format(
            turn=options.turn
        )
    all_labels = [np.unique(part.labels) for part in source.splits.values()]
    classes = find_classes(all_labels, source.characters, options.classes)
    chunk = next(iter(source.splits.values())).sample(_JUDGED)
    findings: list[Finding] = []
    on_light = _papers(source, chunk.images)
    inverted = _inverted(source, on_light, options)
    resolved = replace(options, inverted=inverted, classes=classes.alphabet)
    is_judged = judge or options.transposed == ImportChoice.AUTO
    probe = make_probe(_with_light_ink(chunk.images, inverted)) if is_judged else None
    labels = classes.indices(chunk.labels)
    orientation = _orientation(source, classes, labels, options, probe, findings)
    resolved = replace(resolved, transposed=_choice(orientation.transposed), turn=orientation.turn)
    findings += _scale_findings(source, chunk.images)
    findings += _inversion_findings(source, on_light, options, inverted)
    height, width = source.image_shape
    if orientation.transposed != (orientation.turn in (90, 270)):
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
        for name in ("transposed", "turn", "inverted", "classes", "resize")
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


def _scale_findings(source: ImportSource, images: Images) -> list[Finding]:
    scales = {part.full_scale for part in source.splits.values()} - {1.0, 255.0}
    if scales:
        sentence = Message(
            "The pixels go up to {scale}, not 255.", scale=" / ".join(f"{s:g}" for s in scales)
        )
        return [Finding("scale", sentence, "They are scaled to 255.")]
    brightest = int(images.max(initial=0))
    if 0 < brightest < _FAINT:
        sentence = Message("The brightest pixel has {value} of 255.", value=brightest)
        return [Finding("scale", sentence, "The ink is faint; the pixels may have another range.")]
    return []


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


def _chosen(options: ImportOptions) -> Orientation:
    return Orientation(options.transposed == ImportChoice.YES, options.turn or 0)


def _orientation(
    source: ImportSource,
    classes: Classes,
    labels: Labels,
    options: ImportOptions,
    probe: OrientationProbe | None,
    findings: list[Finding],
) -> Orientation:
    """Return the orientation of the images, and append the evidence to `findings`."""
    names = classes.alphabet
    usual = TRANSPOSED if source.transposed else UPRIGHT
    is_open = options.transposed == ImportChoice.AUTO and options.turn is None
    chosen = usual if is_open else _chosen(options)
    # What is read as it lies is turned by no evidence, and its names are right.
    agreements = _agreements(probe, names, labels, (UPRIGHT,)) if chosen == UPRIGHT else {}
    is_sure = agreements.get(UPRIGHT, 0.0) > 1 - _CLEARLY and max(map(len, names)) == 1
    if not is_sure:
        agreements = _agreements(probe, names, labels)
    if options.classes is None and not is_sure:
        better = _better_names(probe, classes, labels, max(agreements.values(), default=0.0))
        if better is not None:
            findings.append(better)
            names = better.fix.classes if better.fix and better.fix.classes else names
            agreements = _agreements(probe, names, labels)
    best = max(agreements, key=agreements.__getitem__, default=chosen)
    if max(agreements.values(), default=1.0) < _HARDLY:
        findings.append(
            Finding(
                "unread",
                Message(
                    "The recogniser reads hardly any of {n_samples} samples as labelled "
                    "({agreement}), however they are turned.",
                    n_samples=len(labels),
                    agreement=f"{max(agreements.values()):.0%}",
                ),
                "Look at the samples: labels and images may not belong together.",
            )
        )
    rivals = {UPRIGHT, TRANSPOSED, chosen} - {best}
    lead = agreements.get(best, 0.0) - max((agreements.get(r, 0.0) for r in rivals), default=0.0)
    evidence = best if agreements.get(best, 0.0) >= _MOSTLY and lead >= _CLEARLY else None
    read = Message(
        "The recogniser reads {turned} of {n_samples} samples as labelled {how}, {as_is} as they "
        "lie in the file.",
        turned=f"{agreements.get(best if best != UPRIGHT else chosen, 0.0):.0%}",
        n_samples=len(labels),
        how=_HOW[best if best != UPRIGHT else chosen],
        as_is=f"{agreements.get(UPRIGHT, 0.0):.0%}",
    )
    if is_open:
        findings += _orientation_findings(evidence, source.transposed, read)
        return chosen if evidence is None else evidence
    if evidence is not None and evidence != chosen:
        fix = ImportOptions(transposed=_choice(evidence.transposed), turn=evidence.turn)
        hint = (
            "They look upright as they are."
            if evidence == UPRIGHT
            else "They look transposed."
            if evidence == TRANSPOSED
            else "They look turned or mirrored."
        )
        findings.append(Finding("transposed", read, hint, fix))
    return chosen


def _orientation_findings(
    evidence: Orientation | None, is_usual: bool | None, read: str
) -> list[Finding]:
    """Report that the evidence is followed, else the convention of the format."""
    if evidence not in (None, UPRIGHT):
        sentence = Message(
            "The images are transposed. {read}"
            if evidence == TRANSPOSED
            else "The images are not upright. {read}",
            read=read,
        )
        return [Finding("transposed", sentence, "They are turned.")]
    if not is_usual:
        return []
    if evidence is None:
        sentence = Message("Files of this name hold transposed images.")
        return [Finding("transposed", sentence, "They are turned; look at the samples.")]
    sentence = Message("The file is named like a transposed one. {read}", read=read)
    return [Finding("transposed", sentence, "They are left as they are.")]


def _agreements(
    probe: OrientationProbe | None,
    names: Sequence[str],
    labels: Labels,
    orientations: Sequence[Orientation] = ORIENTATIONS,
) -> dict[Orientation, float]:
    """Return the agreement with the names in each orientation; empty if unknown."""
    if probe is None:
        return {}
    sample_names = [names[label] for label in labels.tolist()]
    found = {each: probe.agreement(sample_names, each) for each in orientations}
    return {each: share for each, share in found.items() if share is not None}


def _better_names(
    probe: OrientationProbe | None, classes: Classes, labels: Labels, agreement: float
) -> Finding | None:
    """Return a warning if another alphabet agrees much better."""
    best: tuple[float, tuple[str, ...], str] = (0.0, (), "")
    has_numbers = any(len(name) > 1 for name in classes.alphabet)
    for names, sentence in other_names(classes):
        fits = max(_agreements(probe, names, labels).values(), default=0.0)
        # Numbers such as 10 are never read: characters in their place need not agree better.
        lead = -_ABOUT if has_numbers and all(len(name) == 1 for name in names) else _CLEARLY
        if fits >= max(_MOSTLY, agreement + lead, best[0]):
            best = (fits, names, sentence)
    if not best[1]:
        return None
    agrees = "{sentence} The recogniser agrees in {proposed} of the samples then."
    if best[0] >= agreement + _CLEARLY:
        agrees = "{sentence} The recogniser agrees in {proposed} of the samples then, in {now} now."
    return Finding(
        "mapping",
        Message(
            agrees,
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
