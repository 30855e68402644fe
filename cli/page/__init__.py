"""A plan or a rehearsal as one page that needs no network."""
