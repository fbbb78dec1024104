"""Identifiers that a publisher has made: the ledger that keeps them, and what is done with it.

``ledger`` reads and writes the file, ``matching`` finds the things of a table in it, ``minting``
makes new identifiers, ``naming`` gives the things of a dataset their assigned IRIs.
docs/identifiers.md explains it to publishers.
"""
