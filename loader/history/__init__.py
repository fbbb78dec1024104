"""The history of what was published: what differs between releases, and what is gone.

``comparison`` goes through two sorted dumps, ``changes`` tells it by things, ``links`` finds what
points at things that are gone, ``patch`` writes RDF Patch, ``graves`` keeps a tombstone of
whatever disappears, ``replacement`` knows what took its place, ``retention`` prunes releases.
docs/releases.md explains it.
"""
