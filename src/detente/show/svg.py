"""How does a chart become a picture without a browser, and one that fits into a page?

vl-convert draws Vega-Lite as SVG or PNG; it may fetch nothing. What it draws is then dressed: a role, a name and a
description for those who do not see it, ids that cannot collide with another figure's, colours that follow the
page, and no more digits than a screen can show.
"""

from __future__ import annotations

import re
from typing import Any
from xml.etree import ElementTree

from detente.show.palette import TONES, Theme

SVG = "http://www.w3.org/2000/svg"
XLINK = "{http://www.w3.org/1999/xlink}href"
VEGA_LITE = "6.4"
PAINTS = ("fill", "stroke")
DROPPED = ("role", "class", "pointer-events", "font-family", "stroke-miterlimit")
LONG = re.compile(r"-?\d+\.\d{3,}(?:e-?\d+)?")
REFERENCE = re.compile(r"url\(#([^)]+)\)")

_BY_COLOUR = {tone.light: tone for tone in TONES}


def drawn(spec: dict[str, Any]) -> str:
    """Return the chart as SVG, as the converter draws it."""
    import vl_convert

    return vl_convert.vegalite_to_svg(spec, vl_version=VEGA_LITE, allowed_base_urls=[])


def painted(spec: dict[str, Any], scale: float) -> bytes:
    """Return the chart as PNG, ``scale`` pixels of the image per pixel of the chart."""
    import vl_convert

    return vl_convert.vegalite_to_png(spec, vl_version=VEGA_LITE, scale=scale, allowed_base_urls=[])


def dressed(raw: str, *, prefix: str, title: str, description: str, theme: Theme) -> str:
    """Return a drawn chart, made ready for readers.

    Args:
        raw: SVG as drawn, in light colours.
        prefix: set before every id.
        title: accessible name.
        description: what there is to see, in words.
        theme: ``page`` for use within a page, whose colours and face it takes; else it stands alone.
    """
    ElementTree.register_namespace("", SVG)
    root = ElementTree.fromstring(raw)  # noqa: S314 - drawn by our own converter, no foreign text is parsed
    _strip_empty(root)
    for element in root.iter():
        _clean(element, prefix, theme)
    root.set("role", "img")
    root.set("aria-labelledby", f"{prefix}.title {prefix}.desc")  # no id in a case has a dot
    for position, (tag, words) in enumerate((("title", title), ("desc", description))):
        element = ElementTree.Element(f"{{{SVG}}}{tag}", {"id": f"{prefix}.{tag}"})
        element.text = words
        root.insert(position, element)
    if theme == "page":
        for name in ("width", "height"):
            root.attrib.pop(name, None)
    else:
        root.set("font-family", "system-ui, 'Segoe UI', Roboto, 'Helvetica Neue', Arial, sans-serif")
    return ElementTree.tostring(root, encoding="unicode")


def _strip_empty(root: ElementTree.Element) -> None:
    """Remove the paths that frame a chart but draw nothing, then the groups left empty."""

    def frames(child: ElementTree.Element) -> bool:
        unseen = child.get("display") == "none" or not any(child.get(paint) for paint in PAINTS)
        return child.tag.endswith("}path") and child.get("class") in ("background", "foreground") and unseen

    def is_empty(child: ElementTree.Element) -> bool:
        return child.tag.endswith("}g") and not len(child)

    for useless in (frames, is_empty):
        for parent in list(root.iter()):
            for child in filter(useless, list(parent)):
                parent.remove(child)


def _clean(element: ElementTree.Element, prefix: str, theme: Theme) -> None:
    for name, text in list(element.attrib.items()):
        if name in DROPPED or name.startswith("aria-") or text == "translate(0,0)":
            del element.attrib[name]
        elif name == "id":
            element.set(name, f"{prefix}.{text}")
        elif name == XLINK:
            element.set(name, f"#{prefix}.{text.removeprefix('#')}")
        elif name in PAINTS and text.lower() in _BY_COLOUR:
            element.set(name, _BY_COLOUR[text.lower()].css(theme))
        else:
            element.set(name, LONG.sub(_shorter, REFERENCE.sub(rf"url(#{prefix}.\1)", text)))


def _shorter(match: re.Match[str]) -> str:
    text = f"{float(match[0]):.2f}".rstrip("0").rstrip(".")
    return "0" if text == "-0" else text
