"""HTML from values: plain text is escaped wherever it stands, so that nothing anybody wrote can become markup."""

from collections.abc import Iterable
from html import escape

_VOID = ("meta", "link", "br")


class Html(str):
    """Markup that is ready; every other string is text."""

    __slots__ = ()


def tag(name: str, /, *children: str, **attributes: str | int | None) -> Html:
    """One element. `class_` and `aria_label` give class and aria-label; an attribute that is `None` is left out."""
    given = "".join(
        f' {key.rstrip("_").replace("_", "-")}="{escape(str(value))}"'
        for key, value in attributes.items()
        if value is not None
    )
    return Html(f"<{name}{given}>") if name in _VOID else Html(f"<{name}{given}>{joined(children)}</{name}>")


def joined(children: Iterable[str]) -> Html:
    """Texts and elements one after the other."""
    return Html("".join(child if isinstance(child, Html) else escape(child, quote=False) for child in children))


def bullets(items: Iterable[str], class_: str | None = None) -> Html:
    """A list with one line for each item."""
    return tag("ul", *(tag("li", item) for item in items), class_=class_)


def table(head: Iterable[Html], bodies: Iterable[Html], caption: str, class_: str) -> Html:
    """A table with one header row; the caption is for those who hear the page."""
    return tag("table", tag("caption", caption, class_="heard"), tag("thead", tag("tr", *head)), *bodies, class_=class_)
