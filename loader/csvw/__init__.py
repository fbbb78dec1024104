"""W3C CSV on the Web: descriptions of tables (``*-metadata.json``), and RDF made by them.

``convert`` does what https://www.w3.org/TR/csv2rdf/ says, in standard and in minimal mode. For a
table that is published, ``translate`` makes a mapping of a description, so that the fast engine
writes the lines. docs/csvw.md says what is understood.
"""
