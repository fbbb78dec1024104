"""Tells a page for people, such as an error page, from data."""

import re

_HTML = re.compile(
    rb"\A(?:\xef\xbb\xbf)?(?:\s|<\?xml[^>]*>|<!--(?:[^-]|-(?!->))*-->)*<(?:!doctype\s+html|html[\s>])",
    re.IGNORECASE,
)

LOOKED_AT = 2_048
"""Bytes in which a page must say that it is one."""


def is_html(head: bytes) -> bool:
    """Whether content begins as an HTML page does (https://mimesniff.spec.whatwg.org/, 7.1)."""
    return _HTML.match(head[:LOOKED_AT]) is not None
