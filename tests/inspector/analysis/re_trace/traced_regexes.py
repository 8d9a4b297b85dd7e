"""Regexes of every construct that is traced, for the laws, and texts to lead through them."""

from itertools import cycle, islice, product

from hypothesis import strategies as st

ATOMS = (
    *("a", "b", "/", "1", "ab", "", ".", r"\d", r"\w", r"\W", r"\s", "[^/]", "[a-c]", "é", "-"),
    *(r"\b", r"\B", "^", "$", r"\Z", "(?i:k)", "(?i:[a-k])", "(?s:.)", r"(?a:\w)", "(?m:^)", "(?m:$)"),
)
QUANTIFIERS = ("*", "+", "?", "{2}", "{1,3}", "*?", "+?", "??", "{0,2}?", "{2,}?")
BEHIND = ("a", "ab", "[a-c]", "(a)", "a|b", r"\d.", "")


def _combine(inner: st.SearchStrategy[str]) -> st.SearchStrategy[str]:
    pair = st.tuples(inner, inner)
    return st.one_of(
        pair.map("".join),
        pair.map("(?:{0[0]}|{0[1]})".format),
        pair.map("({0[0]}|{0[1]})".format),
        st.tuples(inner, st.sampled_from(QUANTIFIERS)).map("(?:{0[0]}){0[1]}".format),
        st.tuples(inner, st.sampled_from(QUANTIFIERS)).map("({0[0]}){0[1]}".format),
        inner.map("({0})".format),
    )


def _combine_more(inner: st.SearchStrategy[str]) -> st.SearchStrategy[str]:
    pair = st.tuples(inner, inner)
    return st.one_of(
        _combine(inner),
        pair.map("(?={0[0]}){0[1]}".format),
        pair.map("(?!{0[0]}){0[1]}".format),
        inner.map("(?>{0})".format),
        st.tuples(inner, st.sampled_from(("*+", "++", "?+", "{1,2}+"))).map("(?:{0[0]}){0[1]}".format),
        st.tuples(st.sampled_from(("=", "!")), st.sampled_from(BEHIND), inner).map(
            "(?<{0[0]}{0[1]}){0[2]}".format
        ),
        st.tuples(pair, st.sampled_from((r"\1", r"(?i:\1)", "(?(1)a|b)", "(?(1)b)"))).map(
            "({0[0][0]}){0[0][1]}{0[1]}".format
        ),
    )


REGULAR = st.recursive(st.sampled_from(ATOMS), _combine, max_leaves=8)
ANY = st.recursive(st.sampled_from(ATOMS), _combine_more, max_leaves=8)

# Every short text of a few letters, and longer ones that step through the alphabet at different paces.
_LETTERS = "ab/1é\n-kK\u212a "
TEXTS = (
    "",
    *map("".join, product("ab1/", repeat=2)),
    *(
        "".join(islice(cycle(_LETTERS), start, start + length * pace, pace))
        for start in range(5)
        for length in (1, 3, 6)
        for pace in (1, 3)
    ),
    "aaaa",
    "abab",
    "aab/ab",
    "a1a1",
)
