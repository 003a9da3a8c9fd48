//! Setup sheets: how they are shown, and how what comes back is read.

use std::fs;
use std::path::Path;

use ssoctl::model::Protocol;
use ssoctl::render::sheet::{SheetFormat, render};
use ssoctl::rule::Severity;
use ssoctl::sheet::answers::{self, Reading, in_words};
use ssoctl::sheet::{Field, Import, Sheet, Side, Step, Wanted, WantedKind};

// The sheets of these tests

fn field(label: &str, value: &str) -> Field {
    Field { label: label.to_owned(), value: Some(value.to_owned()), ..Field::default() }
}

fn step(number: usize, side: Side, place: &str, fields: Vec<Field>) -> Step {
    Step { number, side, place: place.to_owned(), fields }
}

fn wanted(name: &str, label: &str, kind: WantedKind) -> Wanted {
    Wanted {
        name: name.to_owned(),
        label: label.to_owned(),
        secret: false,
        kind,
        note: None,
        optional: false,
    }
}

fn steps() -> Vec<Step> {
    let signature = Field {
        departs: Some("CVAT cannot sign, Keycloak would answer `Invalid requester`".to_owned()),
        ..field("Client signature required", "Off")
    };
    let name = Field {
        label: "Name".to_owned(),
        note: Some("what people read on Keycloak's login page".to_owned()),
        ..Field::default()
    };
    let algorithm = Field {
        note: Some(
            "the default; anything with SHA-1 in its name is refused by the library that CVAT reads responses with, and nobody can log in"
                .to_owned(),
        ),
        ..field("Signature algorithm", "RSA_SHA256")
    };
    let mapping = "uid: uidAttribute\nusername: usernameAttribute\nemail: emailAttribute";
    vec![
        step(
            1,
            Side::Idp,
            "Clients > Create client",
            vec![
                field("Client type", "SAML"),
                field("Client ID", "https://cvat.acme.test/api/auth/saml/kc/metadata/"),
                name,
            ],
        ),
        step(
            2,
            Side::Idp,
            "Clients > (the client) > Settings",
            vec![
                field("Home URL", "https://cvat.acme.test"),
                field(
                    "Valid redirect URIs",
                    "https://cvat.acme.test/api/auth/saml/kc/acs/?a-very-long-query=that-goes-on-and-on-and-never-ends",
                ),
                algorithm,
            ],
        ),
        step(3, Side::Idp, "Clients > (the client) > Keys", vec![signature]),
        step(
            4,
            Side::App,
            "auth_config.yml",
            vec![
                field("protocol", "SAML"),
                Field { label: "entity_id".to_owned(), ..Field::default() },
                field("attribute_mapping", mapping),
            ],
        ),
        step(5, Side::App, "The server: restart it", Vec::new()),
    ]
}

/// A sheet as they usually are, asking for every kind of answer.
fn sheet() -> Sheet {
    let note = |text: &str| Some(text.to_owned());
    let mut client_id = wanted("client_id", "Client ID", WantedKind::Text);
    client_id.note = note("Clients > (the client) > Settings, the first field");
    let mut secret = wanted("client_secret", "Client Secret", WantedKind::Text);
    secret.secret = true;
    secret.note = note("Clients > (the client) > Credentials");
    let mut expires =
        wanted("client_secret_expires", "Day on which the secret expires", WantedKind::Date);
    expires.optional = true;
    let mut second = wanted("second_xml", "Metadata of the second realm", WantedKind::Xml);
    second.optional = true;
    let mut off = wanted("off", "Where users log off", WantedKind::Text);
    off.optional = true;
    Sheet {
        app: ("cvat", "CVAT"),
        idp: ("keycloak", "Keycloak"),
        protocol: Protocol::Saml,
        provider: Some("kc".to_owned()),
        steps: steps(),
        send_back: vec![
            wanted("entity_id", "Address of the realm", WantedKind::Url),
            client_id,
            secret,
            expires,
            wanted("x509_cert", "Signing certificate (RS256)", WantedKind::Certificate),
            wanted("metadata_xml", "SAML 2.0 Identity Provider Metadata", WantedKind::Xml),
            second,
            off,
        ],
        verify: vec!["`ssoctl check auth_config.yml`, and log in once with a test user".to_owned()],
        notes: vec![
            "Users are matched by `uid`; a changed e-mail address keeps its account".to_owned(),
        ],
        imports: vec![Import {
            file_name: "keycloak-client.json",
            place: "Clients > Import client".to_owned(),
            text: "{\n\t\"clientId\": \"https://cvat.acme.test/api/auth/saml/kc/metadata/\"\n}\n"
                .to_owned(),
        }],
    }
}

/// A sheet that tries to break out of every form, in every text that is not ours.
fn hostile_sheet() -> Sheet {
    let bad = |n: usize| format!("{HOSTILE}{n}");
    let mut sheet = sheet();
    sheet.provider = Some(bad(0));
    for (n, step) in sheet.steps.iter_mut().enumerate() {
        step.place = bad(n);
        for field in &mut step.fields {
            field.label = bad(n);
            field.value = Some(bad(n));
            field.note = Some(bad(n));
            field.departs = Some(bad(n));
        }
    }
    for (n, wanted) in sheet.send_back.iter_mut().enumerate() {
        wanted.name = bad(n);
        wanted.label = bad(n);
        wanted.note = Some(bad(n));
    }
    sheet.verify = vec![bad(0), format!("`{}`", bad(1))];
    sheet.notes = sheet.verify.clone();
    sheet.imports[0].place = bad(0);
    sheet.imports[0].text = bad(0);
    sheet
}

const HOSTILE: &str = "\"'><script>hacked=1</script></code></textarea></style><img src=https://evil.test/x onerror=hacked=1>{{7*7}}{% x %}|`|\n# x\n\u{1b}[31m\u{202e}\r\n";

fn shown(sheet: &Sheet, format: SheetFormat) -> String {
    let mut out = Vec::new();
    render(sheet, format, false, &mut out).expect("memory takes every write");
    String::from_utf8(out).expect("UTF-8")
}

fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

// Text

#[test]
fn text_has_numbered_steps_and_aligned_columns() {
    let text = shown(&sheet(), SheetFormat::Text);
    for line in [
        "SAML between Keycloak and CVAT, provider kc",
        "In Keycloak",
        "  1. Clients > Create client",
        "       Client type   SAML",
        "       Client ID     https://cvat.acme.test/api/auth/saml/kc/metadata/",
        "       Name          what people read on Keycloak's login page",
        "  5. The server: restart it",
        "       entity_id           (from Keycloak)",
        "         username: usernameAttribute",
        "Send back, as answers.yaml",
        "Then: `ssoctl check auth_config.yml`, and log in once with a test user",
    ] {
        assert!(text.lines().any(|shown| shown == line), "{line}\nin\n{text}");
    }
}

#[test]
fn text_keeps_to_its_columns_and_never_cuts_a_value() {
    let sheet = sheet();
    let text = shown(&sheet, SheetFormat::Text);
    for line in text.lines() {
        assert!(line.chars().count() <= 100 || line.contains("that-goes-on"), "{line}");
        assert_eq!(line.trim_end(), line);
    }
    for step in &sheet.steps {
        for value in step.fields.iter().filter_map(|field| field.value.as_deref()) {
            assert!(value.lines().all(|line| text.contains(line)), "{value}");
        }
    }
}

#[test]
fn text_marks_departures_with_their_reason() {
    let text = shown(&sheet(), SheetFormat::Text);
    let words = text.split_whitespace().collect::<Vec<_>>().join(" ");
    assert!(words.contains("Off differs from CVAT's guide: CVAT cannot sign, Keycloak would"));
    let mut plain = sheet();
    plain.steps[2].fields[0].departs = None;
    assert!(!shown(&plain, SheetFormat::Text).contains("differs"));
}

#[test]
fn text_says_when_nothing_is_to_be_sent() {
    let mut sheet = sheet();
    sheet.send_back.retain(|wanted| !wanted.secret);
    assert!(shown(&sheet, SheetFormat::Text).contains("nothing of it secret"));
    sheet.send_back.clear();
    assert!(shown(&sheet, SheetFormat::Text).contains("Send back: nothing\n"));
}

#[test]
fn terminals_are_sent_nothing_that_acts() {
    for format in [SheetFormat::Text, SheetFormat::Markdown, SheetFormat::Json] {
        let text = shown(&hostile_sheet(), format);
        assert!(!text.contains(['\u{1b}', '\u{202e}', '\r']), "{text}");
    }
}

// Markdown

#[test]
fn markdown_has_tables_and_a_file_to_fill_in() {
    let text = shown(&sheet(), SheetFormat::Markdown);
    for line in [
        "### 1. Clients > Create client",
        "| Client type | `SAML` |  |",
        "| Name |  | what people read on Keycloak's login page |",
        "| `entity_id` | *from Keycloak* |  |",
        "| `client_id` | Client ID | Clients > (the client) > Settings, the first field |",
        "username: usernameAttribute",
        "client_id: \"\"",
    ] {
        assert!(text.lines().any(|shown| shown == line), "{line}\nin\n{text}");
    }
    assert!(text.contains("| `Off` | **differs from CVAT's guide**: CVAT cannot sign"), "{text}");
}

#[test]
fn markdown_stays_a_table_whatever_stands_in_it() {
    let text = shown(&hostile_sheet(), SheetFormat::Markdown);
    let mut in_block = false;
    for line in text.lines() {
        if line.starts_with("```") {
            in_block = !in_block;
        } else if !in_block && line.starts_with('|') {
            assert_eq!(line.matches('|').count(), 4, "{line}");
        }
        assert!(in_block || !line.contains("<script>") || line.contains('`'), "{line}");
    }
    assert!(!in_block);
}

// JSON

#[test]
fn json_fits_its_schema_and_keeps_values_exact() {
    let text = fs::read_to_string(root().join("schemas/setup.schema.json")).expect("a file");
    let schema: serde_json::Value = serde_json::from_str(&text).expect("JSON");
    let validator = jsonschema::draft202012::new(&schema).expect("a schema");
    for sheet in [sheet(), hostile_sheet()] {
        let text = shown(&sheet, SheetFormat::Json);
        let document: serde_json::Value = serde_json::from_str(&text).expect("JSON");
        let errors: Vec<String> =
            validator.iter_errors(&document).map(|error| error.to_string()).collect();
        assert!(errors.is_empty(), "{errors:?}");
        for (step, shown) in sheet.steps.iter().zip(document["steps"].as_array().expect("a list")) {
            for (field, shown) in step.fields.iter().zip(shown["fields"].as_array().expect("list"))
            {
                assert_eq!(shown["value"].as_str(), field.value.as_deref());
            }
        }
    }
}

#[test]
fn the_schema_refuses_what_the_contract_does_not_know() {
    let text = fs::read_to_string(root().join("schemas/setup.schema.json")).expect("a file");
    let schema: serde_json::Value = serde_json::from_str(&text).expect("JSON");
    let sound: serde_json::Value =
        serde_json::from_str(&shown(&sheet(), SheetFormat::Json)).expect("JSON");
    for (pointer, value) in [
        ("/version", serde_json::json!(2)),
        ("/steps/0/side", serde_json::json!("both")),
        ("/steps/0/number", serde_json::json!(0)),
        ("/send_back/0/kind", serde_json::json!("number")),
        ("/protocol", serde_json::json!("SAML")),
    ] {
        let mut document = sound.clone();
        *document.pointer_mut(pointer).expect("it is there") = value;
        assert!(!jsonschema::is_valid(&schema, &document), "{pointer}");
    }
}

// HTML

#[test]
fn html_escapes_every_field() {
    let page = shown(&hostile_sheet(), SheetFormat::Html);
    assert_eq!(page.matches("<script>").count(), 2, "only our own");
    assert_eq!(page.matches("<style>").count(), 1);
    assert!(!page.contains("<img"));
    assert!(!page.contains(['\u{1b}', '\u{202e}', '\r']));
    // What looks like a template inside a value is shown, not run.
    assert!(page.contains("{{7*7}}{% x %}") && !page.contains("49"));
    assert!(!shown(&sheet(), SheetFormat::Html).contains("{{"));
}

#[test]
fn html_asks_nobody_for_anything() {
    for sheet in [sheet(), hostile_sheet()] {
        let page = shown(&sheet, SheetFormat::Html);
        assert!(page.contains("default-src 'none'"));
        for word in [
            "<link rel=\"stylesheet",
            "@import",
            "url(http",
            "url(\"",
            "url('",
            "url(/",
            "<iframe",
            "<base",
            "fetch(",
            "XMLHttpRequest",
        ] {
            assert!(!page.contains(word), "{word}");
        }
        for (at, attribute) in page.match_indices("href=\"").chain(page.match_indices("src=\"")) {
            let target = &page[at + attribute.len()..];
            assert!(target.starts_with('#') || target.starts_with("data:,"), "{}", &target[..40]);
        }
        assert!(!page.contains("action="));
    }
}

#[test]
fn html_says_whose_page_it_is_and_labels_every_input() {
    let page = shown(&sheet(), SheetFormat::Html);
    assert!(page.contains("<html lang=\"en\">"));
    assert!(page.contains("For the administrator of Keycloak"));
    assert!(
        page.contains("Begin at <b>Clients &gt; Create client</b>")
            || page.contains("Begin at <b>Clients &#62; Create client</b>"),
        "{page}"
    );
    assert!(page.contains("differs from CVAT&#39;s guide:</strong> CVAT cannot sign"));
    for number in 0..sheet().send_back.len() {
        assert!(page.contains(&format!("for=\"answer-{number}\"")));
        assert!(page.contains(&format!("id=\"answer-{number}\"")));
    }
    assert!(page.contains("type=\"password\""));
}

#[test]
fn html_works_for_a_sheet_with_nothing_in_it() {
    let mut sheet = sheet();
    sheet.steps.clear();
    sheet.send_back.clear();
    sheet.verify.clear();
    sheet.notes.clear();
    sheet.imports.clear();
    let page = shown(&sheet, SheetFormat::Html);
    assert!(page.contains("Nothing to do here") && page.contains("needs no value"));
    for format in [SheetFormat::Text, SheetFormat::Markdown, SheetFormat::Json] {
        assert!(!shown(&sheet, format).is_empty());
    }
}

/// For tests/browser/page_test.py, which opens them.
#[test]
fn pages_for_the_browser_are_written() {
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join("sheet");
    fs::create_dir_all(&folder).expect("a folder");
    for (name, sheet, format) in [
        ("sheet.html", sheet(), SheetFormat::Html),
        ("sheet.json", sheet(), SheetFormat::Json),
        ("hostile.html", hostile_sheet(), SheetFormat::Html),
    ] {
        fs::write(folder.join(name), shown(&sheet, format)).expect("written");
    }
}

// Answers

fn read(text: &str) -> Reading {
    answers::read("answers.yaml", text, &sheet().send_back)
}

/// The severity and the words of each problem.
fn words(reading: &Reading) -> Vec<String> {
    reading.problems.iter().map(in_words).collect()
}

/// The values that the browser test types into the page.
fn typed() -> Vec<(String, String)> {
    let text = fs::read_to_string(root().join("tests/browser/answers.json")).expect("a file");
    let map: serde_json::Map<String, serde_json::Value> =
        serde_json::from_str(&text).expect("JSON");
    map.into_iter().map(|(name, value)| (name, value.as_str().expect("text").to_owned())).collect()
}

/// `answers.yaml` is what the page made of `answers.json` in a browser: page_test.py compares.
#[test]
fn what_the_page_writes_is_read_back_to_the_same_values() {
    let typed = typed();
    let page = fs::read_to_string(root().join("tests/browser/answers.yaml")).expect("a file");
    let own = answers::write(typed.iter().map(|(name, value)| (&**name, &**value)));
    assert_eq!(page, own);
    let reading = read(&page);
    assert_eq!(words(&reading), Vec::<String>::new());
    let read: Vec<(String, String)> =
        reading.answers.iter().map(|answer| (answer.name.clone(), answer.value.clone())).collect();
    assert_eq!(read, typed);
}

#[test]
fn json_answers_are_read_as_json() {
    let typed = typed();
    let map: serde_json::Map<String, serde_json::Value> =
        typed.iter().map(|(name, value)| (name.clone(), value.clone().into())).collect();
    let text = serde_json::to_string_pretty(&map).expect("JSON").replace("\n  \"", "\n\t\"");
    let ascii: String = text.chars().flat_map(surrogates).collect();
    for text in [text, ascii] {
        let reading = read(&text);
        assert_eq!(words(&reading), Vec::<String>::new());
        for (name, value) in &typed {
            assert_eq!(reading.answers.get(name), Some(&**value));
        }
    }
}

/// A character as JSON writers that know only ASCII write it.
fn surrogates(c: char) -> Vec<char> {
    if c.is_ascii() {
        return vec![c];
    }
    let units = c.encode_utf16(&mut [0; 2]).to_vec();
    units.iter().flat_map(|unit| format!("\\u{unit:04x}").chars().collect::<Vec<_>>()).collect()
}

/// Everything that is asked for, without the parts that a test is about.
fn sound_without(names: &[&str]) -> String {
    let typed = typed();
    let kept = typed.iter().filter(|(name, _)| !names.contains(&&**name));
    answers::write(kept.map(|(name, value)| (&**name, &**value)))
}

#[test]
fn unknown_names_are_told_with_the_one_that_was_meant() {
    let reading = read(&format!("{}clientid: abc\n", sound_without(&["client_id"])));
    let words = words(&reading);
    assert!(
        words
            .iter()
            .any(|text| text.contains("`clientid` is not asked for; did you mean `client_id`?")),
        "{words:?}"
    );
    assert!(reading.has_errors());
    let reading = read(&format!("{}favourite_colour: blue\n", sound_without(&[])));
    assert_eq!(reading.problems.len(), 1);
    assert!(!reading.has_errors());
}

#[test]
fn missing_answers_are_errors_unless_they_are_optional_or_secret() {
    let reading = read(&sound_without(&["entity_id"]));
    assert!(words(&reading)[0].contains("`entity_id` is missing: Address of the realm"));
    assert!(reading.has_errors());
    let reading = read(&sound_without(&["off", "second_xml", "client_secret_expires"]));
    assert!(reading.problems.is_empty());
    let reading = read(&sound_without(&["client_secret"]));
    assert_eq!(reading.problems[0].severity, Some(Severity::Warning));
    let reading = read(&format!("{}entity_id: ~\n", sound_without(&["entity_id"])));
    assert!(words(&reading)[0].contains("missing"));
}

#[test]
fn a_file_that_was_not_filled_in_is_missing_everything_and_nothing_else() {
    let reading = read(&answers::template(&sheet().send_back));
    assert!(words(&reading).iter().all(|text| text.contains("is missing")), "{reading:?}");
    assert_eq!(reading.problems.len(), 5);
    assert!(reading.answers.is_empty());
    assert_eq!(read("").problems.len(), 5);
}

#[test]
fn wrong_kinds_are_told_at_their_place() {
    for (name, written, expected) in [
        ("entity_id", "[https://a.test]", "`entity_id` is a list"),
        ("entity_id", "{a: b}", "`entity_id` is a map"),
        ("entity_id", "kc.acme.test", "`entity_id` is no whole address"),
        ("client_secret_expires", "\"2027-02-30\"", "`client_secret_expires` is no day"),
        ("client_secret_expires", "01.05.2027", "`client_secret_expires` is no day"),
        ("x509_cert", "/etc/ssl/idp.pem", "`x509_cert` is no readable certificate"),
        ("metadata_xml", "https://a.test/metadata", "`metadata_xml` is no XML"),
    ] {
        let reading = read(&format!("{name}: {written}\n{}", sound_without(&[name])));
        let words = words(&reading);
        let at = format!("answers.yaml:1:{}: {expected}", name.len() + 3);
        assert!(words.len() == 1 && words[0].starts_with(&at), "{at}: {words:?}");
        assert!(reading.has_errors() && reading.answers.get(name).is_none());
    }
}

#[test]
fn honest_answers_in_any_manner_of_writing_are_taken() {
    let reading = read(&format!(
        "# from Keycloak\nclient_id: 00123 # as shown\nentity_id: 'https://kc.acme.test/realms/a'\nclient_secret_expires: 2027-05-01\n{}",
        sound_without(&["client_id", "entity_id", "client_secret_expires"])
    ));
    assert_eq!(words(&reading), Vec::<String>::new());
    assert_eq!(reading.answers.get("client_id"), Some("00123"));
    assert_eq!(reading.answers.get("client_secret_expires"), Some("2027-05-01"));
}

#[test]
fn an_answer_given_twice_is_an_error() {
    let text = format!("client_id: one\n{}", sound_without(&[]));
    let reading = read(&text);
    assert!(words(&reading).iter().any(|text| text.contains("`client_id` is answered twice")));
    let reading = read("{\"client_id\": \"one\", \"client_id\": \"two\"}");
    assert!(words(&reading).iter().any(|text| text.contains("`client_id` is answered twice")));
}

#[test]
fn a_value_that_a_comment_cuts_is_told() {
    let reading = read(&format!("client_id: abc #def\n{}", sound_without(&["client_id"])));
    assert!(words(&reading)[0].contains("what stands behind # is no part of `client_id`"));
}

#[test]
fn secrets_are_never_shown() {
    let secret = "hush7Kq2Wz9";
    for text in [
        format!("client_secret: [{secret}]\n"),
        format!("client_secret: {secret}\nclient_secret: {secret}2\n"),
        format!("client_secret: !{secret}\n"),
        format!("client_secret: *{secret}\n"),
        format!("client_secret: '{secret}\n"),
        format!("client_secert: {secret}\n"),
        format!("client_secret: \"{secret}\\n{secret}\"\n"),
        format!("client_secret: {secret} #{secret}\n"),
        format!("client_id: {secret}\nclient_secret: {secret}\nentity_id: {secret}\n"),
    ] {
        let reading = read(&text);
        let shown =
            format!("{:?} {} {}", reading, words(&reading).join("\n"), reading.source.masked());
        let excerpts = reading
            .problems
            .iter()
            .map(|problem| problem.place.source.excerpt(problem.place.span).text);
        let shown = format!("{shown} {}", excerpts.collect::<String>());
        assert!(!shown.contains(secret), "{text}\n{shown}");
    }
}

#[test]
fn what_is_no_answers_file_is_told() {
    for text in ["- a\n- b\n", "just words", "a: b: c", "{\"a\": ", "[1, 2]", "a: 1\n---\nb: 2\n"] {
        let reading = read(text);
        assert!(reading.has_errors() && reading.answers.is_empty(), "{text}");
    }
    let deep = format!("{{\"a\":{}", "[".repeat(100_000));
    assert!(read(&deep).has_errors());
    assert!(read(&"a: b\n".repeat(400_000)).has_errors());
}

#[test]
fn an_answers_file_cut_anywhere_never_panics() {
    let text = fs::read_to_string(root().join("tests/browser/answers.yaml")).expect("a file");
    for at in (0..text.len()).filter(|at| text.is_char_boundary(*at)) {
        drop(words(&read(&text[..at])));
    }
}
