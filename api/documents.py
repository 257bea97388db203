"""Documents that were parsed, surveyed and validated once, kept by their text in a cache of bounded size."""

from __future__ import annotations

from collections import OrderedDict
from dataclasses import dataclass

import strawberry
from graphql import DocumentNode, GraphQLError, parse, specified_rules, validate
from graphql.validation.rules import overlapping_fields_can_be_merged
from graphql.validation.validate import ValidationAbortedError
from strawberry.schema.validation_rules.maybe_null import MaybeNullValidationRule
from strawberry.schema.validation_rules.one_of import OneOfInputValidationRule

from api.errors import syntax_error, validation_errors
from api.limits import LIMITS, Limits, exceeded
from api.survey import Survey, survey

# Built once: rules made per request would defeat every cache (and cost more than the validation itself).
RULES = (*specified_rules, MaybeNullValidationRule, OneOfInputValidationRule)

# The one rule of graphql-core that compares fields pairwise. Its own budget lets a document of 2 kB burn half a second;
# this is still far above what people write (twenty fragments that share their fields), and is read at each validation.
OVERLAP = 10_000
overlapping_fields_can_be_merged.MAX_COMPLEXITY_BUDGET = OVERLAP

_MOST_ERRORS = 10


@dataclass(frozen=True, slots=True)
class Document:
    """A document that may be executed."""

    node: DocumentNode
    survey: Survey


class Documents:
    """The documents of one schema. Only good ones are kept, so that bad ones cannot push them out.

    `tokens` bounds the memory that they take (about 300 bytes a token), whatever their number.
    """

    def __init__(
        self,
        schema: strawberry.Schema,
        *,
        production: bool,
        limits: Limits = LIMITS,
        entries: int = 512,
        tokens: int = 100_000,
    ) -> None:
        self._schema = schema._schema  # Strawberry has no public name for graphql-core's schema
        self._production = production
        self._limits = limits
        self._most_entries = entries
        self._most_tokens = tokens
        self._kept: OrderedDict[str, Document] = OrderedDict()
        self._tokens = 0

    def get(self, text: str) -> Document:
        """The document of this text. Raises DocumentError where it does not parse, exceeds a limit or does not fit.

        The survey stands before validation, because some validation rules are slower than linear.
        """
        if document := self._kept.get(text):
            self._kept.move_to_end(text)
            return document
        node = self._parse(text, no_location=True)
        document = Document(node, survey(node, self._limits))
        if errors := self._validate(node):
            if all(isinstance(error, ValidationAbortedError) for error in errors):
                raise exceeded("overlap", OVERLAP, "Spread fewer fragments that hold the same fields.")
            if not self._production:
                # Kept documents carry no positions (they are most of a document's memory); a developer wants them.
                errors = self._validate(self._parse(text, no_location=False))
            raise validation_errors(errors, production=self._production)
        self._keep(text, document)
        return document

    def _parse(self, text: str, *, no_location: bool) -> DocumentNode:
        limits = self._limits
        try:
            return parse(
                text,
                no_location=no_location,
                max_lexical_tokens=limits.tokens,
                max_comments=limits.comments,
                max_source_length=limits.source,
            )
        except GraphQLError as error:
            raise syntax_error(error) from None

    def _validate(self, node: DocumentNode) -> list[GraphQLError]:
        return validate(self._schema, node, RULES, max_errors=_MOST_ERRORS, hide_suggestions=True)

    def _keep(self, text: str, document: Document) -> None:
        self._kept[text] = document
        self._tokens += document.node.token_count
        while len(self._kept) > self._most_entries or self._tokens > self._most_tokens:
            _, dropped = self._kept.popitem(last=False)
            self._tokens -= dropped.node.token_count
