"""The read gate: a Selection becomes statements in which the policy decides rows and cells."""
