"""The Flask application that serves a release: SPARQL, resources, catalogue, pages."""
