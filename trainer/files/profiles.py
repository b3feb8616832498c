"""Several people on one computer: each has a profile with samples, hand, runs and settings.

```
HOME/                      the first profile, as it always was
     datasets/ downloads/  of all profiles
     profiles/first.json   name and colour of the first one, once it was given any
              last         the profile whose window was opened last
              ID/          a further profile, with profile.json: its name and colour
              .deleted/ID  a deleted one
```

A name is only ever written into a card, never into a path, so that any may be chosen.
"""

from __future__ import annotations

import os
import re
import shutil
import unicodedata
import uuid
import zipfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path, PurePosixPath

from trainer.errors import ProfileError
from trainer.files.lock import folder_lock
from trainer.files.paths import PROFILE_CARD, PROFILES_NAME, Profile, replacing
from trainer.files.records import json_text, read_or, write_json

COLORS = ("blue", "orange", "green", "purple", "grey", "yellow")
FIRST_NAME = "First profile"
"""Of the first profile, until it is given another."""

LONGEST_NAME = 40
"""Characters."""

_FORMAT = 1
_FIRST_CARD, _LAST, _DELETED = "first.json", "last", ".deleted"
_EXPORTED = ("settings.ini", "samples")
_DEEPEST = 2
_LARGEST = 1 << 30
"""Bytes of all files of an exported profile."""

_MOST_FILES = 100
_MOST_SETTINGS = 1 << 16
"""Bytes of the settings that are read."""

_PLAIN_SETTING = re.compile(r"\[\w+\]|\w+=[\w.+-]*", re.ASCII)
"""A section, or an entry whose value is one word or number; Qt takes it for nothing else."""

_FREE = "Choose another name."


@dataclass(frozen=True)
class ProfileCard:
    """Name and colour of a profile.

    Attributes
    ----------
    name : str
    color : str
        One of `COLORS`.
    """

    name: str
    color: str = COLORS[0]
    format: int = _FORMAT


@dataclass(frozen=True)
class NamedProfile:
    """A profile with its name.

    Attributes
    ----------
    profile : Profile
    name : str
    color : str
        One of `COLORS`.
    is_deleted : bool
    """

    profile: Profile
    name: str
    color: str
    is_deleted: bool = False

    @property
    def is_first(self) -> bool:
        """Whether the others lie in it."""
        return not self.is_deleted and self.profile.home == self.profile.root


class Profiles:
    """The profiles beside one another.

    Parameters
    ----------
    home : Path
        Folder of the first one.
    """

    def __init__(self, home: Path) -> None:
        self._home = home
        self._folder = home / PROFILES_NAME

    @property
    def bin(self) -> Path:
        """Folder of the deleted ones."""
        return self._folder / _DELETED

    def __iter__(self) -> Iterator[NamedProfile]:
        """Yield the first one, and then the others by name."""
        yield self._named(self._home, self._folder / _FIRST_CARD, FIRST_NAME)
        yield from self._in(self._folder)

    def deleted(self) -> tuple[NamedProfile, ...]:
        """Return the deleted ones."""
        return self._in(self.bin)

    def of(self, profile: Profile) -> NamedProfile:
        """Return a profile with its name."""
        return next(each for each in self if each.profile.root == profile.root)

    def named(self, name: str) -> NamedProfile:
        """Return the profile of a name, in capitals or not.

        Raises
        ------
        ProfileError
            If there is none.
        """
        found = [each for each in self if _key(each.name) == _key(name)]
        if not found:
            names = ", ".join(each.name for each in self)
            raise ProfileError("There is no profile {name}.", "There are: {names}.").format(
                name=repr(name), names=names
            )
        return found[0]

    def last(self) -> NamedProfile:
        """Return the profile whose window was opened last."""
        try:
            name = (self._folder / _LAST).read_text(encoding="utf-8").strip()
        except (OSError, ValueError):
            name = ""
        everybody = tuple(self)
        return next((each for each in everybody if each.profile.root.name == name), everybody[0])

    def remember(self, profile: Profile) -> None:
        """Make a profile the `last` one; nothing is written where there is only one."""
        if self._folder.is_dir():
            name = profile.root.name if profile.root != self._home else ""
            with _writing(self._folder), replacing(self._folder / _LAST) as temporary:
                temporary.write_text(name, encoding="utf-8")

    def make(self, name: str, color: str) -> NamedProfile:
        """Make a profile.

        Raises
        ------
        ProfileError
            If the name is no name or taken, or nothing can be written.
        """
        with self._changing():
            card = ProfileCard(self._free(name), _known(color))
            return self._add(card, self._new_folder())

    def rename(self, profile: NamedProfile, name: str, color: str) -> None:
        """Give a profile another name and colour.

        Raises
        ------
        ProfileError
            If the name is no name or taken, or nothing can be written.
        """
        root = profile.profile.root
        path = self._folder / _FIRST_CARD if profile.is_first else root / PROFILE_CARD
        with self._changing():
            write_json(path, ProfileCard(self._free(name, root), _known(color)))

    def delete(self, profile: NamedProfile) -> None:
        """Move a profile to the bin.

        Raises
        ------
        ProfileError
            If it is the first one, or cannot be moved.
        """
        if profile.is_first:
            raise ProfileError(
                "The first profile cannot be deleted: the others lie in it.",
                "Delete its samples in the list My samples.",
            )
        root = profile.profile.root
        with self._changing():
            self.bin.mkdir(exist_ok=True)
            root.replace(self.bin / root.name)

    def restore(self, profile: NamedProfile) -> NamedProfile:
        """Take a profile out of the bin; it gets a number if its name is taken.

        Raises
        ------
        ProfileError
            If it cannot be moved.
        """
        root = profile.profile.root
        with self._changing():
            card = ProfileCard(self._numbered(profile.name), profile.color)
            write_json(root / PROFILE_CARD, card)
            restored = root.replace(self._folder / root.name)
        return NamedProfile(Profile(restored), card.name, card.color)

    def export(self, profile: NamedProfile, path: Path) -> None:
        """Write name, colour, settings, samples and hand as one file, which only its owner reads.

        Runs and reports stay; they are exported one by one.

        Raises
        ------
        ProfileError
            If it cannot be written.
        """
        root = profile.profile.root
        with _writing(path), replacing(path) as temporary:
            number = os.open(temporary, os.O_RDWR | os.O_CREAT | os.O_TRUNC, 0o600)
            with (
                os.fdopen(number, "w+b") as stream,
                zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as archive,
            ):
                archive.writestr(PROFILE_CARD, json_text(ProfileCard(profile.name, profile.color)))
                for name in _EXPORTED:
                    found = [root / name, *sorted((root / name).glob("*"))]
                    for file in filter(Path.is_file, found):
                        archive.write(file, file.relative_to(root).as_posix())

    def import_(self, path: Path) -> NamedProfile:
        """Make a profile of an exported one; it gets a number if its name is taken.

        Of its settings words and numbers are taken over: Qt unpickles values of other types, and
        paths and the window's geometry belong to the computer on which it was exported.

        Raises
        ------
        ProfileError
            If the file is damaged or no profile, or nothing can be written.
        """
        with self._changing():
            writing = self._new_folder()
            try:
                _unpack(path, writing)
                _make_plain(Profile(writing).settings_file)
                found = read_or(None, writing / PROFILE_CARD, ProfileCard)
                if found is None:
                    raise _no_profile(path)
                name = self._numbered(check_profile_name(found.name))
                return self._add(ProfileCard(name, _known(found.color)), writing)
            finally:
                shutil.rmtree(writing, ignore_errors=True)

    def _in(self, folder: Path) -> tuple[NamedProfile, ...]:
        roots = [each.parent for each in folder.glob(f"[!.]*/{PROFILE_CARD}")]
        is_deleted = folder == self.bin
        found = [self._named(root, root / PROFILE_CARD, root.name, is_deleted) for root in roots]
        return tuple(sorted(found, key=lambda each: (_key(each.name), each.profile.root)))

    def _named(
        self, root: Path, path: Path, default: str, is_deleted: bool = False
    ) -> NamedProfile:
        card = read_or(ProfileCard(default), path, ProfileCard)
        return NamedProfile(Profile(root), card.name, _known(card.color), is_deleted)

    @contextmanager
    def _changing(self) -> Iterator[None]:
        """Let no other window make or name a profile meanwhile."""
        Profile(self._home).keep_private()
        with _writing(self._folder):
            self._folder.mkdir(parents=True, exist_ok=True)
            with folder_lock(self._folder):
                yield

    def _new_folder(self) -> Path:
        folder = self._folder / f".{uuid.uuid4().hex}.{os.getpid()}.tmp"
        folder.mkdir(mode=0o700)
        return folder

    def _add(self, card: ProfileCard, writing: Path) -> NamedProfile:
        write_json(writing / PROFILE_CARD, card)
        root = writing.replace(self._folder / writing.name.split(".")[1])
        return NamedProfile(Profile(root), card.name, card.color)

    def _free(self, name: str, own: Path | None = None) -> str:
        name = check_profile_name(name)
        if any(_key(each.name) == _key(name) for each in self if each.profile.root != own):
            raise ProfileError("There is a profile {name} already.", _FREE).format(name=name)
        return name

    def _numbered(self, name: str) -> str:
        taken = {_key(each.name) for each in self}
        names = (name, *(f"{name[: LONGEST_NAME - 5]} {number}" for number in range(2, 10_000)))
        return next(each for each in names if _key(each) not in taken)


def locate_profile(folder: str | None = None, name: str = "") -> Profile:
    """Return the profile of a name beside the one in `folder`, or that one itself.

    Raises
    ------
    ProfileError
        If there is none of that name.
    """
    profile = Profile.locate(folder)
    return Profiles(profile.home).named(name).profile if name else profile


def check_profile_name(text: str) -> str:
    """Return `text` as the name of a profile: composed, without space around it.

    Raises
    ------
    ProfileError
        Unless it is one line of 1 to 40 printable characters.
    """
    name = " ".join(unicodedata.normalize("NFC", text).split())
    if not 0 < len(name) <= LONGEST_NAME or not name.isprintable():
        shown = repr(text if len(text) <= LONGEST_NAME else f"{text[:LONGEST_NAME]}…")
        raise ProfileError(
            "Expected a name of 1 to {most} characters. Received: {name}.", _FREE
        ).format(most=LONGEST_NAME, name=shown)
    return name


def is_exported_profile(names: Sequence[str]) -> bool:
    """Return whether files of these names are those of an exported profile."""
    return PROFILE_CARD in names and all(map(_is_exported, names))


def _is_exported(name: str) -> bool:
    parts = PurePosixPath(name).parts
    return name == PROFILE_CARD or (parts[0] in _EXPORTED and len(parts) <= _DEEPEST)


def _unpack(path: Path, folder: Path) -> None:
    """Unpack an exported profile: only files that belong to one, and not beyond a limit."""
    from trainer.files.unpacking import NoRoomError, UnpackError, UnpackLimits, unpack_zip

    def largest(name: str) -> int:
        if not _is_exported(name):
            raise _no_profile(path)
        return _LARGEST

    try:
        unpack_zip(path, folder, largest, UnpackLimits(_MOST_FILES, _LARGEST))
    except NoRoomError as error:
        raise ProfileError(error.message, error.hint) from error
    except UnpackError as error:
        raise _no_profile(path) from error


def _make_plain(settings: Path) -> None:
    """Leave only lines in settings that run nothing."""
    if not settings.is_file():
        return
    with settings.open("rb") as stream:
        lines = stream.read(_MOST_SETTINGS).decode("ascii", "replace").splitlines()
    plain = "".join(f"{line}\n" for line in lines if _PLAIN_SETTING.fullmatch(line))
    settings.write_text(plain, encoding="ascii", newline="\n")


def _no_profile(path: Path) -> ProfileError:
    return ProfileError(
        "{path} is damaged, or is no exported profile.",
        "Choose a file that was exported as a profile.",
    ).format(path=path.name)


@contextmanager
def _writing(path: Path) -> Iterator[None]:
    try:
        yield
    except OSError as error:
        raise ProfileError(
            "{path} cannot be written: {reason}.", "Free some space, or choose another place."
        ).format(path=path.name, reason=error.strerror or error) from error


def _key(name: str) -> str:
    return unicodedata.normalize("NFKC", name).casefold()


def _known(color: str) -> str:
    return color if color in COLORS else COLORS[0]
