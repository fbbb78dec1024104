"""Proof that a release is what its publisher made: keys, signatures, time stamps, verification."""
