"""A report as one page that needs nothing else: no network, no other file."""

from __future__ import annotations

from html import escape
from typing import Any

from trainer.evaluation.report.svg import confusion_svg, coverage_svg, reliability_svg
from trainer.evaluation.report.text import groups_text, kept_at

_PAIRS = 15
_SET_ASIDE = 0.1

_STYLE = """
:root { color-scheme: light dark; --ground: #fff; --sheet: #f4f5f7; --text: #1b1f27;
  --faint: #626a79; --line: #cfd3db; --right: #2f6fde; --wrong: #c2570c; }
@media (prefers-color-scheme: dark) { :root { --ground: #14161a; --sheet: #1d2026;
  --text: #e6e8ec; --faint: #a0a8b5; --line: #3b414c; --right: #5b93f5; --wrong: #f0a050; } }
body { background: var(--ground); color: var(--text); font: 16px/1.5 system-ui, sans-serif;
  max-width: 64rem; margin: 2rem auto; padding: 0 1rem; }
h1 { font-size: 1.6rem; margin-bottom: 0; overflow-wrap: anywhere; }
h2 { font-size: 1.2rem; margin-top: 2.2rem; }
p.faint, .card span, figcaption, footer { color: var(--faint); }
.cards { display: grid; grid-template-columns: repeat(auto-fit, minmax(11rem, 1fr)); gap: .8rem; }
.card { background: var(--sheet); border-radius: 8px; padding: .8rem 1rem; }
.card b { display: block; font-size: 1.5rem; font-variant-numeric: tabular-nums; }
.card span { font-size: .85rem; display: block; line-height: 1.35; }
figure { margin: 1rem 0; } .plots { display: flex; flex-wrap: wrap; gap: 1.5rem; }
.plots figure { flex: 1 1 20rem; margin: 0; }
svg { width: 100%; height: auto; } svg.matrix { max-width: 50rem; } svg.plot { max-width: 30rem; }
svg text { fill: var(--faint); font-size: 11px; } .middle { text-anchor: middle; }
.end { text-anchor: end; } .frame { fill: none; stroke: var(--line); }
.right, .bar { fill: var(--right); } .wrong { fill: var(--wrong); }
.bar { fill-opacity: .75; } .grid { stroke: var(--line); stroke-width: .5; }
.ideal { fill: none; stroke: var(--faint); stroke-dasharray: 5 4; }
.curve { fill: none; stroke: var(--right); stroke-width: 2; }
table { border-collapse: collapse; font-variant-numeric: tabular-nums; }
th, td { padding: .2rem .8rem; text-align: right; border-bottom: 1px solid var(--line); }
th:first-child, td:first-child { text-align: left; } th button { all: unset; cursor: pointer; }
th button:focus-visible { outline: 2px solid var(--right); } tfoot td { font-weight: 600; }
meter { width: 8rem; } .scroll { overflow-x: auto; }
"""

_SCRIPT = """
document.querySelectorAll("th button").forEach((button, column) => {
  let up = false;
  button.addEventListener("click", () => {
    up = !up;
    const body = document.querySelector("#classes tbody");
    const value = (row) => row.children[column].dataset.value;
    const rows = [...body.rows].sort((a, b) => column
      ? value(a) - value(b) : a.dataset.place - b.dataset.place);
    body.append(...(up ? rows : rows.reverse()));
  });
});
"""

_COLUMNS = (
    ("Class", "the character"),
    ("Samples", "how many samples of the class there are (support)"),
    ("Read right", "share of the samples of the class that were read right: its recall"),
    ("Precision", "share of what was read as the class that is of it"),
    ("Recall", "share of the samples of the class that were read right"),
    ("F1", "harmonic mean of precision and recall"),
)


def report_html(figures: dict[str, Any]) -> str:
    """Return a page for the figures of `trainer.evaluation.report.Report`.

    Every text that comes from a model or a dataset is escaped.
    """
    title = f"{figures['model']} on {figures['data']}"
    return "\n".join(
        (
            '<!doctype html><html lang="en"><head><meta charset="utf-8">',
            '<meta name="viewport" content="width=device-width, initial-scale=1">',
            f"<title>{escape(title)}</title><style>{_STYLE}</style></head><body>",
            _head(figures, title),
            _cards(figures),
            _confusion(figures),
            _pairs(figures),
            _certainty(figures),
            _classes(figures),
            _footer(figures),
            f"<script>{_SCRIPT}</script></body></html>\n",
        )
    )


def interval_words(figures: dict[str, Any]) -> str:
    """Return what the interval means, in a sentence."""
    low, high = figures["interval"]
    writers = figures["writers"]
    others = f"other writers ({writers:,} were measured)" if writers else "other such samples"
    return f"Of {others} probably {low:.1%} to {high:.1%}: the 95 % interval."


def _head(figures: dict[str, Any], title: str) -> str:
    writers = f" by {figures['writers']:,} writers" if figures["writers"] else ""
    return (
        f"<header><h1>{escape(title)}</h1><p class='faint'>{figures['samples']:,} samples{writers}"
        f", {figures['classes']} classes. “True” is what the data say that a sample is, "
        "“predicted” what the model read.</p></header>"
    )


def _cards(figures: dict[str, Any]) -> str:
    cards = "".join(
        f"<div class='card'>{name}<b>{value}</b><span>{escape(words)}</span></div>"
        for name, value, words in (*_counted(figures), *_by_confidence(figures))
    )
    return f"<section class='cards'>{cards}</section>"


def _counted(figures: dict[str, Any]) -> list[tuple[str, str, str]]:
    groups, macro = groups_text(figures), figures["macro"]
    forgiven = f"{groups} count as one." if groups else "There are no look-alikes here."
    averages = f"precision {macro['precision']:.1%}, recall {macro['recall']:.1%}."
    return [
        ("Accuracy", f"{figures['accuracy']:.1%}", interval_words(figures)),
        (
            "Right and wrong",
            f"{figures['correct']:,} / {figures['incorrect']:,}",
            f"of {figures['samples']:,} samples",
        ),
        (
            "Without a mask",
            f"{figures['accuracy_unmasked']:.1%}",
            "It may also answer characters that the data do not have.",
        ),
        ("Among the first three", f"{figures['top3']:.1%}", "The true class is one of three."),
        ("Forgiving look-alikes", f"{figures['forgiving']:.1%}", forgiven),
        ("Macro F1", f"{macro['f1']:.1%}", f"Every class counts the same: {averages}"),
    ]


def _by_confidence(figures: dict[str, Any]) -> list[tuple[str, str, str]]:
    kept = kept_at(figures, _SET_ASIDE)
    return [
        (
            "Calibration error",
            f"{figures['calibration_error']:.1%}",
            "How far its confidence is from the truth, on average.",
        ),
        (
            "Without the least sure tenth",
            f"{kept['accuracy']:.1%}",
            f"It would ask below a confidence of {kept['least_confidence']:.0%}.",
        ),
    ]


def _confusion(figures: dict[str, Any]) -> str:
    drawn = confusion_svg(figures["confusion"], figures["characters"])
    words = (
        "Rows are true classes, columns predicted ones. Blue is read right, orange is misread; "
        "the stronger, the larger the share of the true class. Point at a cell to see its figures."
        if drawn
        else "There are too many classes to draw them."
    )
    return f"<h2>What is read as what</h2><figure>{drawn}<figcaption>{words}</figcaption></figure>"


def _pairs(figures: dict[str, Any]) -> str:
    rows = "".join(
        f"<tr><td>true {escape(pair['true'])}, predicted {escape(pair['predicted'])}</td>"
        f"<td>{pair['count']:,} of {pair['of']:,}</td><td>{pair['share']:.1%}</td></tr>"
        for pair in figures["most_confused"][:_PAIRS]
    )
    table = f"<table><tbody>{rows}</tbody></table>" if rows else "<p>Nothing was misread.</p>"
    return f"<h2>Most confused</h2>{table}"


def _certainty(figures: dict[str, Any]) -> str:
    return (
        "<h2>Does it know when it is right?</h2><div class='plots'>"
        f"<figure>{reliability_svg(figures['reliability'])}<figcaption>Of the answers with a "
        "confidence of 80 % about 80 % should be right: bars that end on the dashed line. Below "
        "it the model is too sure of itself, above it too modest.</figcaption></figure>"
        f"<figure>{coverage_svg(figures['coverage'])}<figcaption>The accuracy of the rest when "
        "the least sure answers are set aside, for a person to look at."
        "</figcaption></figure></div>"
    )


def _classes(figures: dict[str, Any]) -> str:
    head = "".join(f"<th title='{words}'><button>{name}</button></th>" for name, words in _COLUMNS)
    rows = "".join(
        f"<tr data-place='{place}'><td>{escape(entry['character'])}</td>{_class_cells(entry)}</tr>"
        for place, entry in enumerate(figures["per_class"])
    )
    foot = "".join(
        f"<tr><td>{words}</td><td>{figures[name]['support']:,}</td><td></td>"
        f"{_shares(figures[name])}</tr>"
        for name, words in (("macro", "Macro average"), ("weighted", "Weighted average"))
    )
    return (
        "<h2>Each class</h2><p class='faint'>A click on a heading sorts. The macro average counts "
        "every class the same, the weighted one by its samples.</p><div class='scroll'>"
        f"<table id='classes'><thead><tr>{head}</tr></thead><tbody>{rows}</tbody>"
        f"<tfoot>{foot}</tfoot></table></div>"
    )


def _class_cells(entry: dict[str, Any]) -> str:
    samples, accuracy = entry["support"], entry["accuracy"]
    return _value(samples, f"{samples:,}") + _value(accuracy, _meter(accuracy)) + _shares(entry)


def _shares(entry: dict[str, Any]) -> str:
    return "".join(
        _value(entry[name], f"{entry[name]:.1%}") for name in ("precision", "recall", "f1")
    )


def _value(value: float, shown: str) -> str:
    return f"<td data-value='{value}'>{shown}</td>"


def _meter(share: float) -> str:
    return f"<meter value='{share:.4f}'>{share:.1%}</meter>"


def _footer(figures: dict[str, Any]) -> str:
    parts = [f"Made on {escape(str(figures['made']))}"] if "made" in figures else []
    if figures.get("parameters"):
        parts.append(f"{figures['parameters']:,} parameters")
    if "size_bytes" in figures:
        parts.append(f"{figures['size_bytes'] / 1e6:,.1f} MB")
    if "microseconds_per_image" in figures:
        parts.append(f"{figures['microseconds_per_image']:,.0f} µs per image")
    return f"<footer><p>{' · '.join(parts)}</p></footer>" if parts else ""
