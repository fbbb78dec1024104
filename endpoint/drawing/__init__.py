"""Results as pictures that need no scripts: charts and maps whose shapes are computed here."""
