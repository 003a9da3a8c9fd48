//! Which parts of a text must never be shown.

use super::Span;

/// Whether a key of this name holds something to keep: also when it is misspelt.
pub fn is_secret_key(key: &str) -> bool {
    let plain: String =
        key.chars().filter(char::is_ascii_alphanumeric).collect::<String>().to_ascii_lowercase();
    if NOT_SECRET.iter().any(|word| plain == *word) {
        return false;
    }
    SECRET_WORDS.iter().any(|word| plain.contains(word))
        || plain.ends_with("token")
        || plain.ends_with("apikey")
        || SECRET_KEYS.iter().any(|name| {
            shares_letters(&plain, name) && strsim::damerau_levenshtein(&plain, name) <= 2
        })
}

/// Whether two names are near enough in length and letters to be worth comparing: two slips change
/// four letters of the count at most.
fn shares_letters(one: &str, other: &str) -> bool {
    if one.len().abs_diff(other.len()) > 2 {
        return false;
    }
    let mut counts = [0_i32; 256];
    one.bytes().for_each(|byte| counts[usize::from(byte)] += 1);
    other.bytes().for_each(|byte| counts[usize::from(byte)] -= 1);
    counts.iter().map(|count| count.abs()).sum::<i32>() <= 4
}

/// The secrets that can be seen in a text that nobody has parsed: private keys, passwords in URLs,
/// and whatever follows a key that names a secret.
pub(super) fn in_text(text: &str) -> Vec<Span> {
    let mut spans = in_any_text(text);
    let mut deeper_than = None;
    let mut offset = 0;
    for line in text.split_inclusive(['\n', '\r']) {
        let indent = line.len() - line.trim_start().len();
        let (start, end) = (offset + indent, offset + line.trim_end().len());
        offset += line.len();
        if line.trim().is_empty() {
            continue;
        }
        if deeper_than.is_some_and(|limit| indent > limit) {
            spans.push(Span::new(start, end));
            continue;
        }
        deeper_than = None;
        if let Some(at) = value_of_secret(line) {
            deeper_than = Some(indent);
            spans.push(Span::new((offset - line.len() + at).min(end), end));
        }
    }
    spans
}

/// The secrets that show by their own shape, wherever they stand.
pub(super) fn in_any_text(text: &str) -> Vec<Span> {
    let mut spans = private_keys(text);
    spans.extend(url_passwords(text));
    spans
}

/// Where the value begins on a line whose key names a secret.
fn value_of_secret(line: &str) -> Option<usize> {
    for (at, _) in line.match_indices([':', '=']) {
        let before =
            line[..at].trim_end_matches(|c: char| c.is_whitespace() || matches!(c, '"' | '\''));
        let word = before
            .rfind(|c: char| !(c.is_alphanumeric() || matches!(c, '_' | '-' | '.')))
            .map_or(0, |i| i + before[i..].chars().next().map_or(1, char::len_utf8));
        if is_secret_key(&before[word..]) {
            return Some(at + 1);
        }
    }
    None
}

fn private_keys(text: &str) -> Vec<Span> {
    let mut spans = Vec::new();
    let mut from = 0;
    while let Some(found) = text[from..].find("PRIVATE KEY-----") {
        let start = from + found + "PRIVATE KEY-----".len();
        let end = text[start..].find("-----END").map_or(text.len(), |n| start + n);
        spans.push(Span::new(start, end));
        from = text[end..].find("KEY-----").map_or(text.len(), |n| end + n + "KEY-----".len());
    }
    spans
}

fn url_passwords(text: &str) -> impl Iterator<Item = Span> + '_ {
    text.match_indices("://").filter_map(|(at, mark)| {
        let start = at + mark.len();
        let rest = &text[start..];
        let authority = &rest[..rest
            .find(|c: char| c.is_whitespace() || matches!(c, '/' | '?' | '#' | '"' | '\''))
            .unwrap_or(rest.len())];
        let end = authority.rfind('@')?;
        let colon = authority[..end].find(':')?;
        Some(Span::new(start + colon + 1, start + end))
    })
}

const SECRET_WORDS: [&str; 6] =
    ["secret", "passwd", "password", "passphrase", "privatekey", "credential"];
const SECRET_KEYS: [&str; 3] = ["clientsecret", "privatekey", "password"];
/// Keys that only sound like it: what follows them is shown.
const NOT_SECRET: [&str; 4] = ["secretname", "secretkeyref", "secretref", "existingsecret"];

#[cfg(test)]
mod tests {
    use super::{in_text, is_secret_key};

    #[test]
    fn misspelt_secret_keys_are_secret() {
        for key in [
            "client_secret",
            "client_secert",
            "cleint_secret",
            "Client-Secret",
            "clientSecrt",
            "clinet_secrte",
            "bind_password",
            "api_token",
            "private_key",
            "privat_key",
        ] {
            assert!(is_secret_key(key), "{key}");
        }
    }

    #[test]
    fn other_keys_are_not_secret() {
        for key in [
            "client_id",
            "token_auth_method",
            "server_url",
            "x509_cert",
            "name",
            "secretKeyRef",
            "id",
        ] {
            assert!(!is_secret_key(key), "{key}");
        }
    }

    #[test]
    fn secrets_of_a_broken_text_are_found() {
        let text = "a: b\nclient_secret: 'hush\nx: {password: hush, b: c}\nprivate_key: |\n  hush\n  hush\nexport T_TOKEN=hush\nu: https://me:hush@host/\n";
        let spans = in_text(text);
        let mut shown = text.to_owned();
        for span in &spans {
            shown.replace_range(span.range(), &"*".repeat(span.end - span.start));
        }
        assert!(!shown.contains("hush"), "{shown}");
        assert!(shown.contains("a: b") && shown.contains("@host/"), "{shown}");
    }
}
