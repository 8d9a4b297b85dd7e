"""What the includes on the way to a declaration say of it: from the root, which serves it, inwards."""

from miniframework.answering.options import AnswerOptions
from miniframework.declarations.declaration import (
    Chain,
    Dependencies,
    HttpDeclaration,
    MountDeclaration,
    SocketDeclaration,
)
from miniframework.declarations.documentation import Documentation
from miniframework.declaring.declared import Declared
from miniframework.http.limits import Limits
from miniframework.routing.converters import Converter
from miniframework.routing.route import Include


class Way:
    """The way from the router `root` through the includes of `chain`, the outermost first."""

    def __init__(self, root: Declared, chain: Chain) -> None:
        self._root = root
        self._chain = chain

    @property
    def prefix(self) -> str:
        """What stands in front of the path."""
        return "".join([include.prefix for include in self._chain])

    @property
    def includes(self) -> tuple[Include, ...]:
        """The includes as an entry of a table keeps them."""
        return tuple(Include(prefix=one.prefix, source=one.source) for one in self._chain)

    @property
    def converters(self) -> dict[str, Converter]:
        """The words for converters that hold here; inner routers overrule outer ones."""
        known = dict(self._root.converters)
        for include in self._chain:
            known.update(include.router.converters)
        return known

    def dependencies(self, leaf: HttpDeclaration | SocketDeclaration) -> Dependencies:
        """Give what is called for a route, its own last."""
        return (*(marker for include in self._chain for marker in include.dependencies), *leaf.dependencies)

    def answers(self, leaf: HttpDeclaration) -> AnswerOptions:
        """Give what is said about answers; the class of responses is the innermost that was named."""
        options = leaf.answers
        for include in reversed(self._chain):
            options = options.below(include.default_response_class)
        return options

    def limits(self, leaf: HttpDeclaration | MountDeclaration) -> Limits:
        """Give how much of a body is taken; the innermost word counts."""
        limits = leaf.limits
        for include in reversed(self._chain):
            limits = include.limits.around(limits)
        return limits

    def documentation(self, leaf: HttpDeclaration) -> Documentation:
        """Give what is said for the documentation."""
        documentation = leaf.documentation
        for include in reversed(self._chain):
            documentation = include.documentation.around(documentation)
        return documentation

    def reads_untyped(self, leaf: HttpDeclaration | SocketDeclaration, *, usually: bool) -> bool:
        """Tell whether a body without a content type is JSON: the innermost router that says so counts."""
        said = [one.strict_content_type for one in self._chain]
        if isinstance(leaf, HttpDeclaration):
            said.append(leaf.strict_content_type)
        strict = next((one for one in reversed(said) if one is not None), None)
        return usually if strict is None else not strict
