//! What the JSON Schema finds, as findings with the application's codes at the right place.

mod missing;
mod unknown;
mod values;

use std::collections::HashMap;
use std::sync::LazyLock;

use jsonschema::error::ValidationErrorKind;
use jsonschema::{ValidationError, Validator};

use crate::model::{Provider, Setting};
use crate::problem::Problem;
use crate::rule::{Finding, Findings, Rule};
use crate::rules::{Subject, instance};
use crate::source::{KeyPath, Step};
use crate::syntax::tree::NodeRef;

/// Everything that the shape of a document gets wrong, causes first.
pub(super) fn report(cx: &Subject<'_>, out: &mut Findings) {
    let Some(document) = cx.document() else { return };
    let Some(root) = cx.config.root else {
        let found = missing::missing_section(cx);
        out.0.extend(found.map(|(rule, problem)| Finding {
            rule,
            severity: rule.severity,
            problem,
        }));
        return;
    };
    let json = instance::json(root);
    if VALIDATOR.is_valid(&json) {
        return;
    }
    let mut found: Vec<Finding> = Vec::new();
    for error in VALIDATOR.iter_errors(&json) {
        let spot = Spot::new(cx, document.tree.root(), &error);
        let mut findings = Findings::default();
        judge(cx, &spot, &error, &mut findings);
        found.append(&mut findings.0);
    }
    found.dedup_by(|one, other| {
        one.rule.code == other.rule.code && one.problem.place.path == other.problem.place.path
    });
    out.0.append(&mut found);
}

/// The place in the document that an error is about.
struct Spot<'c> {
    path: KeyPath,
    keys: Vec<String>,
    /// Key and value; none for the root and for items of lists.
    entry: Option<(NodeRef<'c>, NodeRef<'c>)>,
    value: Option<NodeRef<'c>>,
    provider: Option<&'c Provider<'c>>,
}

impl<'c> Spot<'c> {
    fn new(cx: &'c Subject<'_>, root: Option<NodeRef<'c>>, error: &ValidationError<'_>) -> Self {
        let pointer = error.instance_path().as_str();
        let keys: Vec<String> = pointer.split('/').skip(1).map(unescaped).collect();
        let mut spot =
            Self { path: KeyPath::default(), keys, entry: None, value: root, provider: None };
        for step in spot.keys.clone() {
            spot.descend(&step);
        }
        if let [_, list, index, ..] = spot.keys.as_slice()
            && list == "identity_providers"
        {
            let index = Step::Index(index.parse().unwrap_or(0));
            let providers = &cx.config.providers;
            let at =
                providers.binary_search_by(|provider| provider.path.0.last().cmp(&Some(&index)));
            spot.provider = at.ok().map(|at| &providers[at]);
        }
        spot
    }

    fn descend(&mut self, step: &str) {
        let Some(value) = self.value else { return };
        if let Some(mut items) = value.items() {
            let index = step.parse().unwrap_or(0);
            (self.entry, self.value) = (None, items.nth(index));
            self.path = self.path.index(index);
        } else {
            self.entry = value.entry(step);
            self.value = self.entry.map(|(_, value)| value);
            self.path = self.path.key(step);
        }
    }

    /// The setting that stands here, by its card.
    fn setting<'s>(&self, cx: &'s Subject<'c>) -> Option<&'s Setting<'c>>
    where
        'c: 's,
    {
        self.settings(cx).find(|setting| setting.is_at(&self.path))
    }

    /// The settings among which this place lies: those of its provider, or the common ones.
    fn settings<'s>(&self, cx: &'s Subject<'c>) -> impl Iterator<Item = &'s Setting<'c>>
    where
        'c: 's,
    {
        let own = self.provider.into_iter();
        let own = own.flat_map(|provider| provider.settings.iter().chain(&provider.mapping));
        let common = if self.provider.is_some() { &[] } else { cx.config.settings.as_slice() };
        common.iter().chain(own)
    }
}

fn judge(cx: &Subject<'_>, spot: &Spot<'_>, error: &ValidationError<'_>, out: &mut Findings) {
    let provider = spot.provider.and_then(Provider::label).map(str::to_owned);
    let mut report = |rule: &'static Rule, problem: Problem| {
        out.report(rule, Problem { provider: provider.clone(), ..problem });
    };
    match error.kind() {
        ValidationErrorKind::AdditionalProperties { unexpected } => {
            let pairs = spot.value.and_then(NodeRef::pairs).into_iter().flatten();
            let entries: HashMap<&str, _> =
                pairs.filter_map(|(key, value)| Some((key.key_text()?, (key, value)))).collect();
            for key in unexpected {
                let Some(entry) = entries.get(key.as_str()) else { continue };
                if let Some((rule, problem)) = unknown::unknown_key(cx, spot, key, *entry) {
                    report(rule, problem);
                }
            }
        }
        ValidationErrorKind::Required { property } => {
            let endpoint = error.schema_path().as_str();
            if let Some((rule, problem)) =
                missing::missing(cx, spot, property.as_str().unwrap_or_default(), endpoint)
            {
                report(rule, problem);
            }
        }
        _ => {
            if let Some((rule, problem)) = values::wrong_value(cx, spot, error.kind()) {
                report(rule, problem);
            }
        }
    }
}

/// One step of a JSON Pointer (RFC 6901 section 4).
fn unescaped(step: &str) -> String {
    step.replace("~1", "/").replace("~0", "~")
}

static VALIDATOR: LazyLock<Validator> = LazyLock::new(|| {
    let schema = serde_json::from_str(SCHEMA).expect("the schema is checked by a test");
    jsonschema::draft202012::new(&schema).expect("the schema is checked by a test")
});
const SCHEMA: &str = include_str!("../../../schemas/cvat-auth-config.schema.json");
