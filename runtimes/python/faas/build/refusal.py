"""Why a script's libraries cannot be had."""


class Refusal(Exception):
    """The author of the script, or the operator, can mend it. The text says what is wrong, with what, and what is allowed."""
