"""Finds what there is to publish: packages below the paths that a person names."""

from loader.source.search import Discovery, discover

__all__ = ["Discovery", "discover"]
