"""Check digits of codes that python-stdnum does not have."""

_WEIGHTS = (6, 5, 4, 3, 2)


def municipality_check_digit(five: str) -> str:
    """Return the check digit of a five-digit 全国地方公共団体コード.

    Weights 6 5 4 3 2, 11 minus the remainder by 11, last digit
    (総務省「全国地方公共団体コード仕様」).
    """
    total = sum(int(digit) * weight for digit, weight in zip(five, _WEIGHTS, strict=True))
    return str((11 - total % 11) % 10)


def ror_check_digits(number: int) -> str:
    """Return the two check digits of a ROR identifier by its number (ISO/IEC 7064, MOD 97-10).

    https://ror.readme.io/docs/identifier
    """
    return f"{98 - number * 100 % 97:02}"
