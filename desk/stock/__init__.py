"""Stock of cards (Notice 4, Annex 1): what moves it, who signs for that, and what it comes to."""
