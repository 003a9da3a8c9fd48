//! The YAML reader on any text: it never panics, and every place it names is in the text.
//!
//! `RUSTC_BOOTSTRAP=1 cargo fuzz run --fuzz-dir tests/fuzz yaml tests/fuzz/corpus/yaml fixtures/yaml/configurations`

#![no_main]

use libfuzzer_sys::fuzz_target;
use ssoctl::syntax::yaml::{Options, events, read};

fuzz_target!(|text: &str| {
    let options = Options {
        filled_in_later: &["!vault", "!ENC"],
        ..Options::default()
    };
    if let Ok(tree) = read(text, &options) {
        for node in &tree.nodes {
            assert!(text.get(node.span.range()).is_some());
        }
        for comment in &tree.comments {
            assert!(text[comment.span.range()].starts_with('#'));
        }
    }
    if let Err(error) = read(text, &options) {
        assert!(text.get(error.span.range()).is_some());
        assert!(!error.to_string().is_empty());
    }
    if let Ok(events) = events(text, &options) {
        assert!(events.len() >= 2);
    }
});
