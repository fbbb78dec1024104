"""The commands that tell of earlier releases: ``tsunagu diff``, ``releases`` and ``rollback``.

``difference`` runs the diff, ``text``, ``page`` and ``document`` write it; ``listing`` lists and
prunes releases; ``arguments`` are their arguments.
"""
