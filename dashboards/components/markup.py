"""HTML from templates of ours and values from anywhere: values are escaped, always."""

from collections.abc import Iterable, Sequence

from markupsafe import Markup

EMPTY = Markup()


def html(template: str, *values: object) -> Markup:
    """Fill the `{}` of a template that is written in our code; every value that is no Markup is escaped."""
    return Markup(template).format(*values)  # noqa: S704 - escaped before


def joined(parts: Iterable[Markup], by: str = "") -> Markup:
    """Return parts one after another, with a separator of ours between."""
    return html(by).join(parts)


def table(rows: Iterable[Sequence[object]], heads: Sequence[str] = ()) -> Markup:
    """Return a table; each row is the sequence of its cells."""
    top = html("<tr>{}</tr>", joined(html("<th>{}</th>", words) for words in heads)) if heads else EMPTY
    lines = (html("<tr>{}</tr>", joined(html("<td>{}</td>", cell) for cell in cells)) for cells in rows)
    return html("<table>{}{}</table>", top, joined(lines))


def two_lines(upper: object, lower: object) -> Markup:
    """Return a line with a soft one below it."""
    return html('{}<br><span class="small soft">{}</span>', upper, lower)
