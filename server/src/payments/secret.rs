//! Webhook secrets: which texts can be one, as each provider makes them or lets the merchant choose them.

use super::Provider;

/// Characters of a webhook secret.
const CHARS: usize = 500;
/// Characters that Lemon Squeezy lets a merchant choose.
const LEMON_SQUEEZY_CHARS: std::ops::RangeInclusive<usize> = 6..=40;
/// How access tokens of Polar begin; they stand on the page beside the secret.
const POLAR_TOKENS: [&str; 2] = ["polar_oat_", "polar_pat_"];

/// What is wrong with a text as the webhook secret of a provider, in a sentence that says what a right one is;
/// none where it can be one.
pub fn fault(provider: Provider, secret: &str) -> Option<&'static str> {
    let chars = secret.chars().count();
    let starts = |prefix: &str| secret.len() > prefix.len() && secret.starts_with(prefix);
    let is_plain = chars <= CHARS && !secret.chars().any(char::is_control);
    let (is_right, sentence) = match provider {
        Provider::Stripe => (
            starts("whsec_"),
            "`webhook_secret` is the endpoint's signing secret from Stripe; it begins with whsec_.",
        ),
        Provider::LemonSqueezy => (
            LEMON_SQUEEZY_CHARS.contains(&chars),
            "`webhook_secret` is the signing secret that you gave the webhook in Lemon Squeezy, 6 to 40 characters.",
        ),
        Provider::Paddle => (
            starts("pdl_ntfset_"),
            "`webhook_secret` is the secret key of the notification destination in Paddle Billing; it begins with pdl_ntfset_.",
        ),
        Provider::Polar => (
            chars > 0 && !POLAR_TOKENS.iter().any(|token| secret.starts_with(token)),
            "`webhook_secret` is the secret of the webhook endpoint in Polar, not an access token.",
        ),
        Provider::Api => (false, "The merchant's own backend has an API key and no webhook secret."),
    };
    (!is_right || !is_plain).then_some(sentence)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_secret_has_the_shape_that_its_provider_gives_it() {
        let check = |provider, secret: &str, expected| {
            assert_eq!(fault(provider, secret).is_none(), expected, "{provider:?} {secret}");
        };
        check(Provider::Stripe, "whsec_2c7f0b6e9d1a4f53", true);
        check(Provider::Stripe, "whsec_", false);
        check(Provider::Stripe, "sk_live_2c7f0b6e9d1a4f53", false);
        check(Provider::LemonSqueezy, "sixsix", true);
        check(Provider::LemonSqueezy, "fives", false);
        check(Provider::LemonSqueezy, &"é".repeat(40), true);
        check(Provider::LemonSqueezy, &"a".repeat(41), false);
        check(Provider::Paddle, "pdl_ntfset_01gkdqa2h5tj9y4k6b3k3xg4ta_abc", true);
        check(Provider::Paddle, "pdl_live_apikey_01gkdqa2h5tj9y4k6b3k3xg4ta", false);
        check(Provider::Polar, "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw", true);
        check(Provider::Polar, "chosen by hand", true);
        check(Provider::Polar, "polar_oat_abc", false);
        check(Provider::Polar, "", false);
        check(Provider::Polar, &"a".repeat(501), false);
        check(Provider::Polar, "two\nlines", false);
        check(Provider::Api, "et_live_0", false);
    }
}
