"""What every page must keep, checked each time a test fetches one."""

import re
import xml.etree.ElementTree as ET
from collections import Counter
from collections.abc import Iterator
from itertools import pairwise

import html5lib
from html5lib.html5parser import ParseError

Element = ET.Element
_BUTTONS = {"hidden", "submit", "button", "image", "reset"}
_FIELDS = {"input", "select", "textarea"}
# What code says when it forgot to say something to people; "False" is also the name of an outcome.
_SLIPS = re.compile(r"^(None|null|undefined|True)$|\b[Pp]erpetrators?\b|\{\{|<[A-Z]\w+ object|Markup\(")


class PageFault(AssertionError):
    """A page breaks a rule; the message lists all it breaks."""


def parse(html: str) -> Element:
    """The page as a tree. Raises PageFault when it is not strict HTML."""
    try:
        tree: Element = html5lib.HTMLParser(strict=True, namespaceHTMLElements=False).parse(html)
    except ParseError as problem:
        raise PageFault(f"Not strict HTML: {problem}") from None
    return tree


def words(element: Element | None) -> str:
    """All text in an element, with single spaces."""
    return "" if element is None else " ".join("".join(element.itertext()).split())


def has_class(element: Element, name: str) -> bool:
    """Whether the element carries that class."""
    return name in element.get("class", "").split()


def check_page(html: str, path: str) -> Element:
    """Raise PageFault unless the page holds to every rule; returns its tree."""
    tree = parse(html)
    found = [fault for rule in _RULES for fault in rule(tree)]
    if found:
        raise PageFault(f"{path}:\n" + "\n".join(f"  {one}" for one in found))
    return tree


def _language(tree: Element) -> Iterator[str]:
    if tree.get("lang") != "en-GB":
        yield "The language is not en-GB."


def _headings(tree: Element) -> Iterator[str]:
    ones = [words(one) for one in tree.iter("h1")]
    title = words(tree.find(".//title"))
    if len(ones) != 1:
        yield f"There are {len(ones)} h1: {ones}"
    elif not title.removeprefix("Error: ").startswith(f"{ones[0]} - "):
        yield f"The title {title!r} does not begin with the h1 {ones[0]!r}."
    levels = [
        int(one.tag[1]) for one in tree.iter() if isinstance(one.tag, str) and re.fullmatch("h[1-6]", one.tag)
    ]
    yield from (
        f"An h{after} follows an h{before}." for before, after in pairwise(levels) if after > before + 1
    )


def _ids(tree: Element) -> Iterator[str]:
    ids = [one.get("id", "") for one in tree.iter() if one.get("id") is not None]
    yield from (
        f"The id {name!r} is there {times} times." for name, times in Counter(ids).items() if times > 1
    )
    known = set(ids)
    for one in tree.iter():
        for attribute in (
            "aria-describedby",
            "aria-labelledby",
            "aria-controls",
            "data-aria-controls",
            "for",
        ):
            lost = set(one.get(attribute, "").split()) - known
            yield from (
                f"{attribute} of a {one.tag} names {name!r}, which is not there." for name in sorted(lost)
            )


def _labels(tree: Element) -> Iterator[str]:
    labelled = {one.get("for") for one in tree.iter("label") if words(one)}
    for one in tree.iter():
        if one.tag not in _FIELDS or one.get("type") in _BUTTONS:
            continue
        if one.get("id") not in labelled and not one.get("aria-label") and not one.get("aria-labelledby"):
            yield f"The {one.tag} {one.get('name')!r} has no label."
    for one in [*tree.iter("a"), *tree.iter("button")]:
        if not words(one) and not one.get("aria-label"):
            yield f"A {one.tag} has no words ({one.get('href') or one.get('name')})."


def _errors(tree: Element) -> Iterator[str]:
    known = {one.get("id") for one in tree.iter()}
    summaries = [one for one in tree.iter("div") if has_class(one, "govuk-error-summary")]
    said = words(tree.find(".//title")).startswith("Error: ")
    if said != bool(summaries):
        yield "An error summary and a title with 'Error: ' go together."
    for link in (link for summary in summaries for link in summary.iter("a")):
        if link.get("href", "")[1:] not in known:
            yield f"The error summary leads to {link.get('href')!r}, which is not there."
    described = {name for one in tree.iter() for name in one.get("aria-describedby", "").split()}
    for one in tree.iter("p"):
        if has_class(one, "govuk-error-message") and one.get("id") not in described:
            yield f"No field is described by the error message {one.get('id')!r}."


def _policy(tree: Element) -> Iterator[str]:
    yield from ("There is a style element." for _ in tree.iter("style"))
    for one in tree.iter():
        yield from (
            f"A {one.tag} has {name}=."
            for name in one.attrib
            if name == "style" or str(name).startswith("on")
        )
        if one.get("href", "").startswith("javascript:"):
            yield "A link runs a script."
    for script in tree.iter("script"):
        if not script.get("src") and not script.get("nonce"):
            yield "An inline script has no nonce."


def _forms(tree: Element) -> Iterator[str]:
    for form in tree.iter("form"):
        names = {one.get("name") for one in form.iter("input")}
        if form.get("method", "get").lower() == "post" and "csrf_token" not in names:
            yield f"The form to {form.get('action') or 'this page'} has no csrf()."
        uploads = any(one.get("type") == "file" for one in form.iter("input"))
        if uploads and form.get("enctype") != "multipart/form-data":
            yield "A form with a file needs enctype multipart/form-data."


def _parts(tree: Element) -> Iterator[str]:
    names = [one for one in tree.iter("a") if has_class(one, "govuk-generic-header__homepage-link")]
    if len(names) != 1 or not words(names[0]):
        yield "The header says nothing."
    yield from ("A table has no caption." for one in tree.iter("table") if not words(one.find("caption")))
    yield from ("A th has no scope." for one in tree.iter("th") if not one.get("scope"))
    yield from ("An image has no alt." for one in tree.iter("img") if one.get("alt") is None)


def _slips(tree: Element) -> Iterator[str]:
    main = tree.find(".//main")
    for text in main.itertext() if main is not None else ():
        if _SLIPS.search(text.strip()):
            yield f"It says {text.strip()!r}."


_RULES = (_language, _headings, _ids, _labels, _errors, _policy, _forms, _parts, _slips)
