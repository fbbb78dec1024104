"""Releases on the move: into a file and out of it, and to another base IRI (docs/move.md)."""
