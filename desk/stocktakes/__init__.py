"""Stocktakes (盘点): opened by who does not keep the cards, counted by two, and closed when nothing is left open (Annex 1)."""
