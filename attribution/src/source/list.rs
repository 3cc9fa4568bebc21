//! Reads the lists of names and hosts under `data/`.

/// The pairs of name and host of a list: a name at the margin, its hosts indented below it with dashes.
/// In the search-engine list only what stands under `urls:` is a host.
pub(super) fn pairs(text: &'static str) -> impl Iterator<Item = (&'static str, &'static str)> {
    let mut name = "";
    let mut are_hosts = true;
    text.lines().filter_map(move |line| {
        let content = line.trim();
        if content.is_empty() || content.starts_with('#') {
            return None;
        }
        if !line.starts_with([' ', '-']) {
            name = unquoted(content.trim_end_matches(':'));
            are_hosts = true;
            return None;
        }
        match content.strip_prefix("- ") {
            Some(item) if are_hosts => Some((name, unquoted(item))),
            Some(_) => None,
            None => {
                are_hosts = content == "urls:" || content == "-";
                None
            }
        }
    })
}

fn unquoted(text: &'static str) -> &'static str {
    text.trim().trim_matches(['\'', '"'])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_hosts_are_read_from_a_list() {
        let text = "# note\n\"Two Words\":\n  - a.example\n  - 'b.{}'\n\nOther:\n  -\n    urls:\n      - c.example\n    params:\n      - q\n  -\n    urls:\n      - d.example\n    backlink: 'x'\n";
        let read: Vec<_> = pairs(text).collect();
        assert_eq!(
            read,
            [
                ("Two Words", "a.example"),
                ("Two Words", "b.{}"),
                ("Other", "c.example"),
                ("Other", "d.example")
            ]
        );
    }
}
