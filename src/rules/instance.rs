//! The document as the JSON Schema sees it: what the application would find, values resolved.

use serde_json::{Map, Value as Json};

use crate::syntax::tree::{Kind, NodeRef, Scalar, Value};

/// A node as JSON. Keys without a value are left out, because the application takes them for
/// absent; the protocol is written as it is meant. Recursion is bounded by the reader's depth.
pub(super) fn json(node: NodeRef<'_>) -> Json {
    match &node.node().value {
        Value::List(_) => Json::Array(node.items().into_iter().flatten().map(json).collect()),
        Value::Map(_) => Json::Object(map(node)),
        Value::Scalar(scalar) => self::scalar(scalar),
    }
}

fn map(node: NodeRef<'_>) -> Map<String, Json> {
    let mut object = Map::new();
    for (key, value) in node.pairs().into_iter().flatten() {
        let name = key.scalar().map_or_else(String::new, |scalar| scalar.text.clone());
        let is_blank = |scalar: &Scalar| scalar.kind == Kind::Text && scalar.text.trim().is_empty();
        if value.is_null() || value.scalar().is_some_and(is_blank) {
            continue;
        }
        let mut value = json(value);
        if name == "protocol"
            && let Json::String(word) = &mut value
            && ["OIDC", "SAML"].iter().any(|name| word.trim().eq_ignore_ascii_case(name))
        {
            *word = word.trim().to_ascii_uppercase();
        }
        object.insert(name, value);
    }
    object
}

fn scalar(scalar: &Scalar) -> Json {
    match &scalar.kind {
        Kind::Bool(value) => Json::Bool(*value),
        Kind::Int(digits) => {
            digits.parse::<i64>().map_or_else(|_| Json::from(i64::MAX), Json::from)
        }
        Kind::Null => Json::Null,
        // A float is no whole number, even where JSON Schema would take 1.0 for one.
        Kind::Binary | Kind::Duration(_) | Kind::Float(_) | Kind::Text | Kind::Timestamp(_) => {
            Json::String(scalar.text.clone())
        }
    }
}
