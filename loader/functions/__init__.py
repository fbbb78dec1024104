"""The functions that mappings may call on values, each with an IRI (FnO)."""
