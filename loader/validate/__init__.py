"""Validates against SHACL shapes: lines as the mapping makes them, and RDF files.

``reach`` tells how far shapes look, ``index`` which things depend on which, ``screen`` which things
look alike to every shape (by the ``kinds`` of values that are asked for, ``values``, and the
``rows`` of tables), ``echoes`` says again what was said of one of them, ``collect`` counts results,
``findings`` puts them into words, ``report`` into RDF.
"""

from loader.validate.engine import CompiledShapes
from loader.validate.rdf_files import validate_files
from loader.validate.validator import Feed, Validator, Whole

__all__ = ["CompiledShapes", "Feed", "Validator", "Whole", "validate_files"]
