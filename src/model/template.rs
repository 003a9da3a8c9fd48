//! Values that something else fills in later: unknown, not wrong.

use crate::syntax::tree::NodeRef;

/// Tags under which deployment tools keep what only they can read.
pub const SECRET_TAGS: [&str; 8] =
    ["!vault", "!env", "!ENV", "!Ref", "!Sub", "!GetAtt", "!secret", "!sops"];

/// Whether a text holds an expression that a template engine, a shell or a secret store replaces:
/// `${X}`, `{{ x }}`, `{% x %}`, `<% x %>`, `ENC[...]`.
pub fn is_filled_in_later(text: &str) -> bool {
    PAIRS
        .iter()
        .any(|(open, close)| text.split_once(open).is_some_and(|(_, rest)| rest.contains(close)))
        || (text.starts_with("ENC[") && text.ends_with(']'))
}

/// Whether a value is one that something fills in later: by its tag or by its text.
pub fn is_unknown(value: NodeRef<'_>) -> bool {
    let tag = value.node().tag.as_ref();
    tag.is_some_and(|tag| SECRET_TAGS.contains(&tag.name.as_str()))
        || value.scalar().is_some_and(|scalar| is_filled_in_later(&scalar.text))
}

const PAIRS: [(&str, &str); 4] = [("${", "}"), ("{{", "}}"), ("{%", "%}"), ("<%", "%>")];

#[cfg(test)]
mod tests {
    use super::is_filled_in_later;

    #[test]
    fn expressions_of_the_usual_engines_are_filled_in_later() {
        for text in
            ["${SECRET}", "a-${X:-y}-b", "{{ oidc.secret }}", "<%= x %>", "ENC[AES256_GCM,data:x]"]
        {
            assert!(is_filled_in_later(text), "{text}");
        }
    }

    #[test]
    fn odd_secrets_are_not_taken_for_templates() {
        for text in ["pa$$word", "a{b}c", "${unclosed", "ENCODED", "<b>", "x%}y"] {
            assert!(!is_filled_in_later(text), "{text}");
        }
    }
}
