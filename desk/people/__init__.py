"""People: what they may do and how that changes, who stands in for whom, and how they sign in."""
