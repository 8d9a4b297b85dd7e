"""What signatures say, also where an annotation names what nobody knows: a type that is imported for type
checkers alone, or one that is defined further down.

Up to Python 3.13 such an annotation is text, or its `def` fails. From 3.14 on annotations are evaluated when
they are asked for, and it is whoever asks that meets the error. Source: PEP 649, PEP 749.
"""

import inspect
import sys
from collections.abc import Callable, Mapping
from typing import Any

# What `Missing`, `module.Missing` and `int | "Missing"` raise.
UNKNOWN = (NameError, AttributeError, TypeError)

if sys.version_info >= (3, 14):
    from annotationlib import Format, get_annotations

    def signature_of(call: Callable[..., Any], *, follow_wrapped: bool = True) -> inspect.Signature:
        """Read a signature; what its annotations name and nobody knows is left as a ForwardRef or as text.

        Raises TypeError and ValueError as `inspect.signature` does.
        """
        try:
            return inspect.signature(call, follow_wrapped=follow_wrapped, annotation_format=Format.FORWARDREF)
        except UNKNOWN:
            return inspect.signature(call, follow_wrapped=follow_wrapped, annotation_format=Format.STRING)

    def annotations_of(call: Callable[..., Any]) -> Mapping[str, Any]:
        """Give the annotations of what can be called, or of none; what nobody knows is left as a ForwardRef
        or as text.
        """
        try:
            return get_annotations(call)
        except UNKNOWN:
            pass
        try:
            return get_annotations(call, format=Format.FORWARDREF)
        except UNKNOWN:
            return texts_of(call)

    def texts_of(call: Callable[..., Any]) -> Mapping[str, Any]:
        """Give the annotations as they were written if one of them cannot be evaluated, else as they are."""
        try:
            return get_annotations(call)
        except UNKNOWN:
            return get_annotations(call, format=Format.STRING)

else:

    def signature_of(call: Callable[..., Any], *, follow_wrapped: bool = True) -> inspect.Signature:
        """Read a signature; what its annotations name and nobody knows is left as text.

        Raises TypeError and ValueError as `inspect.signature` does.
        """
        return inspect.signature(call, follow_wrapped=follow_wrapped)

    def annotations_of(call: Callable[..., Any]) -> Mapping[str, Any]:
        """Give the annotations of what can be called, or of none; what nobody knows is left as text."""
        said: Mapping[str, Any] = getattr(call, "__annotations__", {})
        return said

    texts_of = annotations_of
