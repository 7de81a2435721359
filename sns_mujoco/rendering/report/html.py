"""Parts of a page: text that is escaped, tables, sections, pictures inside the file; its look and its one script."""

import base64
from collections.abc import Iterable, Sequence
from html import escape
from string import Template

MOST_ROWS = 2000  # of a table; a page of more is slow to open

_STYLE = """
:root { --ink: #23262d; --quiet: #6b7280; --rule: #e2e5ea; --ground: #f6f7f9; --accent: #b4582a; }
* { box-sizing: border-box; }
html { scroll-behavior: smooth; }
body { margin: 0; color: var(--ink); background: var(--ground);
  font: 15px/1.5 system-ui, -apple-system, "Segoe UI", Roboto, "Helvetica Neue", Arial, sans-serif; }
header { background: #0e1014; color: #e6e9ee; }
.head { max-width: 1180px; margin: 0 auto; padding: 28px 24px 32px; display: grid; gap: 28px;
  grid-template-columns: minmax(0, 1.25fr) minmax(0, 1fr); align-items: center; }
.head img { width: 100%; border-radius: 10px; display: block; }
h1 { margin: 0 0 6px; font-size: 32px; line-height: 1.15; }
.head p { margin: 0 0 18px; color: #b8bec8; }
dl { margin: 0; display: grid; grid-template-columns: auto 1fr; gap: 3px 16px; font-size: 14px; }
dt { color: #8b93a1; }
dd { margin: 0; font-variant-numeric: tabular-nums; }
nav { position: sticky; top: 0; z-index: 2; background: #fffffff2; border-bottom: 1px solid var(--rule); }
nav div { max-width: 1180px; margin: 0 auto; padding: 9px 24px; display: flex; flex-wrap: wrap; gap: 4px 20px; }
nav a { color: var(--ink); text-decoration: none; font-size: 14px; }
nav a:hover, nav a:focus { color: var(--accent); text-decoration: underline; }
main { max-width: 1180px; margin: 0 auto; padding: 4px 24px 60px; }
section { background: #fff; border: 1px solid var(--rule); border-radius: 10px; padding: 18px 22px 22px;
  margin-top: 20px; scroll-margin-top: 52px; }
h2 { margin: 0 0 2px; font-size: 20px; }
h2 small { color: var(--quiet); font-weight: normal; font-size: 15px; margin-left: 8px; }
h3 { margin: 18px 0 6px; font-size: 15px; }
p { margin: 6px 0; } .quiet { color: var(--quiet); font-size: 14px; }
figure { margin: 12px 0 0; } figure img, figure svg { max-width: 100%; height: auto; display: block; margin: 0 auto; }
figure img { width: min(100%, 900px); }
figcaption { color: var(--quiet); font-size: 13px; margin-top: 6px; }
.wide { overflow-x: auto; }
.full { float: right; font-size: 13px; color: var(--quiet); }
#actual:checked ~ figure svg { max-width: none; }
.scroll { overflow: auto; max-height: 480px; margin-top: 10px; border: 1px solid var(--rule); border-radius: 6px; }
table { border-collapse: collapse; width: 100%; font-size: 13px; }
th { position: sticky; top: 0; background: #eef0f3; text-align: left; white-space: nowrap; }
th, td { padding: 4px 10px; border-bottom: 1px solid var(--rule); vertical-align: top; }
td.number, th.number { text-align: right; font-variant-numeric: tabular-nums; white-space: nowrap; }
td:first-child { white-space: nowrap; }
tr:last-child td { border-bottom: 0; }
input.find { float: right; margin: 2px 0 0; padding: 3px 9px; font: inherit; font-size: 13px; width: 190px;
  border: 1px solid var(--rule); border-radius: 6px; }
.dot { display: inline-block; width: 9px; height: 9px; border-radius: 50%; margin-right: 7px; }
.error, .warning, .note { display: inline-block; border-radius: 4px; padding: 0 7px; font-size: 12px; color: #fff; }
.error { background: #b3302c; } .warning { background: #a8700c; } .note { background: #4a6fa5; }
ul.plain { list-style: none; margin: 8px 0 0; padding: 0; } ul.plain li { padding: 7px 0; }
ul.plain li + li { border-top: 1px solid var(--rule); }
code { font: 13px ui-monospace, "SF Mono", Menlo, Consolas, monospace; }
@media (max-width: 800px) { .head { grid-template-columns: 1fr; } main { padding: 4px 12px 40px; } }
@media print { nav, input.find, .full { display: none; } .scroll { max-height: none; overflow: visible; }
  section { break-inside: avoid-page; } }
"""

_SCRIPT = """
for (const field of document.querySelectorAll('input.find')) {
  const rows = document.getElementById(field.dataset.table).querySelectorAll('tbody tr');
  field.addEventListener('input', () => {
    const words = field.value.toLowerCase().split(/\\s+/).filter(Boolean);
    for (const row of rows) {
      const text = row.textContent.toLowerCase();
      row.hidden = !words.every(word => text.includes(word));
    }
  });
}
"""

_PAGE = Template("""<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta http-equiv="Content-Security-Policy"
  content="default-src 'none'; img-src data:; style-src 'unsafe-inline'; script-src 'unsafe-inline'">
<title>$title</title>
<style>$style</style>
</head>
<body>
$header
<nav aria-label="Sections"><div>$links</div></nav>
<main>
$sections
</main>
<script>$script</script>
</body>
</html>
""")

Cell = str | float | int | None


class Markup(str):
    """A text that is HTML already."""

    __slots__ = ()


class Section:
    """A part of the page, with a heading that the menu leads to."""

    def __init__(self, name: str, title: str, *parts: str, beside: str = "") -> None:
        """Put a section together.

        Args:
            name: Its name in addresses.
            title: Its heading.
            parts: HTML.
            beside: What stands in grey beside the heading.
        """
        self.name, self.title = name, title
        small = f"<small>{escape(beside)}</small>" if beside else ""
        self.html = f'<section id="{name}">\n{finder_of(parts)}<h2>{escape(title)}{small}</h2>\n' + "\n".join(
            part for part in parts if part
        )
        self.html += "\n</section>"


def finder_of(parts: Iterable[str]) -> str:
    """The field that looks through the first long table of a section, if it has one."""
    for part in parts:
        if isinstance(part, LongTable):
            return f'<input class="find" data-table="{part.name}" placeholder="find" aria-label="Find in the table">'
    return ""


class LongTable(Markup):
    """A table that is worth looking through."""

    name: str


def page(title: str, header: str, sections: Sequence[Section]) -> str:
    """The whole page: one file, which asks for nothing else."""
    return _PAGE.substitute(
        title=escape(title),
        style=_STYLE,
        header=header,
        links="".join(f'<a href="#{section.name}">{escape(section.title)}</a>' for section in sections),
        sections="\n".join(section.html for section in sections),
        script=_SCRIPT,
    )


def table(name: str, titles: Sequence[str], rows: Sequence[Sequence[Cell]], *, numbers: Iterable[int] = ()) -> Markup:
    """A table; of a great many rows the first 2,000.

    Args:
        name: Its name in the page.
        titles: Of the columns.
        rows: Their cells; what is not `Markup` is escaped.
        numbers: Columns that are set to the right.
    """
    right = set(numbers)

    def cell(kind: str, column: int, value: Cell) -> str:
        text = value if isinstance(value, Markup) else escape(_told(value))
        return f"<{kind}{' class=number' if column in right else ''}>{text}</{kind}>"

    head = "".join(cell("th", k, title) for k, title in enumerate(titles))
    body = "\n".join(
        "<tr>" + "".join(cell("td", k, value) for k, value in enumerate(row)) + "</tr>" for row in rows[:MOST_ROWS]
    )
    left = len(rows) - MOST_ROWS
    more = f'<p class="quiet">and {left:,} more</p>' if left > 0 else ""
    rows_of_all = f"<thead><tr>{head}</tr></thead>\n<tbody>{body}</tbody>"
    made = LongTable(f'<div class="scroll"><table id="{name}">{rows_of_all}</table></div>{more}')
    made.name = name
    return made if len(rows) > 12 else Markup(made)


def paragraph(text: str, *, quiet: bool = False) -> Markup:
    """A paragraph."""
    return Markup(f"<p{' class=quiet' if quiet else ''}>{escape(text)}</p>")


def heading(text: str) -> Markup:
    """A smaller heading."""
    return Markup(f"<h3>{escape(text)}</h3>")


def image(data: bytes, kind: str, words: str) -> Markup:
    """A picture inside the page.

    Args:
        data: Its file.
        kind: "png", "svg+xml" ...
        words: What it shows, for those who cannot see it.
    """
    return Markup(f'<img alt="{escape(words)}" src="data:image/{kind};base64,{base64.b64encode(data).decode()}">')


def figure(inner: str, words: str = "") -> Markup:
    """A picture with what is to be said below it."""
    caption = f"<figcaption>{escape(words)}</figcaption>" if words else ""
    return Markup(f"<figure class=wide>{inner}</figure>{caption}")


def _told(value: Cell) -> str:
    if value is None:
        return ""
    return f"{value:.4g}" if isinstance(value, float) else str(value)
