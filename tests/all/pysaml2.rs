//! The renaming of attributes against what pysaml2 7.5.5 did with the same names.

use std::fs;

use ssoctl::libraries::pysaml2::{delivered, is_known, sent_as};

#[test]
fn attributes_are_renamed_as_pysaml2_does() {
    let path = format!("{}/fixtures/pysaml2/names.tsv", env!("CARGO_MANIFEST_DIR"));
    let table = fs::read_to_string(path).expect("the fixture is there");
    let rows: Vec<&str> = table.lines().filter(|line| !line.starts_with('#')).collect();
    assert!(rows.len() >= 300);
    for row in rows {
        let [name, format, expected, known] =
            row.split('\t').collect::<Vec<_>>().try_into().expect("four columns");
        let name: String = serde_json::from_str(name).expect("a name in quotes");
        let format: Option<String> =
            (format != "-").then(|| serde_json::from_str(format).expect("a format in quotes"));
        let format = format.as_deref();
        assert_eq!(delivered(&name, format), expected, "{row}");
        assert_eq!(is_known(&name, format), known == "known", "{row}");
        let is_listed = sent_as(expected).iter().any(|incoming| {
            incoming.name.eq_ignore_ascii_case(name.trim())
                && incoming.name_format == format.unwrap_or(incoming.name_format)
        });
        assert_eq!(is_listed, known == "known", "{row}");
    }
}
