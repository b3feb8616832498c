"""Pages of HTML that need nothing else, from the templates among the resources."""

from __future__ import annotations

from typing import Any

from trainer.files.paths import resources


def render_page(template: str, **values: Any) -> str:
    """Fill in a template; every text is escaped unless the template calls it safe.

    Parameters
    ----------
    template : str
        Name of a file of ``resources/templates``.
    **values
        What it takes; all that it names must be there.
    """
    import jinja2

    environment = jinja2.Environment(
        loader=jinja2.FileSystemLoader(resources() / "templates"),
        autoescape=True,
        undefined=jinja2.StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.filters["number"] = "{:,}".format
    environment.filters["percent"] = _percent
    return environment.get_template(template).render(values)


def _percent(share: float, digits: int = 1) -> str:
    return f"{share:.{digits}%}"
