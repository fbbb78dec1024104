"""The words of a SPARQL text, without a grammar: what is a string, a name, a bracket."""

import re

# SPARQL 1.1 Query Language, 19.8: the terminals within which a word means nothing. No character is
# looked at more than twice, or 64 KiB of quotes would take seconds: a word is as long as a prefix
# would be, and what was sought in vain for the end of a string is a token too.
TOKEN = re.compile(
    r"""
      (?P<comment>\#[^\r\n]*+)
    | (?P<iri><[^\x00-\x20<>"{}|^`\\]*+>)
    | (?P<text>'{3}(?:[^'\\]|\\.|'{1,2}+(?!'))*+'{3} | "{3}(?:[^"\\]|\\.|"{1,2}+(?!"))*+"{3}
             | (?!'{3})'(?:[^'\\\r\n]|\\[^\r\n])*+' | (?!"{3})"(?:[^"\\\r\n]|\\[^\r\n])*+")
    | (?P<unclosed>'{3}.*+ | "{3}.*+ | ['"][^\r\n]*+)
    | (?P<variable>[?$]\w++)
    | (?P<language>@[A-Za-z]++(?:-[A-Za-z0-9]++)*+)
    | (?P<name>(?P<prefix>[^\W\d][\w.-]*+)?:(?:[\w.:-]|%[0-9A-Fa-f]{2}|\\[^\w\s])*+)
    | (?P<word>[^\W\d][\w.-]*+)
    | (?P<open>[\[({])
    | (?P<close>[\])}])
    """,
    re.VERBOSE | re.DOTALL,
)
