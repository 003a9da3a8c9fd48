//! Which parts of a text must never be shown.

use std::cell::RefCell;
use std::collections::HashMap;

use super::Span;

/// Whether a key of this name holds something to keep: also when it is misspelt.
pub fn is_secret_key(key: &str) -> bool {
    if key.len() > LONGEST_REMEMBERED {
        return names_secret(key);
    }
    REMEMBERED.with_borrow_mut(|known| {
        if let Some(answer) = known.get(key) {
            return *answer;
        }
        if known.len() >= MOST_REMEMBERED {
            known.clear();
        }
        let answer = names_secret(key);
        known.insert(key.to_owned(), answer);
        answer
    })
}

/// The part of a name that is one: where somebody wrote a secret into the name (`PASSWORD: text` as
/// one text), only what stands before it.
pub fn bare_name(name: &str) -> &str {
    let is_sign = |c: char| matches!(c, ':' | '=') || c.is_whitespace();
    let mut heads = name.match_indices(is_sign).take(MOST_SIGNS).map(|(at, _)| &name[..at]);
    heads.find(|head| head.len() <= LONGEST_NAME && is_secret_key(head)).unwrap_or(name)
}

thread_local! {
    /// Answers given before: files of a kind have the same few keys.
    static REMEMBERED: RefCell<HashMap<String, bool>> = RefCell::default();
}

fn names_secret(key: &str) -> bool {
    if is_lost_below_secure(key) {
        return true;
    }
    let plain: String =
        key.chars().filter(char::is_ascii_alphanumeric).collect::<String>().to_ascii_lowercase();
    if NOT_SECRET.iter().any(|word| plain == *word) {
        return false;
    }
    let parts = parts(key);
    let last = parts.last().map_or("", String::as_str);
    SECRET_WORDS.iter().any(|word| plain.contains(word))
        || parts.iter().any(|part| is_secret_part(part))
        || is_near(last, "token", 1)
        || last == "tokens"
        || parts.windows(2).any(|pair| pair[0] == "token" && pair[1] == "value")
        || (last == "key" && parts.len() > 1 && parts[0] != "public")
        || SECRET_KEYS.iter().any(|name| is_near(&plain, name, 2))
}

/// A variable of ClearML's secure settings that ends at a provider: what stands there is most likely
/// the secret whose own name was lost.
fn is_lost_below_secure(key: &str) -> bool {
    let lower = key.to_ascii_lowercase();
    let rest = lower.split_once("secure__login__sso__").map(|(_, rest)| rest);
    rest.is_some_and(|rest| rest.split("__").count() < 3)
}

fn is_secret_part(part: &str) -> bool {
    SECRET_PARTS.contains(&part)
        || SECRET_NEAR.iter().any(|word| is_near(part, word, if word.len() > 6 { 2 } else { 1 }))
}

fn is_near(one: &str, other: &str, slips: usize) -> bool {
    one == other || (shares_letters(one, other) && strsim::damerau_levenshtein(one, other) <= slips)
}

/// The words of a name, in small letters and without numbers at their ends.
fn parts(key: &str) -> Vec<String> {
    let mut parts = vec![String::new()];
    let mut was_small = false;
    for c in key.chars() {
        if !c.is_alphanumeric() || (c.is_uppercase() && was_small) {
            parts.push(String::new());
        }
        was_small = c.is_lowercase();
        if c.is_alphabetic() {
            parts.last_mut().expect("there is a part").extend(c.to_lowercase());
        }
    }
    parts.retain(|part| !part.is_empty());
    parts
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
pub fn in_text(text: &str) -> Vec<Span> {
    let mut spans = in_any_text(text);
    spans.extend(values_before_names(text));
    // The indent of a secret key whose value may go on, and whether its line had none.
    let mut open: Option<(usize, bool)> = None;
    let mut offset = 0;
    for line in text.split_inclusive(['\n', '\r']) {
        let indent = line.len() - line.trim_start().len();
        let (start, end) = (offset + indent, offset + line.trim_end().len());
        offset += line.len();
        let body = line.trim();
        if body.is_empty() {
            continue;
        }
        if let Some((limit, is_empty)) = open {
            let is_item = indent == limit && body.starts_with("- ");
            let has_own_key = body.contains(": ") || body.ends_with(':') || body.starts_with('#');
            if indent > limit || is_item || (is_empty && !has_own_key) {
                spans.push(Span::new(start, end));
                continue;
            }
        }
        open = None;
        if let Some(at) = value_of_secret(line) {
            let value = line[at..].trim();
            open = Some((indent, value.is_empty() || value.starts_with(['|', '>'])));
            spans.push(Span::new((offset - line.len() + at).min(end), end));
        }
    }
    spans
}

/// `value: ...` above the `name: client_secret` of the same entry.
fn values_before_names(text: &str) -> Vec<Span> {
    let (mut spans, mut offset) = (Vec::new(), 0);
    let mut value: Option<(Span, usize)> = None;
    for (number, line) in text.split_inclusive('\n').enumerate() {
        let start = offset;
        offset += line.len();
        let body = line.trim_start().trim_start_matches("- ").trim_start();
        let at = start + (line.len() - body.len());
        if let Some(rest) = body.strip_prefix("value:") {
            let end = at + body.trim_end().len();
            value = Some((Span::new(end - rest.trim_end().len(), end), number));
        } else if let Some(name) = body.strip_prefix("name:").or(body.strip_prefix("key:"))
            && is_secret_key(name.trim().trim_matches(['"', '\'']))
        {
            spans.extend(value.filter(|(_, line)| number - line <= 2).map(|(span, _)| span));
        }
    }
    spans
}

/// What a comment gives away: whatever stands behind a word that names a secret.
pub(super) fn in_comment(comment: &str) -> Option<Span> {
    let lower = comment.to_ascii_lowercase();
    let word =
        COMMENT_WORDS.iter().filter_map(|word| Some(lower.find(word)? + word.len())).min()?;
    (!lower.contains("ssoctl:")).then(|| Span::new(word, comment.len()))
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
    // A forgotten colon.
    let trimmed = line.trim_start().trim_start_matches("- ");
    let (first, rest) = trimmed.split_once(char::is_whitespace)?;
    let is_forgotten =
        first.contains(['_', '-']) && !rest.trim().is_empty() && is_secret_key(first);
    is_forgotten.then(|| line.len() - rest.len())
}

/// From the mark of a private key to the mark of its end; or, where only the end is there, back to
/// the line of the key that holds it.
fn private_keys(text: &str) -> Vec<Span> {
    let mut spans = Vec::new();
    let mut from = 0;
    while let Some(found) = text[from..].find(KEY_MARK) {
        let at = from + found;
        let is_end = text[..at].ends_with("END ")
            || text[..at].rfind("-----END").is_some_and(|end| at - end < 20);
        if is_end && spans.last().is_none_or(|last: &Span| last.end < at) {
            let start = text[..at].rfind(": ").map_or(0, |colon| colon + 2).max(from);
            spans.push(Span::new(start, at));
        } else if !is_end {
            let start = at + KEY_MARK.len();
            let end = text[start..].find("-----END").map_or(text.len(), |n| start + n);
            spans.push(Span::new(start, end));
        }
        from = spans.last().map_or(at, |last| last.end.max(at)).max(at + KEY_MARK.len());
    }
    spans
}

/// Passwords in URLs: from the first colon behind `://` to the last `@` before white space.
fn url_passwords(text: &str) -> impl Iterator<Item = Span> + '_ {
    text.match_indices("://").filter_map(|(at, mark)| {
        let start = at + mark.len();
        let rest = &text[start..];
        let rest = &rest[..rest.floor_char_boundary(LONGEST_URL)];
        let end = rest.find(|c: char| c.is_whitespace() || matches!(c, '"' | '\'' | ',' | '`'));
        let url = &rest[..end.unwrap_or(rest.len())];
        let end = url.rfind('@')?;
        let colon = url[..end].find(':')?;
        Some(Span::new(start + colon + 1, start + end))
    })
}

/// A text with the passwords of its URLs taken out.
///
/// A URL may stand inside another, so that both name the same password: what overlaps is one.
pub(super) fn without_url_passwords(text: String) -> String {
    let mut found: Vec<Span> = url_passwords(&text).filter(|span| !span.is_empty()).collect();
    found.sort_unstable();
    found.dedup_by(|next, kept| {
        let is_part = next.start <= kept.end;
        kept.end = if is_part { kept.end.max(next.end) } else { kept.end };
        is_part
    });
    let mut text = text;
    for span in found.into_iter().rev() {
        text.replace_range(span.range(), "[secret]");
    }
    text
}

const LONGEST_REMEMBERED: usize = 64;
const MOST_REMEMBERED: usize = 1024;
const KEY_MARK: &str = "PRIVATE KEY";
/// What is looked at behind `://`.
const LONGEST_URL: usize = 2048;
/// Words in a comment behind which a secret may stand.
const COMMENT_WORDS: [&str; 4] = ["secret", "password", "passwd", "passphrase"];
const SECRET_WORDS: [&str; 6] =
    ["secret", "passwd", "password", "passphrase", "privatekey", "credential"];
const SECRET_KEYS: [&str; 3] = ["clientsecret", "privatekey", "password"];
/// Words that name a secret by themselves.
const SECRET_PARTS: [&str; 10] =
    ["pass", "pwd", "pw", "psk", "passwort", "kennwort", "bearer", "sec", "секрет", "пароль"];
/// Words that are often misspelt.
const SECRET_NEAR: [&str; 4] = ["secret", "password", "passphrase", "passwd"];
/// Keys that only sound like it: what follows them is shown.
const NOT_SECRET: [&str; 4] = ["secretname", "secretkeyref", "secretref", "existingsecret"];

/// Signs in a name behind which a secret is looked for.
const MOST_SIGNS: usize = 8;
/// The longest name that is looked at for one.
const LONGEST_NAME: usize = 512;

#[cfg(test)]
mod tests {
    use proptest::prelude::{ProptestConfig, prop_assert, proptest};

    use super::{bare_name, in_text, is_secret_key, without_url_passwords};

    #[test]
    fn a_secret_written_into_a_name_is_no_part_of_it_and_other_names_stay() {
        for name in [
            "AUTH_LDAP_BIND_PASSWORD: hush",
            "AUTH_LDAP_BIND_PASSWORD hush",
            "AUTH_LDAP_BIND_PASSWORD=hush:hush",
            "AUTH_LDAP_BIND_PASSWORD:",
        ] {
            assert_eq!(bare_name(name), "AUTH_LDAP_BIND_PASSWORD", "{name}");
        }
        for name in ["AUTH_LDAP_BIND_PASSWORD", "urn:oid:0.9.2342.19200300.100.1.3", "a = b"] {
            assert_eq!(bare_name(name), name);
        }
    }

    #[test]
    fn a_password_of_a_url_inside_a_url_is_taken_out_once() {
        let text = "https://a.test/?next=https://me:hush@b.test/ and http://you:hush@c.test";
        let clean = without_url_passwords(text.to_owned());
        assert!(
            !clean.contains("hush") && clean.ends_with("http://you:[secret]@c.test"),
            "{clean}"
        );
        for text in ["://:://:@", "x://a:b://c:d@e", "a://b:c@d://e:f@g", "://é:://ü:ß@"] {
            assert!(without_url_passwords(text.to_owned()).contains("[secret]"), "{text}");
        }
    }

    proptest! {
        #![proptest_config(ProptestConfig { cases: 2000, failure_persistence: None, ..ProptestConfig::default() })]

        #[test]
        fn what_is_no_password_stays(text in "(://|:|@|a|é| |/){0,40}") {
            let clean = without_url_passwords(text.clone());
            let blanks = |text: &str| text.matches(' ').count();
            prop_assert!(blanks(&clean) == blanks(&text), "{clean}");
        }
    }

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
