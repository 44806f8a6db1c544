"""How long a run takes and what memory it needs, against floors and peers, from one office to a simulated nation."""
