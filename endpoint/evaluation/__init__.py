"""How a query is evaluated: lanes of killable processes, and what they write."""
