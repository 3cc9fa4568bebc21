"""What CurrencyConverter says that an amount is in other currencies, day by day, exactly.

Each line is a currency, another one, and for each day the minor units in it, or a dash where it knows no rate.
"""

import sys
from datetime import date
from decimal import ROUND_HALF_UP, Decimal, getcontext

from currency_converter import CurrencyConverter, RateNotFoundError

WITHOUT_DECIMALS = {"ISK", "JPY", "KRW"}


def main(minor, first, last, currencies, targets):
    getcontext().prec = 60
    converter = CurrencyConverter(
        decimal=True, fallback_on_missing_rate=True, fallback_on_missing_rate_method="last_known"
    )
    days = [date.fromordinal(day) for day in range(first.toordinal(), last.toordinal() + 1)]
    for currency in currencies:
        amount = Decimal(minor) if currency in WITHOUT_DECIMALS else Decimal(minor) / 100
        for target in targets:
            if target == currency:
                continue
            up = 1 if target in WITHOUT_DECIMALS else 100
            answers = []
            for day in days:
                try:
                    converted = converter.convert(amount, currency, target, day)
                    # It divides first: of what is exactly a half, the sixtieth digit would be lost.
                    exact = (converted * up).quantize(Decimal("1e-30"), ROUND_HALF_UP)
                    answers.append(str(exact.quantize(Decimal(1), ROUND_HALF_UP)))
                except RateNotFoundError:
                    answers.append("-")
            print(currency, target, *answers)


if __name__ == "__main__":
    main(
        int(sys.argv[1]),
        date.fromisoformat(sys.argv[2]),
        date.fromisoformat(sys.argv[3]),
        sys.argv[4].split(","),
        sys.argv[5].split(","),
    )
