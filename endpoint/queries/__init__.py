"""Stored queries: RDF in files, forms and a plain API for people and programs."""
