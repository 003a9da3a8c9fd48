//! The directory in which distinguished names end.

use crate::apps::label_studio_environment::LsVariable;
use crate::ldap::dn::Dn;
use crate::problem::Problem;
use crate::rule::Findings;
use crate::rules::label_studio::environment::{Environment, report};
use crate::rules::label_studio::environment_cards::OTHER_SUFFIX;
use crate::rules::label_studio::ldap::values::{NameText, names};

/// A name that says which directory it belongs to.
struct Placed<'t> {
    set: LsVariable<'t>,
    text: NameText,
    /// The part of the name that is the directory.
    suffix: Dn,
}

pub(super) fn different(cx: &Environment<'_>, out: &mut Findings) {
    let placed: Vec<Placed<'_>> = cx.process.variables.iter().flat_map(of_variable).collect();
    let Some(usual) = usual(&placed) else { return };
    let mut told: Vec<&str> = Vec::new();
    for name in &placed {
        // Domains of one forest lie below each other.
        let is_related = name.suffix.is_within(usual) || usual.is_within(&name.suffix);
        if is_related || told.contains(&name.set.name) {
            continue;
        }
        told.push(name.set.name);
        let place = match name.text.span {
            Some(span) => name.set.part_place(span),
            None => name.set.place(),
        };
        let variable = &name.set.variable.name;
        let message = format!("{variable} ends in {}, the others in {usual}", name.suffix);
        let problem = Problem::new(message, place)
            .why("a name that ends in a directory of another name is found in none of its entries")
            .remedy(format!("{usual}, if it is the same directory"));
        report(&OTHER_SUFFIX.rule, &name.set, problem, out);
    }
}

fn of_variable<'t>(set: &LsVariable<'t>) -> Vec<Placed<'t>> {
    let texts = names(set).into_iter().take(MOST_NAMES);
    let placed = texts.filter_map(|text| {
        let suffix = directory(&Dn::parse(&text.text).ok()?)?;
        Some(Placed { set: *set, text, suffix })
    });
    placed.collect()
}

/// The trailing `dc` names; none where a name has none.
fn directory(name: &Dn) -> Option<Dn> {
    let rdns = name.suffix().to_vec();
    let is_domain = rdns.first().is_some_and(|rdn| rdn.is("dc"));
    is_domain.then(|| Dn { rdns, notes: Vec::new() })
}

/// The directory that most variables name, the first one where several are named as often; none
/// where one variable alone names any.
fn usual<'p>(placed: &'p [Placed<'_>]) -> Option<&'p Dn> {
    let mut counted: Vec<(&Dn, Vec<&str>)> = Vec::new();
    for name in placed {
        let is_full = counted.len() >= MOST_DIRECTORIES;
        match counted.iter_mut().find(|(suffix, _)| suffix.is_same(&name.suffix)) {
            Some((_, variables)) if variables.contains(&name.set.name) => {}
            Some((_, variables)) => variables.push(name.set.name),
            None if is_full => {}
            None => counted.push((&name.suffix, vec![name.set.name])),
        }
    }
    let most = counted.iter().map(|(_, variables)| variables.len()).max().unwrap_or_default();
    let first = placed.first().map(|name| name.set.name);
    let is_spread = placed.iter().any(|name| Some(name.set.name) != first);
    let usual = counted.into_iter().find(|(_, variables)| variables.len() == most);
    usual.filter(|_| is_spread).map(|(suffix, _)| suffix)
}

/// Names of one variable that are compared.
const MOST_NAMES: usize = 200;
/// Different directories that are counted.
const MOST_DIRECTORIES: usize = 50;
