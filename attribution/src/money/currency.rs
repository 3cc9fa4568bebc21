//! The currencies of ISO 4217 with their exponents, and where Stripe counts otherwise.

/// Currencies without decimals, by ISO 4217.
const WITHOUT_DECIMALS: &str =
    "BIF CLP DJF GNF ISK JPY KMF KRW PYG RWF UGX UYI VND VUV XAF XOF XPF";
/// Currencies with two decimals, by ISO 4217; those withdrawn lately stay, because old orders are in them.
const TWO_DECIMALS: &str = "AED AFN ALL AMD ANG AOA ARS AUD AWG AZN BAM BBD BDT BGN BMD BND BOB BOV BRL BSD \
     BTN BWP BYN BZD CAD CDF CHE CHF CHW CNY COP COU CRC CUC CUP CVE CZK DKK DOP DZD EGP ERN ETB EUR FJD FKP GBP \
     GEL GHS GIP GMD GTQ GYD HKD HNL HRK HTG HUF IDR ILS INR IRR JMD KES KGS KHR KPW KYD KZT LAK LBP LKR LRD LSL \
     MAD MDL MGA MKD MMK MNT MOP MRU MUR MVR MWK MXN MXV MYR MZN NAD NGN NIO NOK NPR NZD PAB PEN PGK PHP PKR PLN \
     QAR RON RSD RUB SAR SBD SCR SDG SEK SGD SHP SLE SLL SOS SRD SSP STN SVC SYP SZL THB TJS TMT TOP TRY TTD TWD \
     TZS UAH USD USN UYU UZS VED VES WST XAD XCD XCG YER ZAR ZMW ZWG ZWL";
/// Currencies with three decimals, by ISO 4217.
const THREE_DECIMALS: &str = "BHD IQD JOD KWD LYD OMR TND";
/// Units of account with four decimals, by ISO 4217.
const FOUR_DECIMALS: &str = "CLF UYW";

/// Where Stripe's zero-decimal list differs from ISO 4217, which gives the ariary two decimals.
const STRIPE_WITHOUT_DECIMALS: &str = "MGA";
/// Where Stripe counts hundredths although ISO 4217 has none.
const STRIPE_TWO_DECIMALS: &str = "ISK UGX";

/// A currency of ISO 4217: its code and how many decimals its minor unit has.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Currency {
    code: [u8; 3],
    exponent: u8,
}

impl Currency {
    /// Reads a three-letter code in any case; `None` where ISO 4217 knows no such currency.
    pub fn parse(code: &str) -> Option<Self> {
        let mut code: [u8; 3] = code.as_bytes().try_into().ok()?;
        code.make_ascii_uppercase();
        let tables = [
            (TWO_DECIMALS, 2),
            (WITHOUT_DECIMALS, 0),
            (THREE_DECIMALS, 3),
            (FOUR_DECIMALS, 4),
        ];
        tables
            .into_iter()
            .find(|(table, _)| lists(table, code))
            .map(|(_, exponent)| Self { code, exponent })
    }

    /// The upper-case code, as in `USD`.
    pub fn code(&self) -> &str {
        std::str::from_utf8(&self.code).unwrap_or_default()
    }

    /// The number of decimals of the minor unit by ISO 4217: 2 for USD, 0 for JPY, 3 for KWD.
    pub const fn exponent(self) -> u8 {
        self.exponent
    }

    /// The number of decimals that Stripe (and Polar after it) counts this currency in. What is stored
    /// and shown has [`Currency::exponent`]; see [`super::Money::from_stripe`].
    pub fn stripe_exponent(self) -> u8 {
        if lists(STRIPE_WITHOUT_DECIMALS, self.code) {
            0
        } else if lists(STRIPE_TWO_DECIMALS, self.code) {
            2
        } else {
            self.exponent
        }
    }
}

impl std::fmt::Display for Currency {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter.write_str(self.code())
    }
}

fn lists(table: &str, code: [u8; 3]) -> bool {
    table
        .split_ascii_whitespace()
        .any(|listed| listed.as_bytes() == code)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(code: &str, expected: Option<(&str, u8, u8)>) {
        let read = Currency::parse(code);
        let facts = read.as_ref().map(|currency| {
            (
                currency.code(),
                currency.exponent(),
                currency.stripe_exponent(),
            )
        });
        assert_eq!(facts, expected, "{code}");
    }

    #[test]
    fn a_code_in_any_case_has_its_decimals_by_iso_and_by_stripe() {
        check("USD", Some(("USD", 2, 2)));
        check("usd", Some(("USD", 2, 2)));
        check("Eur", Some(("EUR", 2, 2)));
        check("JPY", Some(("JPY", 0, 0)));
        check("ISK", Some(("ISK", 0, 2)));
        check("UGX", Some(("UGX", 0, 2)));
        check("MGA", Some(("MGA", 2, 0)));
        check("KWD", Some(("KWD", 3, 3)));
        check("CLF", Some(("CLF", 4, 4)));
        check("RON", Some(("RON", 2, 2)));
    }

    #[test]
    fn what_is_no_currency_is_refused() {
        for text in ["", "US", "USDT", "XXX", "ZZZ", "US ", "123", "€€€", "D A"] {
            check(text, None);
        }
    }

    #[test]
    fn every_currency_is_listed_once() {
        let all = [
            WITHOUT_DECIMALS,
            TWO_DECIMALS,
            THREE_DECIMALS,
            FOUR_DECIMALS,
        ]
        .join(" ");
        let mut codes: Vec<&str> = all.split_ascii_whitespace().collect();
        let count = codes.len();
        codes.sort_unstable();
        codes.dedup();
        assert_eq!(codes.len(), count);
        assert!(
            codes
                .iter()
                .all(|code| code.len() == 3 && code.bytes().all(|byte| byte.is_ascii_uppercase()))
        );
    }
}
