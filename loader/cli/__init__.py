"""The command line ``tsunagu``: arguments in, pipeline, results out."""
