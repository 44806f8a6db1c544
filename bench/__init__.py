"""How long a run takes, side by side with the same library calls with nothing between them."""
