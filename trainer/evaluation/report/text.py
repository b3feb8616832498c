"""A report as text for the command line."""

from __future__ import annotations

from typing import Any

_FEW_PAIRS = 5
_SET_ASIDE = (0.05, 0.1, 0.2)
_BAR = 20
"""Width of a full bar in characters."""


def report_text(
    figures: dict[str, Any], *, has_classes: bool = False, has_writers: bool = False
) -> str:
    """Return the metrics as text, with tables of all classes and writers if they are wanted."""
    lines = [*_main_lines(figures)]
    if taken := range_text(figures):
        lines.append(f"input range        {taken}")
    lines += ["", *_pair_lines(figures)]
    if has_writers:
        lines += ["", *_writer_lines(figures)]
    if has_classes:
        lines += ["", *_class_lines(figures)]
    return "\n".join(lines)


def range_text(figures: dict[str, Any]) -> str:
    """Return a line on the input range in a report's figures; empty for a bundle."""
    name, how = figures.get("input_range"), figures.get("input_range_from")
    if not name:
        return ""
    words = {
        "given": "as given",
        "tried": "found by trying all ranges on samples of the data",
        "assumed": "assumed; no range reads the data clearly better than chance",
    }
    return f"{name} ({words.get(str(how), how)})"


def classes_text(figures: dict[str, Any]) -> str:
    """Return how many classes there are: 47 classes of 62 (case merged)."""
    n, n_before = figures["classes"], figures.get("merged_from")
    return f"{n} classes of {n_before} (case merged)" if n_before else f"{n} classes"


def groups_text(figures: dict[str, Any]) -> str:
    """Return the groups of look-alikes: 0/O, 1/I/L."""
    return ", ".join("/".join(group["characters"]) for group in figures["forgiving_groups"])


def coverage_at(figures: dict[str, Any], share: float) -> dict[str, Any]:
    """Return the point of the coverage curve nearest to a share set aside."""
    found: dict[str, Any] = min(figures["coverage"], key=lambda k: abs(k["set_aside"] - share))
    return found


def _main_lines(figures: dict[str, Any]) -> list[str]:
    low, high = figures["interval"]
    by = f", by {figures['writers']} writers" if figures["writers"] else ""
    groups = groups_text(figures)
    forgiven = f"{groups} count as one" if groups else "no look-alikes among these classes"
    aside = ", ".join(
        f"{coverage_at(figures, share)['accuracy']:.2%} without {share:.0%}" for share in _SET_ASIDE
    )
    hand = f" with {figures['hand']}" if "hand" in figures else ""
    return [
        f"{figures['model']}{hand} on {figures['data']}: "
        f"{figures['samples']:,} samples, {classes_text(figures)}",
        f"accuracy           {figures['accuracy']:8.2%}   "
        f"95 % interval {low:.2%} to {high:.2%}{by}",
        f"correct            {figures['correct']:8,}   incorrect {figures['incorrect']:,}",
        f"without masking    {figures['accuracy_unmasked']:8.2%}",
        f"among the first 3  {figures['top3']:8.2%}",
        f"forgiving          {figures['forgiving']:8.2%}   {forgiven}",
        f"macro F1           {figures['macro']['f1']:8.2%}   "
        f"precision {figures['macro']['precision']:.2%}, recall {figures['macro']['recall']:.2%}",
        f"calibration error  {figures['calibration_error']:8.2%}",
        f"least sure aside   {aside}",
    ]


def _pair_lines(figures: dict[str, Any]) -> list[str]:
    pairs = figures["most_confused"][:_FEW_PAIRS]
    if not pairs:
        return ["Nothing was misread."]
    width = max(len(pair["true"]) + len(pair["predicted"]) for pair in pairs) + len(" read as ")
    lines = ["most confused (true class read as predicted class)"]
    for pair in pairs:
        text = f"{pair['true']} read as {pair['predicted']}"
        lines.append(
            f"  {text:{width}}  {pair['count']:6,} of {pair['of']:,} ({pair['share']:.1%})"
        )
    return lines


def _class_lines(figures: dict[str, Any]) -> list[str]:
    names = [entry["character"] for entry in figures["per_class"]]
    width = max(len("weighted"), *map(len, names))
    head = f"{'class':{width}}  precision   recall       F1  support  accuracy"
    lines = [head]
    for entry in figures["per_class"]:
        bar = "█" * round(_BAR * entry["accuracy"])
        lines.append(_row(entry["character"], entry, width) + f"  {entry['accuracy']:8.2%}  {bar}")
    lines += [_row(name, figures[name], width) for name in ("macro", "weighted")]
    return lines


def confused_text(pairs: list[dict[str, Any]]) -> str:
    """Return what is read as what: "r as V (3)"."""
    return ", ".join(f"{each['true']} as {each['predicted']} ({each['count']})" for each in pairs)


def _writer_lines(figures: dict[str, Any]) -> list[str]:
    rows = figures["by_writer"]
    if not rows:
        return ["It is not known who wrote what, or all is by one writer."]
    width = max(len("writer"), *(len(row["writer"]) for row in rows))
    lines = [f"{'writer':{width}}  accuracy     95 % interval  samples  most confused"]
    for row in rows:
        low, high = row["interval"]
        lines.append(
            f"{row['writer']:{width}}  {row['accuracy']:8.2%}  {low:6.1%} to {high:6.1%}  "
            f"{row['samples']:7,}  {confused_text(row['most_confused'])}".rstrip()
        )
    return lines


def _row(name: str, entry: dict[str, Any], width: int) -> str:
    shares = (entry["precision"], entry["recall"], entry["f1"])
    cells = "  ".join(f"{share:8.2%}" for share in shares)
    return f"{name:{width}}   {cells}  {entry['support']:7,}"
