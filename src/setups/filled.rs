//! A cell with its values: the sheet for people, the settings for files.

use std::collections::BTreeSet;

use serde_json::Value;

use crate::model::Protocol;
use crate::setups::data::{AppStep, Ask, IdpField, IdpStep, MetadataForm, Need, Note, Row, Source};
use crate::setups::values::{Values, found, label};
use crate::setups::{AppSetting, AppValue, Carrier, Cell, Given, attributes, imports};
use crate::sheet::{Field, Sheet, Side, Step, Wanted};

/// What to do on both sides, with everything filled in that is given.
pub fn sheet(cell: &'static Cell, given: &Given) -> Sheet {
    let values = Values::new(cell, given);
    let settings = app_settings(cell, given);
    let idp_steps = cell.idp_side.steps.iter().filter_map(|step| idp_step(&values, step));
    let app_steps = app_steps(&settings);
    let mut steps: Vec<Step> = idp_steps.chain(app_steps).collect();
    for (step, number) in steps.iter_mut().zip(1..) {
        step.number = number;
    }
    let side = cell.idp_side;
    Sheet {
        app: (&cell.app.id, &cell.app.name),
        idp: (cell.idp.id, side.name.as_deref().unwrap_or(cell.idp.name)),
        protocol: cell.protocol,
        provider: provider(&values),
        steps,
        send_back: wanted_of(&values, &cell.idp_side.asks),
        verify: lines(&values, &cell.app_side.verify, cell.idp.id),
        notes: notes(&values),
        imports: imports::all(&values, &settings),
    }
}

/// What the application is told: the settings of its file, environment or form.
///
/// Secrets are never filled in: they stay [`AppValue::Answer`].
pub fn app_settings(cell: &'static Cell, given: &Given) -> Vec<AppSetting> {
    let values = Values::new(cell, given);
    let steps = cell.app_side.steps.iter().filter(|step| step.whom.fits(cell.idp.id));
    steps
        .flat_map(|step| rows(&values, step).flat_map(|row| settings(&values, step, row)))
        .collect()
}

/// Everything that can be answered: what the identity provider's administrator sends back, then
/// what the application's own must say.
pub fn wanted(cell: &'static Cell) -> Vec<Wanted> {
    let given = Given::default();
    let values = Values::new(cell, &given);
    let mut wanted = wanted_of(&values, &cell.idp_side.asks);
    wanted.extend(wanted_of(&values, &cell.app.asks));
    wanted
}

/// Everything that an answers file may hold: what is asked for, whether metadata is known by its
/// address or as a file.
pub fn answerable(cell: &'static Cell) -> Vec<Wanted> {
    let mut all = wanted(cell);
    let document = [("metadata_xml".to_owned(), "<".to_owned())];
    let given = Given { answers: document.into(), ..Given::default() };
    let values = Values::new(cell, &given);
    for wanted in wanted_of(&values, &cell.idp_side.asks) {
        if all.iter().all(|known| known.name != wanted.name) {
            all.push(wanted);
        }
    }
    all
}

fn provider(values: &Values<'_>) -> Option<String> {
    let steps = values.cell.app_side.steps.iter();
    let names = |row: &Row| matches!(&row.value, Some(Value::String(text)) if text == "{id}");
    let has_id = steps.flat_map(|step| &step.settings).any(names);
    has_id.then(|| values.provider())
}

// --- the identity provider's side ---

fn idp_step(values: &Values<'_>, step: &IdpStep) -> Option<Step> {
    let cell = values.cell;
    if !step.whom.fits(&cell.app.id) || !is_needed(cell, step.needs) {
        return None;
    }
    let fields: Vec<Field> =
        step.fields.iter().flat_map(|field| idp_fields(values, field)).collect();
    let place = step.place.as_ref().map(|place| values.fill(place));
    let recorded = || step.fields.iter().find_map(|field| pasted(cell, field)?.place);
    let place = place.or_else(|| recorded().map(str::to_owned)).unwrap_or_default();
    Some(Step { number: 0, side: Side::Idp, place, fields })
}

fn idp_fields(values: &Values<'_>, field: &IdpField) -> Vec<Field> {
    let cell = values.cell;
    if !field.whom.fits(&cell.app.id) || !is_needed(cell, field.needs) {
        return Vec::new();
    }
    if field.each_attribute {
        return attribute_fields(values, field);
    }
    let value = match field.choice {
        Some(wish) => match choice(cell, wish.word()) {
            Some(choice) => Some(choice.to_owned()),
            None => return Vec::new(),
        },
        None if field.import => imports::pasted(values),
        None => field.value.as_ref().map(|value| values.fill(value)),
    };
    let label = field.label.as_ref().map(|label| values.fill(label));
    let label = label.or_else(|| pasted(cell, field).map(|field| field.label.to_owned()));
    vec![Field {
        label: label.expect("a test reads every label"),
        value,
        note: field.note.as_ref().map(|note| values.fill(note)),
        departs: field.departs.get(&cell.app.id).cloned(),
    }]
}

fn attribute_fields(values: &Values<'_>, field: &IdpField) -> Vec<Field> {
    let cell = values.cell;
    let wanted = attributes::mapped(cell).into_iter();
    let wanted = wanted.filter(|one| !one.by_default && one.field != "groups");
    let fill = |template: &Option<String>, own: &[(&str, &str)]| {
        template.as_ref().map(|template| values.fill_with(template, own))
    };
    let one = |mapped: attributes::Mapped| {
        let source = mapped.source.unwrap_or(UNKNOWN_SOURCE);
        let own = [("name", mapped.name), ("source", source), ("field", mapped.field)];
        let note = match mapped.source {
            Some(_) => fill(&field.note, &own),
            None => Some(NO_SOURCE.to_owned()),
        };
        let optional = mapped.optional.then(|| "optional".to_owned());
        let note: Vec<String> = optional.into_iter().chain(note).collect();
        Field {
            label: fill(&field.label, &own).expect("a test reads every label"),
            value: fill(&field.value, &own),
            note: (!note.is_empty()).then(|| note.join("; ")),
            departs: field.departs.get(&cell.app.id).cloned(),
        }
    };
    wanted.map(one).collect()
}

/// What the console calls the thing that an application wishes.
pub(in crate::setups) fn choice(cell: &'static Cell, word: &str) -> Option<&'static str> {
    let side = cell.app_side;
    let wish = if word == "sign" { &side.sign } else { &side.name_id };
    cell.idp_side.choices.get(&format!("{word}-{wish}")).map(String::as_str)
}

fn is_needed(cell: &Cell, need: Option<Need>) -> bool {
    match need {
        None => true,
        Some(Need::Attributes) => {
            attributes::mapped(cell).iter().any(|one| !one.by_default && one.field != "groups")
        }
        Some(Need::Groups) => attributes::groups(cell).is_some(),
        Some(Need::RenamedGroups) => {
            let own = cell.idp.facts().groups.attribute.value.as_ref();
            attributes::groups(cell)
                .is_some_and(|groups| !own.is_some_and(|own| own.contains(&groups.name)))
        }
    }
}

fn pasted(cell: &Cell, field: &IdpField) -> Option<&'static crate::idps::facts::Field> {
    let what = field.what.as_deref()?;
    let paste = &cell.idp.facts().labels.paste;
    paste.iter().find(|field| field.what == what && field.protocol == cell.protocol.id())
}

// --- the application's side ---

/// Settings in steps again: one for each place, in order.
fn app_steps(settings: &[AppSetting]) -> Vec<Step> {
    let together = settings.chunk_by(|one, next| one.place == next.place);
    let step = |settings: &[AppSetting]| Step {
        number: 0,
        side: Side::App,
        place: settings[0].place.clone(),
        fields: settings.iter().map(app_field).collect(),
    };
    together.map(step).collect()
}

fn app_field(setting: &AppSetting) -> Field {
    Field {
        label: setting.key.clone(),
        value: shown(setting),
        note: setting.comment.clone(),
        departs: setting.departs.clone(),
    }
}

/// A value as it is typed.
fn shown(setting: &AppSetting) -> Option<String> {
    let quoted = |text: &str| match setting.carrier {
        Carrier::HoconEnvironment => Value::from(text).to_string(),
        _ => text.to_owned(),
    };
    match &setting.value {
        AppValue::Answer { shown, .. } => Some(quoted(shown)),
        AppValue::Boolean(value) => Some(value.to_string()),
        AppValue::List(texts) => Some(Value::from(texts.clone()).to_string()),
        AppValue::Open => None,
        AppValue::Table(rows) => Some(Value::from(rows.clone()).to_string()),
        AppValue::Text(text) => Some(quoted(text)),
    }
}

/// The rows of a step that hold for the cell.
fn rows(values: &Values<'_>, step: &'static AppStep) -> impl Iterator<Item = &'static Row> {
    let form = metadata_form(values);
    let idp = values.cell.idp.id;
    let fits =
        move |row: &&Row| row.whom.fits(idp) && row.metadata.is_none_or(|wanted| wanted == form);
    step.settings.iter().filter(fits)
}

fn metadata_form(values: &Values<'_>) -> MetadataForm {
    let has = |name| values.answer(name).is_some();
    let has_parts = has("metadata_xml") || has("sso_url") || has("x509_cert");
    if values.cell.console.metadata_is_a_file || (has_parts && !has("metadata_url")) {
        MetadataForm::File
    } else {
        MetadataForm::Url
    }
}

fn settings(values: &Values<'_>, step: &AppStep, row: &Row) -> Vec<AppSetting> {
    if !row.each_attribute {
        return vec![setting(values, step, row, &[])];
    }
    let wanted = attributes::mapped(values.cell);
    let one = |mapped: &attributes::Mapped| {
        let own = [("name", mapped.name), ("field", mapped.field)];
        let setting = setting(values, step, row, &own);
        AppSetting { optional: setting.optional || mapped.optional, ..setting }
    };
    wanted.iter().map(one).collect()
}

fn setting(values: &Values<'_>, step: &AppStep, row: &Row, own: &[(&str, &str)]) -> AppSetting {
    let idp = values.cell.idp.id;
    let field = own.iter().find(|(name, _)| *name == "field").map(|(_, field)| *field);
    let departs = match field {
        Some(field) => row.departs.get(&format!("{idp}.{field}")),
        None => row.departs.get(idp).or_else(|| row.departs.get("*")),
    };
    let value = row.value.as_ref().map_or(AppValue::Open, |value| filled(values, value, own));
    let end = row.expires.as_ref().and_then(|name| values.answer(name));
    AppSetting {
        key: values.fill_with(&row.key, own),
        secret: matches!(&value, AppValue::Answer { name, .. }
            if values.ask(name).is_some_and(|ask| ask.secret)),
        value,
        comment: row.note.as_ref().map(|note| values.fill_with(note, own)),
        departs: departs.cloned(),
        optional: row.optional,
        expires: end.and_then(|end| end.parse().ok()),
        carrier: step.carrier,
        place: values.fill(&step.place),
    }
}

fn filled(values: &Values<'_>, value: &Value, own: &[(&str, &str)]) -> AppValue {
    match value {
        Value::Array(items) if items.iter().all(Value::is_string) => {
            let texts = items.iter().filter_map(Value::as_str);
            AppValue::List(texts.map(|text| values.fill_with(text, own)).collect())
        }
        Value::Array(rows) => {
            AppValue::Table(rows.iter().map(|row| filled_json(values, row)).collect())
        }
        Value::Bool(value) => AppValue::Boolean(*value),
        Value::String(template) => {
            let name = template.strip_prefix('{').and_then(|rest| rest.strip_suffix('}'));
            let open = name.and_then(|name| values.open(name));
            open.filter(|ask| ask.secret || ask.shape.is_none()).map_or_else(
                || AppValue::Text(values.fill_with(template, own)),
                |ask| AppValue::Answer { name: ask.name.clone(), shown: values.placeholder(ask) },
            )
        }
        other => AppValue::Text(other.to_string()),
    }
}

/// A row of a table with its texts filled in. The rows are our own data: pairs, or flat objects.
fn filled_json(values: &Values<'_>, row: &Value) -> Value {
    match row {
        Value::Array(items) => items.iter().map(|item| filled_json(values, item)).collect(),
        Value::Object(entries) => {
            entries.iter().map(|(key, value)| (key.clone(), filled_json(values, value))).collect()
        }
        Value::String(text) => Value::from(values.fill(text)),
        other => other.clone(),
    }
}

// --- both sides ---

/// Those of the asks that some setting of the application needs.
fn wanted_of(values: &Values<'_>, asks: &'static [Ask]) -> Vec<Wanted> {
    let needed = needed(values);
    let is_needed = |ask: &&Ask| {
        needed.contains(&ask.name) || ask.with.as_ref().is_some_and(|with| needed.contains(with))
    };
    asks.iter().filter(is_needed).map(|ask| wanted_one(values.cell, ask)).collect()
}

fn needed(values: &Values<'_>) -> BTreeSet<String> {
    let cell = values.cell;
    let mut names = BTreeSet::new();
    let steps = cell.app_side.steps.iter().filter(|step| step.whom.fits(cell.idp.id));
    for value in steps.flat_map(|step| rows(values, step)).filter_map(|row| row.value.as_ref()) {
        need(values, value, &mut names);
    }
    names
}

fn need(values: &Values<'_>, value: &Value, names: &mut BTreeSet<String>) {
    match value {
        Value::Array(items) => items.iter().for_each(|item| need(values, item, names)),
        Value::Object(entries) => entries.values().for_each(|item| need(values, item, names)),
        Value::String(template) => values.needed(template, names),
        _ => {}
    }
}

fn wanted_one(cell: &'static Cell, ask: &'static Ask) -> Wanted {
    let place = || found(cell, ask)?.place.map(str::to_owned);
    Wanted {
        name: ask.name.clone(),
        label: label(cell, ask),
        secret: ask.secret,
        kind: ask.kind,
        note: ask.note.clone().or_else(place),
        optional: ask.optional,
    }
}

fn notes(values: &Values<'_>) -> Vec<String> {
    let cell = values.cell;
    let mut notes = lines(values, &cell.app_side.notes, cell.idp.id);
    notes.extend(lines(values, &cell.idp_side.notes, &cell.app.id));
    notes.extend(group_limit(cell));
    notes.extend(match cell.source() {
        Source::Extrapolation => Some(EXTRAPOLATED.to_owned()),
        Source::Named => Some(NAMED.to_owned()),
        _ => None,
    });
    notes
}

/// IDP014: how many groups arrive, where the application reads groups.
fn group_limit(cell: &'static Cell) -> Option<String> {
    attributes::groups(cell).filter(|_| cell.protocol == Protocol::Saml)?;
    let groups = &cell.idp.facts().groups;
    let cure = groups.cure.value.map(|cure| format!(": {cure}")).unwrap_or_default();
    let (limit, name) = (groups.limit_saml.value?, cell.idp.name);
    Some(format!("{name} sends at most {limit} groups of a person over SAML{cure}"))
}

fn lines(values: &Values<'_>, notes: &[Note], other: &str) -> Vec<String> {
    let fit = notes.iter().filter(|note| note.whom.fits(other));
    fit.map(|note| values.fill(&note.text)).collect()
}

/// Said of a cell that no guide describes.
const EXTRAPOLATED: &str = "no guide describes this combination: it follows from what is known of \
     both sides, so test it with one person before you rely on it";
/// Said of a cell that a guide only mentions.
const NAMED: &str = "the application's guide names this identity provider and does not describe it: \
     the steps follow from what is known of both sides, so test them with one person first";
/// Stands in labels where the console has no such value.
const UNKNOWN_SOURCE: &str = "(a value of your choice)";
/// Said of a field for which the console has no value.
const NO_SOURCE: &str = "nothing in the console holds this by itself: choose a value that never \
     changes for a person, such as an employee number kept in an attribute of your own";
