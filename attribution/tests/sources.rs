//! What an entry's address and referrer say: source, medium, channel, and whether it continues.

use attribution::source::{Arrival, Continuation, Entry, SiteHosts, campaign_of, classify};

fn site() -> SiteHosts {
    SiteHosts::new("shop.example", ["alias.example"])
}

fn entry(query: &str, referrer: &str) -> Entry {
    let says = campaign_of(query);
    Entry {
        is_pageview: true,
        host: "shop.example".to_owned(),
        landing_page: "/".to_owned(),
        campaign: says.campaign,
        click_ids: says.click_ids,
        tags: says.tags,
        checkout_return: says.checkout_return,
        referrer: (!referrer.is_empty()).then(|| referrer.to_owned()),
        ..Entry::default()
    }
}

fn arrival(query: &str, referrer: &str) -> Arrival {
    classify(&entry(query, referrer), &site())
}

/// Source, medium and channel of an entry.
fn check(query: &str, referrer: &str, source: &str, medium: &str, channel: &str) {
    let found = arrival(query, referrer).source;
    let facts = (
        found.source.as_str(),
        found.medium.as_str(),
        found.channel.name(),
    );
    assert_eq!(facts, (source, medium, channel), "{query} from {referrer}");
}

fn check_continues(query: &str, referrer: &str, expected: Option<Continuation>) {
    assert_eq!(
        arrival(query, referrer).continues,
        expected,
        "{query} from {referrer}"
    );
}

#[test]
fn a_campaign_decides_source_medium_and_channel() {
    check(
        "utm_source=google&utm_medium=cpm",
        "",
        "Google",
        "cpm",
        "Paid Search",
    );
    check(
        "utm_source=acme&utm_medium=cpm",
        "",
        "acme",
        "cpm",
        "Display",
    );
    check(
        "utm_source=acme&utm_medium=ppc-brand",
        "",
        "acme",
        "ppc-brand",
        "Unassigned",
    );
    check(
        "utm_source=acme&utm_medium=unpaid",
        "",
        "acme",
        "unpaid",
        "Unassigned",
    );
    check(
        "utm_source=acme&utm_medium=prepaid",
        "",
        "acme",
        "prepaid",
        "Unassigned",
    );
    check(
        "utm_source=acme&utm_medium=mcp",
        "",
        "acme",
        "mcp",
        "Paid Other",
    );
    check(
        "utm_source=acme&utm_medium=gcp",
        "",
        "acme",
        "gcp",
        "Paid Other",
    );
    check(
        "utm_source=facebook&utm_medium=email",
        "",
        "Facebook",
        "email",
        "Organic Social",
    );
    check(
        "utm_source=acme&utm_medium=newsletter",
        "",
        "acme",
        "newsletter",
        "Email",
    );
    check(
        "utm_source=newsletter&utm_medium=october",
        "",
        "newsletter",
        "october",
        "Email",
    );
    check(
        "utm_source=acme&utm_medium=E-Mail",
        "",
        "acme",
        "E-Mail",
        "Email",
    );
    check(
        "utm_source=acme&utm_medium=affiliates",
        "",
        "acme",
        "affiliates",
        "Affiliates",
    );
    check(
        "utm_source=acme&utm_medium=audio",
        "",
        "acme",
        "audio",
        "Audio",
    );
    check(
        "utm_source=sms&utm_medium=october",
        "",
        "sms",
        "october",
        "SMS",
    );
    check(
        "utm_source=acme&utm_medium=promo_push",
        "",
        "acme",
        "promo_push",
        "Mobile Push",
    );
    check(
        "utm_source=firebase&utm_medium=x",
        "",
        "firebase",
        "x",
        "Mobile Push",
    );
    check(
        "utm_source=acme&utm_medium=readme",
        "",
        "acme",
        "readme",
        "Unassigned",
    );
    check(
        "utm_source=acme&utm_medium=download",
        "",
        "acme",
        "download",
        "Unassigned",
    );
    check(
        "utm_source=acme&utm_medium=lead_magnet",
        "",
        "acme",
        "lead_magnet",
        "Unassigned",
    );
    check(
        "utm_source=youtu.be&utm_medium=video",
        "",
        "YouTube",
        "video",
        "Organic Video",
    );
    check(
        "utm_source=youtube&utm_medium=cpv_cpc",
        "",
        "YouTube",
        "cpv_cpc",
        "Paid Video",
    );
    check(
        "utm_source=vimeo&utm_medium=social",
        "",
        "Vimeo",
        "social",
        "Organic Social",
    );
    check(
        "utm_source=acme&utm_medium=Social%20Media",
        "",
        "acme",
        "Social Media",
        "Organic Social",
    );
    check(
        "utm_source=acme&utm_medium=organic",
        "",
        "acme",
        "organic",
        "Organic Search",
    );
    check(
        "utm_source=acme&utm_medium=app",
        "",
        "acme",
        "app",
        "Referral",
    );
    check(
        "utm_source=acme&utm_medium=banner",
        "",
        "acme",
        "banner",
        "Display",
    );
    check(
        "utm_source=amazon&utm_medium=cpc",
        "",
        "Amazon",
        "cpc",
        "Paid Shopping",
    );
    check(
        "utm_source=amazon&utm_medium=x",
        "",
        "Amazon",
        "x",
        "Organic Shopping",
    );
    check(
        "utm_source=acme&utm_medium=ai-assistant",
        "",
        "acme",
        "ai-assistant",
        "AI Assistants",
    );
    check(
        "utm_source=chatgpt.com",
        "",
        "ChatGPT",
        "(not set)",
        "AI Assistants",
    );
    check(
        "utm_source=chatgpt.com&utm_medium=cpc",
        "",
        "ChatGPT",
        "cpc",
        "AI Assistants",
    );
    check(
        "utm_source=acme&utm_medium=x",
        "https://claude.ai/",
        "acme",
        "x",
        "AI Assistants",
    );
    check(
        "utm_source=stripe.com&utm_medium=referral",
        "",
        "stripe.com",
        "referral",
        "Referral",
    );
    check(
        "utm_source=stripe.com",
        "",
        "stripe.com",
        "(not set)",
        "Unassigned",
    );
}

#[test]
fn a_campaign_of_a_shop_goes_before_email_and_a_workshop_is_no_shop() {
    let check = |campaign: &str, medium: &str, channel: &str| {
        let query = format!("utm_source=acme&utm_medium={medium}&utm_campaign={campaign}");
        assert_eq!(
            arrival(&query, "").source.channel.name(),
            channel,
            "{query}"
        );
    };
    check("workshop", "email", "Email");
    check("barbershop", "email", "Email");
    check("eshop", "email", "Organic Shopping");
    check("coffee%20shop", "cpc", "Paid Shopping");
    check("Shopping", "email", "Organic Shopping");
    check("cross-network-x", "cpc", "Cross-network");
    check("Cross-Network", "email", "Cross-network");
    check("shop", "display", "Display");
}

#[test]
fn a_tagged_source_is_known_however_it_is_written() {
    let check = |written: &str, shown: &str| {
        let query = format!("utm_source={written}&utm_medium=x");
        assert_eq!(arrival(&query, "").source.source, shown, "{written}");
    };
    for written in [
        "fb",
        "FB",
        "facebook",
        "Facebook.com",
        "%20FaceBook%20",
        "l.facebook.com",
        "m.facebook.com",
        "https://www.facebook.com/",
        "facebook.com/groups/1",
        "android-app://com.facebook.katana",
    ] {
        check(written, "Facebook");
    }
    for written in [
        "x",
        "X",
        "twitter",
        "t.co",
        "https%3A%2F%2Fx.com%2Fa",
        "twitter.com",
    ] {
        check(written, "X");
    }
    check("https%3A%2F%2Fwww.google.com%2Fsearch", "Google");
    check("GOOGLE", "Google");
    check("adwords", "Google");
    check("Acme", "Acme");
    check("acme%20news", "acme news");
    check("acme+news", "acme news");
    check("50%25", "50%");
    check("50%", "50%");
    check("null", "(not set)");
    check("undefined", "(not set)");
    check("%20", "(not set)");
    check("https://www.partner.example/a/b", "partner.example");
    check("www.partner.example", "partner.example");
    check("dropbox.com", "dropbox.com");
}

#[test]
fn what_is_missing_beside_a_campaign_is_not_set_and_never_direct() {
    check(
        "utm_campaign=spring",
        "",
        "(not set)",
        "(not set)",
        "Unassigned",
    );
    check("utm_id=7", "", "(not set)", "(not set)", "Unassigned");
    check(
        "utm_campaign=spring&gclid=a",
        "",
        "Google",
        "(not set)",
        "Paid Search",
    );
    check(
        "utm_campaign=spring",
        "https://www.google.com/",
        "Google",
        "(not set)",
        "Organic Search",
    );
    check(
        "utm_campaign=spring",
        "https://partner.example/",
        "partner.example",
        "(not set)",
        "Unassigned",
    );
    check(
        "utm_campaign=spring",
        "https://blog.shop.example/",
        "(not set)",
        "(not set)",
        "Unassigned",
    );
    check("utm_medium=email", "", "(not set)", "email", "Email");
    check(
        "utm_source=null&utm_medium=undefined",
        "",
        "Direct",
        "(none)",
        "Direct",
    );
    check(
        "utm_source=&utm_medium=",
        "https://www.bing.com/",
        "Bing",
        "organic",
        "Organic Search",
    );
    check("utm_source=direct", "", "Direct", "(none)", "Direct");
    check(
        "utm_source=(direct)&utm_medium=(none)",
        "https://www.google.com/",
        "Direct",
        "(none)",
        "Direct",
    );
    check(
        "utm_source=direct&utm_campaign=x",
        "",
        "direct",
        "(not set)",
        "Unassigned",
    );
    check(
        "utm_source=direct&utm_medium=email",
        "",
        "direct",
        "email",
        "Email",
    );
}

#[test]
fn a_click_id_counts_beside_its_own_network_or_no_source() {
    check("gclid=abc", "", "Google", "cpc", "Paid Search");
    check(
        "gbraid=abc",
        "https://partner.example/",
        "Google",
        "cpc",
        "Paid Search",
    );
    check("wbraid=abc", "", "Google", "cpc", "Paid Search");
    check("dclid=abc", "", "Google", "cpc", "Display");
    check("irclickid=abc", "", "Impact", "cpc", "Affiliates");
    check(
        "msclkid=abc",
        "https://duckduckgo.com/",
        "Bing",
        "cpc",
        "Paid Search",
    );
    check(
        "utm_source=duckduckgo&msclkid=abc",
        "",
        "DuckDuckGo",
        "(not set)",
        "Paid Search",
    );
    check(
        "utm_source=yahoo&msclkid=abc",
        "",
        "Yahoo",
        "(not set)",
        "Paid Search",
    );
    check(
        "utm_source=google&msclkid=abc",
        "",
        "Google",
        "(not set)",
        "Organic Search",
    );
    check("ttclid=abc", "", "TikTok", "cpc", "Paid Social");
    check("twclid=abc", "https://t.co/x", "X", "cpc", "Paid Social");
    check("li_fat_id=abc", "", "LinkedIn", "cpc", "Paid Social");
    check("rdt_cid=abc", "", "Reddit", "cpc", "Paid Social");
    check("epik=abc", "", "Pinterest", "cpc", "Paid Social");
    check("ScCid=abc", "", "Snapchat", "cpc", "Paid Social");
    check("sccid=abc", "", "Snapchat", "cpc", "Paid Social");
    check("yclid=abc", "", "Yandex", "cpc", "Paid Search");
    check(
        "utm_source=newsletter&utm_medium=email&gclid=abc",
        "",
        "newsletter",
        "email",
        "Email",
    );
    check(
        "utm_source=google&utm_medium=organic&gclid=abc",
        "",
        "Google",
        "organic",
        "Paid Search",
    );
    check(
        "utm_source=adwords&gclid=abc",
        "",
        "Google",
        "(not set)",
        "Paid Search",
    );
    check("gclid=", "", "Direct", "(none)", "Direct");
}

#[test]
fn facebooks_click_id_is_unpaid_and_names_the_source_only_where_nobody_else_does() {
    check(
        "fbclid=abc",
        "https://l.facebook.com/",
        "Facebook",
        "social",
        "Organic Social",
    );
    check("fbclid=abc", "", "Facebook", "social", "Organic Social");
    check(
        "fbclid=abc",
        "https://l.instagram.com/",
        "Instagram",
        "social",
        "Organic Social",
    );
    check(
        "fbclid=abc",
        "https://partner.example/",
        "Facebook",
        "social",
        "Organic Social",
    );
    check(
        "fbclid=abc",
        "https://www.google.com/",
        "Google",
        "organic",
        "Organic Search",
    );
    check(
        "utm_campaign=x&fbclid=abc",
        "",
        "Facebook",
        "(not set)",
        "Organic Social",
    );
    check(
        "utm_campaign=x&fbclid=abc",
        "https://l.instagram.com/",
        "Instagram",
        "(not set)",
        "Organic Social",
    );
    check("gclid=abc&fbclid=abc", "", "Google", "cpc", "Paid Search");
}

#[test]
fn a_referrer_is_known_by_its_host_at_label_boundaries() {
    check(
        "",
        "https://www.google.com/",
        "Google",
        "organic",
        "Organic Search",
    );
    check(
        "",
        "https://www.google.ro/url?q=a",
        "Google",
        "organic",
        "Organic Search",
    );
    check(
        "",
        "https://www.dropbox.com/",
        "dropbox.com",
        "referral",
        "Referral",
    );
    check("", "https://xxt.co/", "xxt.co", "referral", "Referral");
    check(
        "",
        "https://bayou.com/",
        "bayou.com",
        "referral",
        "Referral",
    );
    check(
        "",
        "https://you.com/search",
        "You",
        "ai-assistant",
        "AI Assistants",
    );
    check(
        "",
        "https://mail.google.com/",
        "mail.google.com",
        "referral",
        "Referral",
    );
    check(
        "",
        "https://docs.google.com/document/1",
        "docs.google.com",
        "referral",
        "Referral",
    );
    check(
        "",
        "https://gemini.google.com/",
        "Gemini",
        "ai-assistant",
        "AI Assistants",
    );
    check(
        "",
        "https://chatgpt.com/",
        "ChatGPT",
        "ai-assistant",
        "AI Assistants",
    );
    check(
        "",
        "https://copilot.microsoft.com/",
        "Copilot",
        "ai-assistant",
        "AI Assistants",
    );
    check(
        "",
        "https://x.com/i/grok",
        "Grok",
        "ai-assistant",
        "AI Assistants",
    );
    check("", "https://t.co/abc", "X", "social", "Organic Social");
    check(
        "",
        "https://www.youtube.com/",
        "YouTube",
        "video",
        "Organic Video",
    );
    check(
        "",
        "https://github.com/a/b",
        "GitHub",
        "social",
        "Organic Social",
    );
    check(
        "",
        "https://www.threads.net/",
        "Threads",
        "social",
        "Organic Social",
    );
    check(
        "",
        "https://discord.com/channels/1",
        "Discord",
        "social",
        "Organic Social",
    );
    check(
        "",
        "https://www.amazon.de/dp/1",
        "Amazon",
        "referral",
        "Organic Shopping",
    );
    check(
        "",
        "https://www.partner.example/a",
        "partner.example",
        "referral",
        "Referral",
    );
    check(
        "",
        "android-app://com.google.android.googlequicksearchbox/",
        "Google",
        "organic",
        "Organic Search",
    );
    check(
        "",
        "android-app://com.google.android.gm/",
        "com.google.android.gm",
        "referral",
        "Referral",
    );
    check(
        "",
        "android-app://com.linkedin.android/",
        "LinkedIn",
        "social",
        "Organic Social",
    );
    check("", "null", "Direct", "(none)", "Direct");
    check("", "", "Direct", "(none)", "Direct");
}

#[test]
fn a_tag_of_a_directory_makes_a_referral_where_nothing_else_speaks() {
    check("ref=partner", "", "partner", "referral", "Referral");
    check("source=a&ref=b&via=c", "", "b", "referral", "Referral");
    check("via=c", "", "c", "referral", "Referral");
    check(
        "ref=producthunt",
        "",
        "Product Hunt",
        "referral",
        "Referral",
    );
    check("ref=google", "", "Google", "referral", "Referral");
    check(
        "ref=partner",
        "https://www.bing.com/",
        "Bing",
        "organic",
        "Organic Search",
    );
    check(
        "ref=partner&utm_source=acme&utm_medium=email",
        "",
        "acme",
        "email",
        "Email",
    );
    check("ref=shop.example", "", "Direct", "(none)", "Direct");
    check("ref=null", "", "Direct", "(none)", "Direct");
}

#[test]
fn an_entry_from_the_site_itself_or_back_from_paying_continues() {
    use Continuation::{CheckoutParameter, OwnSite, ReturnHost};
    check_continues("", "https://shop.example/a", Some(OwnSite));
    check_continues("", "https://blog.shop.example/", Some(OwnSite));
    check_continues("", "https://alias.example/", Some(OwnSite));
    check_continues("ref=partner", "https://shop.example/a", Some(OwnSite));
    check_continues("", "https://myshop.example/", None);
    for host in [
        "checkout.stripe.com/c/pay/1",
        "my-store.lemonsqueezy.com/checkout",
        "buy.paddle.com",
        "buy.polar.sh",
        "www.paypal.com",
        "pay.klarna.com",
        "hooks.stripe.com/3d_secure",
        "acs2.bank.example",
        "3dsecure.bank.example",
        "accounts.google.com",
        "appleid.apple.com",
        "login.microsoftonline.com",
        "login.live.com",
        "dev-1.eu.auth0.com",
        "github.com/login/oauth/authorize",
        "www.facebook.com/v19.0/dialog/oauth",
    ] {
        check_continues("", &format!("https://{host}"), Some(ReturnHost));
        check("", &format!("https://{host}"), "Direct", "(none)", "Direct");
    }
    check_continues(
        "session_id=cs_live_1",
        "https://unknown.example/",
        Some(CheckoutParameter),
    );
    check_continues("checkout_id=1", "", Some(CheckoutParameter));
    check_continues("", "https://stripe.com/partners", None);
    check_continues("", "https://acs.example/", None);
    check_continues("", "", None);
}

#[test]
fn an_entry_with_a_campaign_or_click_id_never_continues() {
    for query in [
        "utm_source=acme",
        "utm_campaign=x",
        "gclid=a",
        "fbclid=a",
        "utm_source=(direct)",
    ] {
        for referrer in [
            "https://shop.example/",
            "https://checkout.stripe.com/",
            "https://accounts.google.com/",
            "",
        ] {
            check_continues(query, referrer, None);
        }
    }
    check(
        "gclid=a",
        "https://shop.example/",
        "Google",
        "cpc",
        "Paid Search",
    );
    check_continues("session_id=cs_live_1&utm_source=acme", "", None);
}

#[test]
fn a_first_event_that_is_no_page_view_means_that_the_session_turned_over() {
    let turned = |query: &str, referrer: &str| {
        let entry = Entry {
            is_pageview: false,
            ..entry(query, referrer)
        };
        classify(&entry, &site())
    };
    assert_eq!(
        turned("", "https://www.google.com/").continues,
        Some(Continuation::TurnedOver)
    );
    assert_eq!(
        turned("", "https://www.google.com/").source.source,
        "Google"
    );
    assert_eq!(
        turned("utm_source=acme", "").continues,
        Some(Continuation::TurnedOver)
    );
    assert_eq!(
        turned("", "https://shop.example/").continues,
        Some(Continuation::OwnSite)
    );
}

#[test]
fn what_was_paid_for_is_marked() {
    let check = |query: &str, paid: bool, click: Option<&str>| {
        let found = arrival(query, "").source;
        assert_eq!((found.paid, found.click_id), (paid, click), "{query}");
    };
    check("utm_source=google&utm_medium=cpc", true, None);
    check(
        "utm_source=google&utm_medium=organic&gclid=a",
        true,
        Some("gclid"),
    );
    check(
        "utm_source=newsletter&utm_medium=email&gclid=a",
        false,
        None,
    );
    check("fbclid=a", false, Some("fbclid"));
    check("utm_source=acme&utm_medium=display", false, None);
    check("", false, None);
}
