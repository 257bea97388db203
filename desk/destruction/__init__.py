"""Destruction (销毁): a list that accounting and audit approve, cut before two witnesses, and kept for ever (Annex 1)."""
