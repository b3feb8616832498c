"""The documentation: pages are in the navigation, links lead somewhere. `make docs` builds it."""

from __future__ import annotations

import re

import pytest
import yaml

from tests.conftest import ROOT

DOCS = ROOT / "docs"
PAGES = sorted(path.relative_to(DOCS).as_posix() for path in DOCS.rglob("*.md"))
TEXTS = ["README.md", "CONTRIBUTING.md", "SECURITY.md", *(f"docs/{page}" for page in PAGES)]
LINK = re.compile(r"!?\[[^]]*\]\(([^)\s]+)\)")
CODE = re.compile(r"^( *)```.*?^\1```$|`[^`\n]*`", re.MULTILINE | re.DOTALL)


def pages_of(entry: object) -> list[str]:
    """Return the pages of a part of the navigation."""
    if isinstance(entry, str):
        return [entry]
    parts = entry.values() if isinstance(entry, dict) else entry
    return [page for part in parts for page in pages_of(part)]  # type: ignore[attr-defined]


def anchors(text: str) -> set[str]:
    titles = re.findall(r"^#+ (.+)$", text, re.MULTILINE)
    return {re.sub(r"[^\w\s-]", "", title).strip().lower().replace(" ", "-") for title in titles}


def test_the_navigation_has_every_page_once() -> None:
    navigation = yaml.safe_load((ROOT / "mkdocs.yml").read_text(encoding="utf-8"))["nav"]
    assert sorted(pages_of(navigation)) == PAGES


@pytest.mark.parametrize("page", TEXTS)
def test_links_lead_somewhere(page: str) -> None:
    path = ROOT / page
    for link in LINK.findall(CODE.sub("", path.read_text(encoding="utf-8"))):
        if link.startswith(("http://", "https://")):
            continue
        file, _, anchor = link.partition("#")
        target = (path.parent / file).resolve() if file else path
        assert target.is_file(), link
        if anchor:
            assert anchor in anchors(target.read_text(encoding="utf-8")), link


def test_the_site_has_no_links_out_of_its_folder() -> None:
    for page in PAGES:
        path = DOCS / page
        for link in LINK.findall(CODE.sub("", path.read_text(encoding="utf-8"))):
            if "://" not in link and not link.startswith("#"):
                assert (path.parent / link.partition("#")[0]).resolve().is_relative_to(DOCS), page


def test_lessons_are_in_both_languages_with_a_sheet_each() -> None:
    for language in ("en", "de"):
        names = [path.stem for path in (DOCS / "lessons" / language).glob("[1-6]-*.md")]
        assert len(names) == 12
        for number in "123456":
            lesson, sheet = sorted((n for n in names if n[0] == number), key=len)
            assert sheet.startswith(f"{lesson}-")


def test_the_readme_can_be_read_in_a_few_minutes() -> None:
    assert len((ROOT / "README.md").read_text(encoding="utf-8").split()) <= 900
