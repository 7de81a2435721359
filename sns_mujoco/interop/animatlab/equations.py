"""AnimatLab's equations: from its files' postfix notation ("x,2,^") to the language of this package.

Operators of its evaluator: + - * / % ^, cos sin tan acos asin atan sqrt exp, rnd; whatever else is a variable or a
number.
"""

from sns_mujoco.errors import AnimatLabError
from sns_mujoco.interop.animatlab.xml import finite

LONGEST = 4000  # characters
BINARY = {"+", "-", "*", "/", "^", "%"}
UNARY = {"cos": "cos({})", "sin": "sin({})", "tan": "(sin({0}) / cos({0}))", "sqrt": "sqrt({})", "exp": "exp({})"}
INVERSE = ("acos", "asin", "atan")


def infix(text: str, variables: dict[str, str], what: str) -> str:
    """An equation in the language of `sns_mujoco.network.equations.language`.

    Args:
        text: In postfix notation, tokens with commas between them.
        variables: Names in it, and what to write for each.
        what: How messages call it.

    Raises:
        AnimatLabError: It is no postfix expression, or has a function that cannot be said.
    """
    if len(text) > LONGEST:
        raise AnimatLabError(f"{what} has {len(text)} characters; equations of up to {LONGEST} are read")
    stack: list[str] = []
    for token in filter(None, text.replace(" ", "").split(",")):
        if token in BINARY:
            right, left = _pop(stack, text, what), _pop(stack, text, what)
            stack.append(_joined(token, left, right))
        elif token in UNARY:
            stack.append(UNARY[token].format(_pop(stack, text, what)))
        elif token in INVERSE:
            raise AnimatLabError(f"{what} is {text!r}; the function {token} has no counterpart here")
        elif token == "rnd":
            raise AnimatLabError(f"{what} is {text!r}; random numbers in equations have no counterpart here")
        elif token in variables:
            stack.append(f"({variables[token]})")
        else:
            stack.append(f"({finite(token, f'{what} {text!r}: token')!r})")
        if len(stack[-1]) > 5 * LONGEST:
            raise AnimatLabError(f"{what} is too long when written out")
    if len(stack) != 1:
        raise AnimatLabError(f"{what} is {text!r}; that is no expression in AnimatLab's postfix notation")
    return stack[0]


def _pop(stack: list[str], text: str, what: str) -> str:
    if not stack:
        raise AnimatLabError(f"{what} is {text!r}; an operator there has too few operands")
    return stack.pop()


def _joined(operator: str, left: str, right: str) -> str:
    if operator == "^":
        return f"({left} ** {right})"
    if operator == "%":  # of whole numbers, with the sign of the left one
        a, b = (f"where({x} < 0, -floor(-{x}), floor({x}))" for x in (left, right))
        return f"({a} - {b} * where({a} / {b} < 0, -floor(-({a} / {b})), floor({a} / {b})))"
    return f"({left} {operator} {right})"
