"""SHACL shapes, one Turtle file per class of thing, and the way to them."""
