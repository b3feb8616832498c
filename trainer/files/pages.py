"""Self-contained HTML pages from the templates among the resources."""

from __future__ import annotations

from typing import Any

from trainer.files.paths import resources


def render_page(template: str, **values: Any) -> str:
    """Render a template; every value is escaped unless the template marks it as safe.

    Parameters
    ----------
    template : str
        File name in ``resources/templates``.
    **values
        The variables of the template; none may be missing.
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
    environment.filters["percent"] = lambda share, digits=1: f"{share:.{digits}%}"
    return environment.get_template(template).render(values)
