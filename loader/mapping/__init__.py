"""Mapping documents (YARRRML, RML) read into one model and compiled to lines of N-Quads."""
