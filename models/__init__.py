"""What is true whoever asks: tables, domain rules as verbs on models, validators and vocabulary."""

MODULES = [
    "models.institutions",
    "models.people",
    "models.customers",
    "models.accounts",
    "models.reference",
    "models.standards",
    "models.membership",
    "models.filing",
    "models.archives",
    "models.trail",
    "models.imports",
]
