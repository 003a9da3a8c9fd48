//! Carriers against what Compose, the Docker client and a shell made of the same texts, and what
//! is written against what is read.

use std::collections::{BTreeMap, HashMap};
use std::fmt::Write;
use std::fs;
use std::time::{Duration, Instant};

use proptest::prelude::*;
use serde::Deserialize;
use serde_json::json;
use ssoctl::carriers::{
    Carried, Carrier, Given, Line, OddKind, Seen, Target, Variable, assignment, compose,
    environment_file, helm, kubernetes, write, written,
};
use ssoctl::model::is_filled_in_later;
use ssoctl::source::{Source, Span};
use ssoctl::syntax::dotenv::{self, Dialect};
use ssoctl::syntax::yaml::{Options, read};

/// A text and what a real reader made of it.
#[derive(Deserialize)]
struct Case {
    text: String,
    #[serde(default)]
    shell: HashMap<String, String>,
    #[serde(default)]
    sees: BTreeMap<String, Option<String>>,
    #[serde(default)]
    refused: bool,
}

fn cases(name: &str) -> Vec<Case> {
    let path = format!("{}/fixtures/carriers/{name}", env!("CARGO_MANIFEST_DIR"));
    let text = fs::read_to_string(path).expect("the fixture is there");
    text.lines().map(|line| serde_json::from_str(line).expect(line)).collect()
}

/// What the processes see, by name; none where the carrier refuses the file.
fn seen(carried: &Carried) -> Option<BTreeMap<String, Option<String>>> {
    let mut seen = BTreeMap::new();
    if !carried.odd.is_empty() {
        return None;
    }
    for variable in carried.variables.iter().filter(|variable| !variable.is_overridden) {
        let value = match &variable.seen {
            Seen::Known(value) => Some(value.clone()),
            Seen::Inherited => None,
            Seen::NotText(_) => return None,
            Seen::Unknown => Some("unknown".to_owned()),
        };
        seen.insert(variable.name.clone(), value);
    }
    Some(seen)
}

/// The cases in which a reading differs, described.
fn differences(
    name: &str,
    keeps_inherited: bool,
    reading: impl Fn(&str, &dyn Fn(&str) -> Given) -> Option<Carried>,
) -> String {
    let mut differences = String::new();
    for case in cases(name) {
        let shell = |name: &str| {
            case.shell.get(name).map_or(Given::Unset, |value| Given::Set(value.clone()))
        };
        let mut own = reading(&case.text, &shell).and_then(|carried| seen(&carried));
        // The parser lets a variable without a name pass, the engine does not.
        let is_refused = case.refused || case.sees.contains_key("");
        let mut theirs = (!is_refused).then_some(case.sees);
        for sees in own.iter_mut().chain(&mut theirs) {
            sees.retain(|_, value| keeps_inherited || value.is_some());
        }
        if own != theirs {
            writeln!(
                differences,
                "{}\n  own    {}\n  theirs {}",
                json!(case.text),
                json!(own),
                json!(theirs)
            )
            .expect("a string takes all");
        }
    }
    differences
}

fn no_differences(differences: &str) {
    assert!(differences.is_empty(), "{differences}");
}

#[test]
fn environment_files_are_read_as_compose_reads_them() {
    assert!(cases("dotenv.jsonl").len() > 200);
    no_differences(&differences("dotenv.jsonl", false, |text, shell| {
        Some(environment_file(text, Dialect::Compose, shell))
    }));
}

#[test]
fn environment_files_are_read_as_docker_run_reads_them() {
    no_differences(&differences("docker.jsonl", false, |text, shell| {
        Some(environment_file(text, Dialect::Docker, shell))
    }));
}

#[test]
fn exports_are_read_as_a_shell_reads_them() {
    no_differences(&differences("shell.jsonl", false, |text, shell| {
        Some(environment_file(text, Dialect::Shell, shell))
    }));
}

#[test]
fn services_see_what_compose_gives_them() {
    assert!(cases("compose.jsonl").len() > 150);
    no_differences(&differences("compose.jsonl", true, |text, shell| {
        let indented: String =
            text.lines().fold(String::new(), |made, line| made + "    " + line + "\n");
        let text = format!("services:\n  s:\n    image: i\n    environment:\n{indented}");
        Some(compose(&read(&text, &Options::default()).ok()?, &text, shell))
    }));
}

/// What a text gives to processes; `$X` and every other variable of the surroundings is set. None
/// where it is no YAML.
fn carried(carrier: Carrier, text: &str) -> Option<Carried> {
    let tree = || read(text, &Options::default()).ok();
    Some(match carrier {
        Carrier::ComposeList | Carrier::ComposeMap => compose(&tree()?, text, &set),
        Carrier::DockerRun => environment_file(text, Dialect::Docker, &set),
        Carrier::EnvironmentFile => environment_file(text, Dialect::Compose, &set),
        Carrier::Helm => helm(&tree()?, text),
        Carrier::Kubernetes => kubernetes(&tree()?, text),
        Carrier::Shell => environment_file(text, Dialect::Shell, &set),
    })
}

/// The only variable of a file, if the file is sound.
fn only(carrier: Carrier, text: &str) -> Option<Variable> {
    let mut all = carried(carrier, text)?;
    (all.odd.is_empty() && all.variables.len() == 1).then(|| all.variables.pop())?
}

/// A file of one variable, its value written in this way.
fn file(carrier: Carrier, written: &str) -> String {
    match carrier {
        Carrier::ComposeList => format!("services:\n  s:\n    environment:\n    - X={written}\n"),
        Carrier::ComposeMap => format!("services:\n  s:\n    environment:\n      X: {written}\n"),
        Carrier::DockerRun | Carrier::EnvironmentFile => format!("X={written}\n"),
        Carrier::Helm => format!("apiserver:\n  extraEnvs:\n  - name: X\n    value: {written}\n"),
        Carrier::Kubernetes => format!(
            "kind: Pod\nspec:\n  containers:\n  - name: c\n    env:\n    - name: X\n      value: {written}\n"
        ),
        Carrier::Shell => format!("export X={written}\n"),
    }
}

fn applied(text: &str, mut edits: Vec<(Span, String)>) -> String {
    edits.sort_by_key(|(span, _)| *span);
    let mut made = text.to_owned();
    for (span, new) in edits.into_iter().rev() {
        made.replace_range(span.range(), &new);
    }
    made
}

fn set(_: &str) -> Given {
    Given::Set("value".to_owned())
}

const CARRIERS: [Carrier; 7] = [
    Carrier::ComposeList,
    Carrier::ComposeMap,
    Carrier::DockerRun,
    Carrier::EnvironmentFile,
    Carrier::Helm,
    Carrier::Kubernetes,
    Carrier::Shell,
];

/// Texts that quoting goes wrong with.
fn awkward() -> impl Strategy<Value = String> {
    let piece = prop_oneof![
        "[ -~]{0,4}",
        "\\PC{1,3}",
        prop::sample::select(vec![
            "'",
            "\"",
            "\\",
            "$",
            "$$",
            "${X}",
            "$(X)",
            "#",
            " #",
            ": ",
            " ",
            "\n",
            "\t",
            "\r",
            "=",
            "{",
            "}",
            "\u{85}",
            "\u{2028}",
            "\u{feff}",
            "é",
            "\u{7}",
            "\\n",
            "\\\"",
            "- ",
            "|",
            ">",
            "&",
            "*",
            "!",
            "%",
            "@",
            "`",
            ",",
            "[",
            "]",
            "?",
            "~",
            "null",
            "true",
            "1",
            "\u{1f511}",
        ])
        .prop_map(str::to_owned),
    ];
    prop::collection::vec(piece, 0..8)
        .prop_map(|pieces| pieces.concat())
        .prop_filter("a template is unknown", |text| {
            !is_filled_in_later(&text.replace("${", "$ {"))
        })
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(400))]

    #[test]
    fn what_is_written_is_what_the_process_sees(value in awkward()) {
        for carrier in CARRIERS {
            let Some(written) = written(carrier, &value) else {
                prop_assert!(matches!(carrier, Carrier::ComposeList | Carrier::DockerRun));
                continue;
            };
            let text = file(carrier, &written);
            let variable = only(carrier, &text).expect(&text);
            prop_assert_eq!(variable.known(), Some(value.as_str()), "{}", text);
        }
    }

    #[test]
    fn a_whole_file_gives_every_value_back(values in prop::collection::vec(awkward(), 1..4)) {
        let names: Vec<String> = (0..values.len()).map(|n| format!("X{n}")).collect();
        let lines: Vec<Line> = names.iter().zip(&values).map(|(name, value)| Line {
            name,
            value,
            comment: Some("what it is\nfor"),
        }).collect();
        for carrier in CARRIERS {
            for path in [["apiserver", "extraEnvs"], ["global", "extraEnvironmentVars"]] {
                let target = Target { service: "apiserver", path: &path };
                let Ok(text) = write(carrier, target, &lines) else {
                    prop_assert_eq!(carrier, Carrier::DockerRun);
                    continue;
                };
                let carried = carried(carrier, &text).expect(&text);
                prop_assert!(carried.odd.is_empty(), "{}", text);
                let seen: Vec<_> = carried.variables.iter().map(Variable::known).collect();
                let meant: Vec<_> = values.iter().map(|value| Some(value.as_str())).collect();
                prop_assert_eq!(seen, meant, "{}", text);
            }
        }
    }

    #[test]
    fn a_wrapped_value_is_the_same_with_something_around_it(
        value in awkward(),
        quotes in prop::sample::select(vec![("\"", "\""), ("[\"", "\"]"), ("'", "$"), ("", ""), ("$X ", " #\\")]),
    ) {
        let (before, behind) = quotes;
        for carrier in CARRIERS {
            let whole = assignment(carrier, "X", &value).and_then(|line| {
                let written = line.split_once(if carrier == Carrier::ComposeList { "- " } else { "X" })?.1;
                Some(match carrier {
                    Carrier::ComposeList => format!("services:\n  s:\n    environment:\n    - {written}\n"),
                    _ => file(carrier, written.trim_start_matches(['=', ':', '\n']).trim_start_matches("  value: ").trim_start_matches(' ')),
                })
            });
            let raw = (!value.contains('\n')).then(|| file(carrier, &value));
            for text in whole.into_iter().chain(raw) {
                let Some(old) = only(carrier, &text) else { continue };
                let Some(known) = old.known() else { continue };
                let source = Source::new("file", text.clone());
                let Some(edits) = old.wrap(&source, before, behind) else { continue };
                // No edit takes more than a quote away, and none repeats the value.
                prop_assert!(edits.iter().all(|(span, _)| span.end - span.start <= 1));
                let new = applied(&text, edits);
                let seen = only(carrier, &new);
                let meant = format!("{before}{known}{behind}");
                prop_assert_eq!(seen.as_ref().and_then(Variable::known), Some(meant.as_str()), "{} -> {}", text, new);
            }
        }
    }
}

fn unknown(_: &str) -> Given {
    Given::Unknown
}

fn first(carried: &Carried, name: &str) -> Variable {
    let mut found = carried.variables.iter().filter(|variable| variable.name == name);
    found.next().unwrap_or_else(|| panic!("no {name}")).clone()
}

#[test]
fn quotes_for_the_process_go_around_a_value_in_every_carrier() {
    for (carrier, text, meant) in [
        (Carrier::EnvironmentFile, "X=v\n", "X='\"v\"'\n"),
        (Carrier::EnvironmentFile, "X=\"v\" # c\n", "X='\"v\"' # c\n"),
        (Carrier::EnvironmentFile, "X='v'\n", "X='\"v\"'\n"),
        (Carrier::EnvironmentFile, "X=it's\n", "X=\"\\\"it's\\\"\"\n"),
        (Carrier::EnvironmentFile, "X=a$X\n", "X=\"\\\"a$X\\\"\"\n"),
        (Carrier::EnvironmentFile, "X=\n", "X='\"\"'\n"),
        (Carrier::DockerRun, "X=a b \n", "X=\"a b \"\n"),
        (Carrier::Shell, "export X=v\n", "export X='\"v\"'\n"),
        (Carrier::Shell, "export X=\"v\"\n", "export X='\"v\"'\n"),
        (Carrier::Shell, "X=\"$X\"\n", "X='\"'\"$X\"'\"'\n"),
        (
            Carrier::ComposeList,
            "services: {s: {environment: [X=v]}}",
            "services: {s: {environment: [X=\"v\"]}}",
        ),
        (
            Carrier::ComposeList,
            "services: {s: {environment: [\"X=v\"]}}",
            "services: {s: {environment: [\"X=\\\"v\\\"\"]}}",
        ),
        (
            Carrier::ComposeMap,
            "services: {s: {environment: {X: v}}}",
            "services: {s: {environment: {X: '\"v\"'}}}",
        ),
        (
            Carrier::ComposeMap,
            "services: {s: {environment: {X: \"v\"}}}",
            "services: {s: {environment: {X: '\"v\"'}}}",
        ),
        (
            Carrier::ComposeMap,
            "services: {s: {environment: {X: \"\\tv\"}}}",
            "services: {s: {environment: {X: \"\\\"\\tv\\\"\"}}}",
        ),
        (
            Carrier::Helm,
            "a: {extraEnvs: [{name: X, value: v}]}",
            "a: {extraEnvs: [{name: X, value: '\"v\"'}]}",
        ),
        (
            Carrier::Helm,
            "a: {extraEnvs: [{name: X, value: true}]}",
            "a: {extraEnvs: [{name: X, value: '\"true\"'}]}",
        ),
    ] {
        let variable = only(carrier, text).expect(text);
        let source = Source::new("file", text);
        let edits = variable.wrap(&source, "\"", "\"").expect(text);
        assert_eq!(applied(text, edits), meant);
    }
}

#[test]
fn a_value_that_several_places_share_is_not_wrapped() {
    let text = "services: {s: {environment: {X: &v v, Y: *v}}}";
    let carried = carried(Carrier::ComposeMap, text).expect(text);
    let source = Source::new("compose.yml", text);
    assert_eq!(first(&carried, "X").wrap(&source, "\"", "\""), None);
}

#[test]
fn a_value_can_be_written_anew_in_every_carrier() {
    for carrier in CARRIERS {
        let text = file(carrier, "old");
        let variable = only(carrier, &text).expect(&text);
        let edits = variable.rewrite("it's \"$new\" # $(X)").expect(&text);
        let new = applied(&text, edits);
        let seen = only(carrier, &new).expect(&new);
        assert_eq!(seen.known(), Some("it's \"$new\" # $(X)"), "{new}");
    }
}

#[test]
fn anchors_and_extension_fields_reach_the_service() {
    let text = "x-env: &env\n  A: shared\n  B: theirs\nservices:\n  apiserver:\n    image: clearml/server:${TAG:-2}\n    environment:\n      <<: *env\n      B: own\n  web:\n    image: i\n    env_file: [web.env, {path: b.env, required: false, format: raw}]\n";
    let tree = read(text, &Options::default()).expect("YAML");
    let carried = compose(&tree, text, &|_| Given::Unset);
    let seen: Vec<_> =
        carried.variables.iter().map(|one| (one.name.as_str(), one.known())).collect();
    assert!(
        seen.contains(&("A", Some("shared"))) && seen.contains(&("B", Some("own"))),
        "{seen:?}"
    );
    assert_eq!(seen.len(), 2);
    let a = first(&carried, "A");
    assert_eq!(a.place_in_source(0), text.find("shared"));
    assert_eq!(a.path.to_string(), "services.apiserver.environment.A");
    let [apiserver, web] = carried.groups.as_slice() else { panic!("two services") };
    assert_eq!(apiserver.image.as_deref(), Some("clearml/server:2"));
    assert!(apiserver.is_complete && !web.is_complete);
    let files: Vec<_> = carried
        .env_files
        .iter()
        .map(|file| (file.path.as_deref(), file.is_required, file.is_raw))
        .collect();
    assert_eq!(files, [(Some("web.env"), true, false), (Some("b.env"), false, true)]);
}

#[test]
fn what_only_the_shell_knows_is_unknown_and_its_default_is_told() {
    let text = "services: {s: {environment: [A=$X, 'B=${X:-d}', C, 'D={{ x }}']}}";
    let tree = read(text, &Options::default()).expect("YAML");
    let carried = compose(&tree, text, &unknown);
    assert_eq!(first(&carried, "A").seen, Seen::Unknown);
    assert_eq!(first(&carried, "B").seen, Seen::Unknown);
    assert_eq!(first(&carried, "B").otherwise.as_deref(), Some("d"));
    assert_eq!(first(&carried, "C").seen, Seen::Inherited);
    assert_eq!(first(&carried, "D").seen, Seen::Unknown);
}

#[test]
fn places_of_what_the_process_sees_are_known() {
    for (carrier, text) in [
        (Carrier::EnvironmentFile, "X=\"\\tmark\"\n"),
        (Carrier::EnvironmentFile, "X=\"it\\\"s\nmark\"\n"),
        (Carrier::ComposeList, "services: {s: {environment: ['X=''$$ mark']}}"),
        (Carrier::ComposeMap, "services: {s: {environment: {X: '${X:+$X mark}'}}}"),
        (Carrier::Shell, "export X=a\\ 'b'\"mark\"\n"),
        (Carrier::Helm, "extraEnvs: [{name: X, value: \"\\\"mark\\\"\"}]"),
    ] {
        let variable = only(carrier, text).expect(text);
        let at = variable.known().and_then(|seen| seen.find("mark")).expect(text);
        assert_eq!(variable.place_in_source(at), text.find("mark"), "{text}");
    }
}

#[test]
fn odd_names_are_told_at_their_place() {
    for (dialect, text, kind) in [
        (Dialect::Compose, "A=1\n`CLEARML__x=1\nB=2\n", dotenv::OddKind::CharacterInName('`')),
        (Dialect::Compose, "A=1\nCLEARML x=1\nB=2\n", dotenv::OddKind::BlankInName),
        (Dialect::Docker, "A=1\nCLEARML x=1\nB=2\n", dotenv::OddKind::BlankInName),
        (Dialect::Shell, "A=1\nexport `CLEARML__x=1\nB=2\n", dotenv::OddKind::CharacterInName('`')),
    ] {
        let carried = environment_file(text, dialect, &set);
        let [odd] = carried.odd.as_slice() else { panic!("{text}: {:?}", carried.odd) };
        assert_eq!(odd.kind, OddKind::Line(kind));
        assert!(text[odd.span.range()].contains("CLEARML"), "{text}");
        assert_eq!(carried.variables.len(), 2, "{text}");
    }
}

#[test]
fn values_of_helm_charts_are_found_at_any_depth() {
    let text = r#"
apiserver:
  image: {repository: clearml/server, tag: "2"}
  extraEnvs:
  - {name: A, value: '"v"'}
  - {name: B, value: true}
  - {name: C, value: ["x"]}
  - {name: D, valueFrom: {secretKeyRef: {name: s, key: k}}}
  - {name: E, value: "$(A)$$$(NONE)${X}"}
  - {name: F, value: yes}
  - {name: G}
  additionalConfigs:
    metadata.xml: |
      <md/>
  additionalVolumeMounts:
  - {name: auth, mountPath: /home/x.yml, subPath: x.yml}
global:
  extraEnvironmentVars:
    saml.debug: true
    PORT: 8080
    URL: https://ls.acme.test
  extraEnvironmentSecrets:
    PASSWORD: {secretName: s, secretKey: k}
sidecars:
- extraEnv: [{name: Z, value: z}]
quiet:
  replicas: 2
"#;
    let carried = carried(Carrier::Helm, text).expect("YAML");
    let seen = |name: &str| first(&carried, name).seen;
    let known = |text: &str| Seen::Known(text.to_owned());
    assert_eq!(seen("A"), known("\"v\""));
    assert_eq!(seen("B"), Seen::NotText("boolean"));
    assert_eq!(seen("C"), Seen::NotText("list"));
    assert_eq!(seen("D"), Seen::Unknown);
    assert_eq!(seen("E"), Seen::Unknown);
    assert_eq!(seen("F"), Seen::NotText("boolean"));
    assert_eq!(seen("G"), known(""));
    assert_eq!(seen("SAML_DEBUG"), known("true"));
    assert_eq!(seen("PORT"), known("8080"));
    assert_eq!(seen("URL"), known("https://ls.acme.test"));
    assert_eq!(seen("PASSWORD"), Seen::Unknown);
    assert_eq!(seen("Z"), known("z"));
    let groups: Vec<_> =
        carried.groups.iter().map(|one| (one.name.as_str(), one.is_complete)).collect();
    assert_eq!(groups, [("apiserver", false), ("global", false), ("sidecars[0]", true)]);
    assert_eq!(carried.groups[0].image.as_deref(), Some("clearml/server:2"));
    let [metadata] = carried.files.as_slice() else { panic!("one file") };
    assert_eq!(metadata.text.as_deref(), Some("<md/>\n"));
    assert_eq!(metadata.place_in_source(0), text.find("<md/>"));
    assert_eq!(carried.mounts[0].sub_path.as_deref(), Some("x.yml"));
}

#[test]
fn the_kubelet_replaces_variables_that_stand_before() {
    let env =
        |list: &str| format!("kind: Pod\nspec: {{containers: [{{name: c, env: [{list}]}}]}}\n");
    for (list, meant) in [
        ("{name: A, value: a}, {name: X, value: '$(A)b'}", "ab"),
        ("{name: X, value: '$(A)b'}, {name: A, value: a}", "$(A)b"),
        ("{name: A, value: a}, {name: X, value: '$$(A)b'}", "$(A)b"),
        ("{name: X, value: 'pa$$word'}", "pa$word"),
        ("{name: X, value: 'pa$word ${A} $('}", "pa$word ${A} $("),
    ] {
        let carried = carried(Carrier::Kubernetes, &env(list)).expect("YAML");
        assert_eq!(first(&carried, "X").known(), Some(meant), "{list}");
    }
}

#[test]
fn secrets_and_config_maps_give_variables_and_files() {
    let text = "kind: Secret\nmetadata: {name: sso}\ndata: {A: cGFzcw==, B: '?'}\nstringData: {C: $(A), metadata.xml: <x/>}\n";
    let carried = carried(Carrier::Kubernetes, text).expect("YAML");
    assert_eq!(first(&carried, "A").known(), Some("pass"));
    assert!(first(&carried, "A").holds_secret);
    assert_eq!(first(&carried, "C").known(), Some("$(A)"));
    assert_eq!(carried.odd.len(), 1);
    assert_eq!(carried.odd[0].kind, OddKind::NotBase64);
    assert_eq!(carried.files[0].name, "metadata.xml");
    let source = Source::new("secret.yml", text);
    assert_eq!(first(&carried, "A").wrap(&source, "\"", "\""), None);
}

#[test]
fn no_truncation_of_any_case_panics() {
    for (name, carrier) in [
        ("dotenv.jsonl", Carrier::EnvironmentFile),
        ("docker.jsonl", Carrier::DockerRun),
        ("shell.jsonl", Carrier::Shell),
        ("dotenv.jsonl", Carrier::Shell),
        ("dotenv.jsonl", Carrier::ComposeList),
        ("dotenv.jsonl", Carrier::Helm),
    ] {
        for case in cases(name) {
            let text = match carrier {
                Carrier::ComposeList | Carrier::Helm => {
                    file(carrier, case.text.trim_start_matches("A="))
                }
                _ => case.text,
            };
            for end in (0..=text.len()).filter(|end| text.is_char_boundary(*end)) {
                let text = &text[..end];
                let source = Source::new("file", text);
                for variable in carried(carrier, text).into_iter().flat_map(|all| all.variables) {
                    drop(variable.wrap(&source, "\"", "\""));
                }
            }
        }
    }
}

#[test]
fn what_refers_to_itself_over_and_over_is_bounded() {
    let mut text = format!("A={}\n", "x".repeat(1 << 16));
    for _ in 0..20_000 {
        text.push_str("A=$A$A$A$A\n");
    }
    let carried = environment_file(&text, Dialect::Compose, &|_| Given::Unset);
    let held: usize = carried.variables.iter().filter_map(Variable::known).map(str::len).sum();
    assert!(held < 4 << 20);
}

#[test]
fn a_quarter_of_a_megabyte_of_anything_is_read_in_seconds() {
    let pieces = [
        "A=1 ",
        "A='",
        "A=\"\\\"",
        "A=`",
        "A=$(",
        "A=${",
        "${A:-",
        "$",
        "$$",
        "}",
        "A ",
        "\\",
        "export ",
        "A=1\n",
        "A=$A\n",
        "A=\"$A\"\n",
        "\n",
        "#",
        "A",
        "A=1;",
        "\u{feff}",
        "A=\"\n",
        "A='\n",
        "=\n",
        "A\n",
        "A=${A:-x}",
        "${A:-{",
        "$(A",
        "''",
        "A=$'",
    ];
    let start = Instant::now();
    for piece in pieces {
        let text = piece.repeat((1 << 18) / piece.len());
        for dialect in [Dialect::Compose, Dialect::Docker, Dialect::Shell] {
            drop(environment_file(&text, dialect, &unknown));
        }
        let value = format!("A={text}");
        drop(environment_file(&value, Dialect::Compose, &unknown));
        let manifest = format!(
            "kind: Pod\nspec:\n  containers:\n  - env:\n    - name: A\n      value: '{}'\n",
            text.replace('\'', "''")
        );
        drop(carried(Carrier::Kubernetes, &manifest));
        let service =
            format!("services: {{s: {{environment: {{A: '{}'}}}}}}\n", text.replace('\'', "''"));
        drop(carried(Carrier::ComposeMap, &service));
    }
    assert!(start.elapsed() < Duration::from_secs(40), "{:?}", start.elapsed());
}
