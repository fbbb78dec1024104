"""How requests come in and answers go out: bytes, headers, codings, connections; no SPARQL."""
