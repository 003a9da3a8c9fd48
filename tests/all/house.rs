//! The house keeps itself: layers, data, no file too large.

use std::fs;
use std::path::{Path, PathBuf};

/// Modules from the ground up: each may use only what stands before it.
const LAYERS: [&str; 33] = [
    "source",
    "rule",
    "problem",
    "world",
    "syntax",
    "pki",
    "crypto",
    "xml",
    "fetch",
    "verdict",
    "sent",
    "saml",
    "oidc",
    "ldap",
    "idps",
    "model",
    "libraries",
    "exports",
    "carriers",
    "deployment",
    "apps",
    "account",
    "sheet",
    "setups",
    "rules",
    "settings",
    "report",
    "render",
    "fix",
    "commands",
    "cli",
    "lib",
    "main",
];
/// Two that speak of each other: a problem has a severity, a finding a problem.
const MUTUAL: [(&str, &str); 1] = [("rule", "problem")];

#[test]
fn a_module_uses_only_what_stands_below_it() {
    let mut wrong = Vec::new();
    for file in rust_files(&root().join("src")) {
        let own = layer_of(&file);
        let text = fs::read_to_string(&file).expect("a file");
        let code = text.lines().filter(|line| !line.trim_start().starts_with("//"));
        for used in code.flat_map(used_modules) {
            let Some(used) = LAYERS.iter().position(|layer| *layer == used) else { continue };
            if used > own && !MUTUAL.contains(&(LAYERS[own], LAYERS[used])) {
                wrong.push(format!("{} uses {}", file.display(), LAYERS[used]));
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn every_module_of_the_crate_has_its_layer() {
    for entry in fs::read_dir(root().join("src")).expect("a folder") {
        let path = entry.expect("an entry").path();
        let name = path.file_stem().and_then(|name| name.to_str()).expect("UTF-8");
        assert!(LAYERS.contains(&name), "{name} stands in no layer");
    }
}

#[test]
fn no_file_is_too_large_to_see_across() {
    for file in rust_files(&root().join("src")) {
        let text = fs::read_to_string(&file).expect("a file");
        let lines = text.lines().take_while(|line| *line != "#[cfg(test)]").count();
        assert!(lines <= 500, "{} has {lines} lines", file.display());
    }
}

#[test]
fn only_the_edges_touch_the_world() {
    let banned = [
        "std::env",
        "time::Instant",
        "SystemTime",
        "Timestamp::now",
        "process::exit",
        "println!",
        "TcpStream",
    ];
    for file in rust_files(&root().join("src")) {
        if ["fetch", "world", "main"].contains(&LAYERS[layer_of(&file)]) {
            continue;
        }
        let text = fs::read_to_string(&file).expect("a file");
        for word in banned {
            assert!(!text.contains(word), "{} has {word}", file.display());
        }
    }
}

#[test]
fn schemas_are_schemas_and_say_what_they_are() {
    for entry in fs::read_dir(root().join("schemas")).expect("a folder") {
        let path = entry.expect("an entry").path();
        let text = fs::read_to_string(&path).expect("a file");
        let schema: serde_json::Value = serde_json::from_str(&text).expect("JSON");
        assert!(jsonschema::draft202012::meta::is_valid(&schema), "{}", path.display());
        assert!(
            schema["title"].is_string() && schema["description"].is_string(),
            "{}",
            path.display()
        );
    }
}

#[test]
fn every_setting_of_the_app_data_stands_in_its_schema_and_the_reverse() {
    let text =
        fs::read_to_string(root().join("schemas/cvat-auth-config.schema.json")).expect("a file");
    let schema: serde_json::Value = serde_json::from_str(&text).expect("JSON");
    let app = ssoctl::apps::App::by_id("cvat").expect("the app");
    for (definition, cards) in [
        ("sso", &app.settings),
        ("provider", &app.provider_settings),
        ("attribute_mapping", &app.fields),
    ] {
        let properties = schema["$defs"][definition]["properties"].as_object().expect("properties");
        let mut schema_keys: Vec<&str> = properties.keys().map(String::as_str).collect();
        let mut data_keys: Vec<&str> = cards.iter().map(|card| card.key.as_str()).collect();
        schema_keys.sort_unstable();
        data_keys.sort_unstable();
        assert_eq!(schema_keys, data_keys, "{definition}");
        for (key, property) in properties {
            assert!(property["title"].is_string(), "{definition}.{key} has no title");
        }
    }
}

#[test]
fn the_sheet_of_calabi_has_the_same_keys_in_its_data_and_its_schema() {
    let text = fs::read_to_string(root().join("schemas/calabi-sheet.schema.json")).expect("a file");
    let schema: serde_json::Value = serde_json::from_str(&text).expect("JSON");
    let definitions = schema["$defs"].as_object().expect("definitions");
    for (name, definition) in definitions {
        let cards = ssoctl::apps::calabi::cards(name);
        let properties = definition["properties"].as_object().expect("properties");
        let mut schema_keys: Vec<&str> = properties.keys().map(String::as_str).collect();
        let mut data_keys: Vec<&str> = cards.iter().map(|card| card.key.as_str()).collect();
        schema_keys.sort_unstable();
        data_keys.sort_unstable();
        assert_eq!(schema_keys, data_keys, "{name}");
        for (key, property) in properties {
            let is_titled = property["title"].is_string() || property["$ref"].is_string();
            assert!(is_titled, "{name}.{key} has no title");
        }
    }
    let facts = ssoctl::apps::calabi::facts();
    for (name, key) in [("provider", "default_role"), ("mapping", "role")] {
        let roles = &definitions[name]["properties"][key]["enum"];
        assert_eq!(*roles, serde_json::json!(facts.roles.value), "{name}.{key}");
    }
    let sections = ssoctl::apps::App::by_id("calabi").expect("the app").sections.len();
    assert_eq!(definitions.len(), sections + 3);
}

fn used_modules(line: &str) -> Vec<&str> {
    let starts = line.match_indices("crate::").map(|(at, word)| &line[at + word.len()..]);
    starts
        .map(|rest| {
            rest.split(|c: char| !(c.is_alphanumeric() || c == '_')).next().unwrap_or_default()
        })
        .collect()
}

fn layer_of(file: &Path) -> usize {
    let inside = file.strip_prefix(root().join("src")).expect("a file of the crate");
    let first =
        inside.components().next().expect("a component").as_os_str().to_str().expect("UTF-8");
    let name = first.trim_end_matches(".rs");
    LAYERS
        .iter()
        .position(|layer| *layer == name)
        .unwrap_or_else(|| panic!("{name} stands in no layer"))
}

fn rust_files(folder: &Path) -> Vec<PathBuf> {
    let mut found = Vec::new();
    for entry in fs::read_dir(folder).expect("a folder") {
        let path = entry.expect("an entry").path();
        if path.is_dir() {
            found.extend(rust_files(&path));
        } else if path.extension().is_some_and(|extension| extension == "rs") {
            found.push(path);
        }
    }
    found.sort();
    found
}

fn root() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR"))
}
