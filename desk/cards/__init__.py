"""Cards: the life of a customer's VIP card, one act in each module (Notice 4, Art. 3, 16)."""
