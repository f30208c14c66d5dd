"""The query language, forgiving: any string is a query, and what is not understood is words.

invoices late            both words, in any form
"late invoices"          in a row
late OR slow, late|slow  either
-paper -"by post"        without
(late OR slow) -paper    nested
invo*                    words that begin so (two letters at least)
stage:open,review        a filter of `operators.OPERATORS`, either of its values
-tag:paper               a filter turned round
"""

from forum.search.language.nodes import (
    COMPARED,
    All,
    Beginning,
    Either,
    Filter,
    Node,
    Not,
    One,
    Operand,
    Query,
    Row,
    Titled,
    group_of,
    operands_of,
    telling,
    without_stop_words,
)
from forum.search.language.parser import MOST_DEPTH, MOST_TERMS, operands_in, parse

__all__ = [
    "COMPARED",
    "MOST_DEPTH",
    "MOST_TERMS",
    "All",
    "Beginning",
    "Either",
    "Filter",
    "Node",
    "Not",
    "One",
    "Operand",
    "Query",
    "Row",
    "Titled",
    "group_of",
    "operands_in",
    "operands_of",
    "parse",
    "telling",
    "without_stop_words",
]
