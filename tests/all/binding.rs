//! A message is found in every form in which somebody may have it, and nothing else is.

use std::fmt::Write as _;
use std::io::Write as _;
use std::time::Duration;

use base64::Engine as _;
use base64::engine::general_purpose::{STANDARD, URL_SAFE};
use flate2::Compression;
use flate2::write::{DeflateEncoder, ZlibEncoder};
use serde_json::json;
use ssoctl::saml::binding::{
    Detached, Escaping, Layer, Options, Received, Unreadable, read, read_from,
};

#[test]
fn every_form_of_a_message_gives_the_same_message() {
    for (input, path) in forms() {
        let received = message(&input);
        assert_eq!(received.xml, RESPONSE, "{path}");
        assert_eq!(received.path(), path);
    }
}

#[test]
fn the_outline_names_what_pairs_messages() {
    let outline = message(RESPONSE).outline;
    assert_eq!(outline.kind, "Response");
    assert_eq!(outline.id.as_deref(), Some("_r1"));
    assert_eq!(outline.in_response_to.as_deref(), Some("_q1"));
    assert_eq!(outline.issuer.as_deref(), Some("https://idp.corp.test/"));
}

#[test]
fn base64_is_read_by_the_letter() {
    let sound = STANDARD.encode(RESPONSE);
    let padded = STANDARD.encode(format!("{RESPONSE}{}", " ".repeat((4 - RESPONSE.len() % 3) % 3)));
    assert!(padded.ends_with("=="), "the message has to need padding");
    let loose = format!("{}B==", STANDARD.encode("<a/>").trim_end_matches("A=="));
    for wrong in [
        URL_SAFE.encode(format!("<a b='{}'/>", "\u{3ff}\u{3fe}".repeat(40))),
        padded.trim_end_matches('=').to_owned(),
        format!("{sound}="),
        format!("{}*{}", &sound[..40], &sound[41..]),
        sound[..sound.len() - 1].to_owned(),
        format!("SAMLResponse={loose}"),
    ] {
        assert_eq!(fault(&wrong), "bind-base64", "{wrong}");
    }
    let wrapped: String = sound.as_bytes().chunks(60).fold(String::new(), |mut text, line| {
        write!(text, "  {}\r\n", std::str::from_utf8(line).expect("ASCII")).expect("written");
        text
    });
    assert_eq!(message(&wrapped).xml, RESPONSE);
}

#[test]
fn layers_that_do_not_belong_to_the_binding_are_refused() {
    let (base64, deflated) = (STANDARD.encode(RESPONSE), STANDARD.encode(deflate(RESPONSE)));
    for wrong in [
        STANDARD.encode(&base64),
        format!("SAMLResponse={}", escaped(&STANDARD.encode(&base64))),
        format!("SAMLResponse={}", escaped(RESPONSE)),
        "SAMLResponse=&RelayState=x".to_owned(),
        format!("https://sp.acme.test/acs?SAMLResponse={}", escaped(&base64)),
        format!("curl -d 'SAMLResponse={}'", escaped(&deflated)),
        format!("SAMLResponse={}%2", escaped(&base64)),
        format!("SAMLRequest={}&SAMLEncoding=urn%3Ax", escaped(&deflated)),
    ] {
        assert_eq!(fault(&wrong), "bind-encoding", "{wrong}");
    }
    let foreign = STANDARD.encode(b"<a b='\xff\xfe and some more'></a>");
    assert_eq!(fault(&foreign), "xml-char");
    let wide: Vec<u8> = RESPONSE.encode_utf16().flat_map(u16::to_le_bytes).collect();
    assert_eq!(fault(&STANDARD.encode([&b"\xff\xfe"[..], &wide].concat())), "xml-encoding");
}

#[test]
fn a_stream_has_nothing_around_it() {
    let mut zlib = ZlibEncoder::new(Vec::new(), Compression::default());
    zlib.write_all(RESPONSE.as_bytes()).expect("written");
    let mut tail = deflate(RESPONSE);
    tail.extend(b"more");
    for wrong in [zlib.finish().expect("finished"), tail] {
        assert_eq!(fault(&STANDARD.encode(&wrong)), "bind-inflate-trailing");
    }
    let whole = deflate(RESPONSE);
    assert_eq!(fault(&STANDARD.encode(&whole[..whole.len() - 3])), "bind-encoding");
}

#[test]
fn bombs_meet_their_ceiling_at_once() {
    let start = std::time::Instant::now();
    let bomb = deflate(&" ".repeat(256 << 20));
    let grown = start.elapsed();
    let start = std::time::Instant::now();
    assert_eq!(fault(&STANDARD.encode(bomb)), "bind-inflate-limit");
    let large = format!("SAMLResponse={}", "A".repeat(100 << 20));
    assert_eq!(fault(&large), "bind-size");
    assert_eq!(fault(&"A".repeat((2 << 20) + 1)), "bind-size");
    let deep = "[".repeat(10 << 20);
    assert!(matches!(read(deep.as_bytes(), &Options::default()), Err(Unreadable::Foreign(_))));
    assert!(start.elapsed() < Duration::from_secs(8), "{:?} beside {grown:?}", start.elapsed());
}

#[test]
fn parameters_come_once() {
    let value = escaped(&STANDARD.encode(RESPONSE));
    for wrong in [
        format!("SAMLResponse={value}&SAMLResponse={value}"),
        format!("SAMLResponse={value}&SAMLRe%73ponse={value}"),
        format!("SAMLResponse={value}&SAMLRequest={value}"),
        format!("SAMLResponse={value}&RelayState=a&RelayState=b"),
        format!("SAMLResponse={value}&SigAlg=a&SigAlg=b"),
    ] {
        assert_eq!(fault(&wrong), "bind-duplicate-param");
    }
    let honest = format!("SAMLResponse={value}&RelayState=a&other=1&other=2");
    assert_eq!(message(&honest).relay_state.as_deref(), Some("a"));
}

#[test]
fn the_octets_of_a_redirect_signature_are_those_received_in_the_order_of_the_binding() {
    let value = escaped(&STANDARD.encode(deflate(RESPONSE)));
    let lower = value.replace("%2B", "%2b").replace("%2F", "%2f").replace("%3D", "%3d");
    let algorithm = "http%3a%2f%2fwww.w3.org%2f2001%2f04%2fxmldsig-more%23rsa-sha256";
    let url = format!(
        "https://sp.acme.test/slo?Signature=AAEC&SigAlg={algorithm}&RelayState=a%20b&SAMLResponse={lower}#x"
    );
    let query = message(&url).signature.expect("a signature");
    assert_eq!(query.kind, Detached::Redirect);
    assert_eq!(query.signature, [0, 1, 2]);
    assert_eq!(query.algorithm, "http://www.w3.org/2001/04/xmldsig-more#rsa-sha256");
    let expected = format!("SAMLResponse={lower}&RelayState=a%20b&SigAlg={algorithm}");
    assert_eq!(String::from_utf8(query.octets).expect("ASCII"), expected);
    let upper = query.others.iter().find(|(escaping, _)| *escaping == Escaping::UpperPlus);
    let upper = String::from_utf8(upper.expect("listed").1.clone()).expect("ASCII");
    assert!(upper.starts_with(&format!("SAMLResponse={value}&RelayState=a+b&SigAlg=http%3A")));
}

#[test]
fn a_simple_sign_form_is_signed_over_its_decoded_values() {
    let form = format!(
        "SAMLResponse={}&RelayState=a%26b&SigAlg={}&Signature=AAEC",
        escaped(&STANDARD.encode(RESPONSE)),
        escaped("http://www.w3.org/2001/04/xmldsig-more#rsa-sha256")
    );
    let query = message(&form).signature.expect("a signature");
    assert_eq!(query.kind, Detached::SimpleSign);
    let expected = format!(
        "SAMLResponse={RESPONSE}&RelayState=a&b&SigAlg=http://www.w3.org/2001/04/xmldsig-more#rsa-sha256"
    );
    assert_eq!(String::from_utf8(query.octets).expect("text"), expected);
}

#[test]
fn signatures_without_value_or_algorithm_are_told() {
    let value = escaped(&STANDARD.encode(deflate(RESPONSE)));
    let rsa = escaped("http://www.w3.org/2001/04/xmldsig-more#rsa-sha256");
    for (rest, names) in [
        (format!("&SigAlg={rsa}&Signature="), vec!["bind-redirect-signature"]),
        (format!("&SigAlg={rsa}"), vec!["bind-redirect-signature"]),
        ("&SigAlg=&Signature=AAEC".to_owned(), vec!["bind-sigalg"]),
        ("&Signature=AAEC".to_owned(), vec!["bind-sigalg"]),
        ("&SigAlg=urn%3Amine&Signature=AAEC".to_owned(), vec!["bind-sigalg"]),
        (format!("&SigAlg={rsa}&Signature=AAEC"), vec![]),
        (String::new(), vec![]),
    ] {
        let found = message(&format!("https://sp.acme.test/?SAMLRequest={value}{rest}"));
        assert_eq!(remarks(&found), names, "{rest}");
    }
}

#[test]
fn a_relay_state_that_can_lead_astray_is_told() {
    let value = escaped(&STANDARD.encode(RESPONSE));
    for (state, is_told) in [
        ("token-4711".to_owned(), false),
        ("https://cvat.acme.test/tasks".to_owned(), false),
        ("/tasks?page=2".to_owned(), false),
        ("x".repeat(80), false),
        ("x".repeat(81), true),
        ("https://evil.test/".to_owned(), true),
        ("//evil.test/".to_owned(), true),
        ("/\\evil.test/".to_owned(), true),
        ("javascript:alert(1)".to_owned(), true),
        ("<script>".to_owned(), true),
        ("a\nb".to_owned(), true),
    ] {
        let found = message(&format!("SAMLResponse={value}&RelayState={}", escaped(&state)));
        assert_eq!(remarks(&found).contains(&"bind-relay-state"), is_told, "{state}");
    }
}

#[test]
fn the_relay_state_of_a_request_is_compared_with_who_asks() {
    let asked = |rest: &str| {
        let request = REQUEST.replace(" Version", &format!(" {rest} Version"));
        let value = escaped(&STANDARD.encode(deflate(&request)));
        let state = escaped("https://cvat.acme.test/tasks");
        message(&format!("https://idp.corp.test/sso?SAMLRequest={value}&RelayState={state}"))
    };
    let destination = "Destination=\"https://idp.corp.test/sso\"";
    let own = "AssertionConsumerServiceURL=\"https://cvat.acme.test/acs/\"";
    let other = "AssertionConsumerServiceURL=\"https://evil.test/acs/\"";
    assert_eq!(remarks(&asked(&format!("{destination} {own}"))), [""; 0]);
    assert_eq!(remarks(&asked(destination)), [""; 0], "nothing says whose it is");
    let found = asked(&format!("{destination} {other}"));
    assert_eq!(remarks(&found), ["bind-relay-state"]);
    assert!(found.remarks[0].remedy.is_some());
}

#[test]
fn a_second_message_beside_the_first_is_never_dropped() {
    let one = STANDARD.encode(RESPONSE);
    let other = STANDARD.encode(RESPONSE.replace("Response", "LogoutResponse"));
    let lines = |text: &str| {
        let lines =
            text.as_bytes().chunks(76).map(|line| std::str::from_utf8(line).expect("ASCII"));
        lines.collect::<Vec<_>>().join("\n")
    };
    let curl = |more: &str| format!("curl https://sp.test/acs -d 'SAMLResponse={one}'{more}");
    let mail = |more: &str| format!("Hello,\n\n{}\n\nand\n\n{more}\n", lines(&one));
    for input in [
        curl(&format!(" -d 'SAMLResponse={other}'")),
        curl(" -d 'SAMLRequest=abc'"),
        mail(&lines(&other)),
    ] {
        let Err(Unreadable::Faulty { remark, .. }) = read(input.as_bytes(), &Options::default())
        else {
            panic!("one of two was taken: {input}");
        };
        assert_eq!(remark.rule.name, "bind-duplicate-param");
    }
    for input in [curl(" -d RelayState=x"), mail(&lines(&one)), mail("regards")] {
        assert!(read(input.as_bytes(), &Options::default()).is_ok(), "{input}");
    }
}

#[test]
fn quoted_xml_keeps_its_indentation() {
    let text = "<samlp:Response xmlns:samlp=\"urn:oasis:names:tc:SAML:2.0:protocol\">\n    <a/> \n</samlp:Response>";
    let quoted: Vec<String> = text.lines().map(|line| format!("> {line}")).collect();
    let received = read(quoted.join("\n").as_bytes(), &Options::default()).expect("a message");
    assert_eq!(received.xml, text);
}

#[test]
fn a_message_in_a_mail_is_found() {
    let base64 = STANDARD.encode(RESPONSE);
    let lines = |width: usize, mark: &str| -> String {
        let lines = base64.as_bytes().chunks(width);
        let lines = lines.map(|line| std::str::from_utf8(line).expect("ASCII"));
        lines.map(|line| [mark, line, "\n"].concat()).collect()
    };
    for input in [
        lines(76, "> "),
        lines(76, ">> "),
        format!("Hello Lisa,\n\n{}\nRegards\nMax", lines(76, "")),
        format!("Hello Lisa,\n\n{base64}\n\n--\nMax"),
        format!("On Monday Lisa wrote:\n{}\nThanks", lines(60, "> ")),
        format!("{}Regards", lines(76, "")),
    ] {
        let received = message(&input);
        assert_eq!(received.xml, RESPONSE, "{input}");
        assert_eq!(received.path(), "mail > base64 > Response", "{input}");
    }
    let quoted: String = RESPONSE.lines().fold(String::new(), |mut text, line| {
        writeln!(text, "> {line}").expect("written");
        text
    });
    assert_eq!(message(&quoted).path(), "mail > Response");
}

#[test]
fn a_message_in_a_mail_is_found_behind_what_looks_like_base64() {
    let (one, other) = (STANDARD.encode(RESPONSE), STANDARD.encode(RESPONSE.replace("_r1", "_r2")));
    let lines = |value: &str| {
        let lines: Vec<&str> = value
            .as_bytes()
            .chunks(76)
            .map(|line| std::str::from_utf8(line).expect("ASCII"))
            .collect();
        lines.join("\n")
    };
    let before = ["da39a3ee5e6b4b0d3255bfef95601890afd80709".to_owned(), "=".repeat(76)];
    for before in &before {
        let mail = format!("Hello,\n{before}\n{}\nregards\n", lines(&one));
        assert_eq!(message(&mail).path(), "mail > base64 > Response", "{mail}");
        let two = format!("{mail}\n{before}\n{}\n", lines(&other));
        assert_eq!(fault(&two), "bind-duplicate-param", "{two}");
    }
    let nothing = format!("Hello,\n{}\nregards\n", before.join("\n"));
    assert!(read(nothing.as_bytes(), &Options::default()).is_err());
}

#[test]
fn a_recording_behind_a_line_of_comment_is_a_recording() {
    let recording = har("None", 302, "Tue, 24 Nov 2026 12:00:00 GMT");
    let plain = message(&recording);
    for comment in ["// exported", "# exported\n# by hand"] {
        let received = message(&format!("{comment}\n{recording}"));
        assert_eq!(received.path(), plain.path());
        assert_eq!(received.capture.is_some(), plain.capture.is_some());
    }
    let unreadable =
        read(b"# settings\n[login]\nname = 1\n", &Options::default()).expect_err("settings");
    assert!(format!("{unreadable:?}").contains("text with settings"), "{unreadable:?}");
}

#[test]
fn blanks_where_plus_signs_were_are_named_whatever_the_length() {
    for filler in 0..4 {
        let text = RESPONSE.replace("<x>", &format!("<x>{}>>>>>>", "a".repeat(filler)));
        let base64 = STANDARD.encode(&text);
        assert!(base64.contains('+'), "it needs a plus sign: {base64}");
        let Err(Unreadable::Faulty { remark, .. }) =
            read(base64.replace('+', " ").as_bytes(), &Options::default())
        else {
            panic!("{base64}")
        };
        assert_eq!(remark.rule.name, "bind-base64");
        assert!(remark.message.starts_with("blanks stand where + was"), "{}", remark.message);
    }
}

#[test]
fn what_is_no_message_is_named_with_the_command_that_reads_it() {
    for (input, what, hint) in [
        ("", "empty", "SAML message"),
        ("<EntityDescriptor xmlns='urn:oasis:names:tc:SAML:2.0:metadata'/>", "metadata", "check F"),
        ("<html><body>Sign in</body></html>", "web page", "HAR"),
        (
            "<e:Envelope xmlns:e='http://schemas.xmlsoap.org/soap/envelope/'/>",
            "SOAP",
            "file of its own",
        ),
        ("<note>hello</note>", "root is note", ""),
        ("eyJhbGciOiJub25lIn0.eyJhIjoxfQ.", "JSON Web Token", "decode-token F"),
        ("{\"id_token\": \"eyJ\"}", "token response", "decode-token F"),
        ("{\"issuer\": 1, \"authorization_endpoint\": 2}", "discovery", "check F"),
        ("{\"log\": {\"entries\": []}}", "without a SAML message", "record"),
        ("{\"log\": {\"entries\": [", "cannot be read", "again"),
        ("sso:\n  enabled: true\n", "settings", "validate F"),
        ("-----BEGIN CERTIFICATE-----\nMII\n", "certificate", "--cert"),
        ("https://idp.corp.test/metadata", "address", "check"),
        ("https://sp.acme.test/acs?SAMLart=AAQA", "artifact", "server"),
        ("hello there", "another kind", "XML"),
    ] {
        let options = Options { name: "F", ..Options::default() };
        match read(input.as_bytes(), &options) {
            Err(Unreadable::Foreign(found)) => {
                assert!(found.what.contains(what), "{input}: {}", found.what);
                assert!(found.hint.contains(hint), "{input}: {}", found.hint);
            }
            other => panic!("{input}: {other:?}"),
        }
    }
    assert!(matches!(read(b"\x89PNG\r\n\xff", &Options::default()), Err(Unreadable::Foreign(_))));
}

#[test]
fn a_recording_tells_request_status_clock_and_cookie() {
    let received = message(&har("Lax", 403, "Tue, 24 Nov 2026 12:01:05 GMT"));
    assert_eq!(received.layers[0], Layer::Har);
    let capture = received.capture.as_ref().expect("a capture");
    assert_eq!(capture.exchanges.len(), 2, "the request is listed once");
    assert_eq!(capture.chosen, 1);
    assert_eq!(capture.status, Some(403));
    let request = capture.request.as_ref().expect("the request");
    assert_eq!(request.id.as_deref(), Some("_q1"));
    assert_eq!(
        remarks(&received),
        ["bind-failed-answer", "bind-clock-difference", "bind-cookie-lost"]
    );
    let clock = &received.remarks[1].message;
    assert!(clock.contains("59 s behind that of cvat.acme.test"), "{clock}");
}

#[test]
fn a_recording_of_a_sound_login_tells_nothing() {
    let received = message(&har("None; Secure", 302, "Tue, 24 Nov 2026 12:00:05 GMT"));
    assert_eq!(remarks(&received), [""; 0]);
    let other = har("None; Secure", 302, "Tue, 24 Nov 2026 12:00:05 GMT").replace("_q1", "_q0");
    assert_eq!(remarks(&message(&other)), [""; 0], "both ends were replaced");
}

#[test]
fn fields_of_a_recording_are_read_however_the_browser_wrote_them() {
    let mut document: serde_json::Value =
        serde_json::from_str(&har("Lax", 302, "Tue, 24 Nov 2026 12:00:05 GMT")).expect("JSON");
    let base64 = STANDARD.encode(RESPONSE);
    for value in [escaped(&base64), base64.clone()] {
        document["log"]["entries"][3]["request"]["postData"] = json!({"text": "", "params": [
            {"name": "RelayState", "value": "a"}, {"name": "SAMLResponse", "value": value}]});
        assert_eq!(message(&document.to_string()).xml, RESPONSE, "{value}");
    }
}

#[test]
fn an_export_that_hides_its_values_says_so() {
    let tracer = json!({"requests": [{"method": "POST", "url": "https://cvat.acme.test/acs/",
        "post": [["SAMLResponse", "********"]]}]});
    match read(tracer.to_string().as_bytes(), &Options::default()) {
        Err(Unreadable::Faulty { remark, layers }) => {
            assert_eq!(layers[0], Layer::Tracer);
            assert!(remark.remedy.is_some_and(|remedy| remedy.contains("export again")));
        }
        other => panic!("{other:?}"),
    }
}

#[test]
fn a_response_in_an_address_is_told_and_a_request_is_not() {
    let query = escaped(&STANDARD.encode(deflate(RESPONSE)));
    let found = message(&format!("https://sp.acme.test/acs?SAMLResponse={query}"));
    assert_eq!(remarks(&found), ["bind-response-in-address"]);
    let query = escaped(&STANDARD.encode(deflate(REQUEST)));
    let found = message(&format!("https://idp.acme.test/sso?SAMLRequest={query}"));
    assert_eq!(remarks(&found), [""; 0]);
}

#[test]
fn a_message_of_several_is_chosen_by_its_number() {
    let har = har("None; Secure", 302, "Tue, 24 Nov 2026 12:00:05 GMT");
    let options = Options { number: Some(1), ..Options::default() };
    let request = read(har.as_bytes(), &options).expect("the request");
    assert_eq!(request.path(), "HAR > Redirect URL > base64 > DEFLATE > AuthnRequest");
    let options = Options { number: Some(3), ..Options::default() };
    assert!(matches!(read(har.as_bytes(), &options), Err(Unreadable::Foreign(_))));
}

#[test]
fn no_cut_and_no_flip_of_any_form_panics() {
    for (input, path) in forms() {
        let bytes = input.as_bytes();
        let step = 1 + bytes.len() / 700;
        for end in (0..bytes.len()).step_by(step) {
            drop(read(&bytes[..end], &Options::default()));
            let mut flipped = bytes.to_vec();
            flipped[end] ^= 1 << (end % 8);
            drop(read(&flipped, &Options::default()));
        }
        assert!(!path.is_empty());
    }
}

#[test]
fn a_recording_of_fifty_megabytes_is_read() {
    let filler: String = "<p>page</p>".repeat(4000);
    let entries: Vec<_> = (0..1000)
        .map(|n| {
            json!({"startedDateTime": "2026-11-24T12:00:00Z", "time": 10,
                "request": {"method": "GET", "url": format!("https://x.test/{n}"), "headers": []},
                "response": {"status": 200, "headers": [], "content": {"text": filler}}})
        })
        .collect();
    let mut document: serde_json::Value =
        serde_json::from_str(&har("Lax", 302, "Tue, 24 Nov 2026 12:00:05 GMT")).expect("JSON");
    document["log"]["entries"].as_array_mut().expect("a list").extend(entries);
    let text = document.to_string();
    assert!(text.len() > 40 << 20, "{}", text.len());
    let start = std::time::Instant::now();
    assert_eq!(message(&text).xml, RESPONSE);
    assert!(start.elapsed() < Duration::from_secs(20), "{:?}", start.elapsed());
}

/// An input that gives its beginning, then the same bytes for ever, and counts what was taken.
struct Endless<'b> {
    beginning: &'b [u8],
    repeated: &'b [u8],
    taken: usize,
}

impl std::io::Read for Endless<'_> {
    fn read(&mut self, buffer: &mut [u8]) -> std::io::Result<usize> {
        for place in buffer.iter_mut() {
            let behind = self.taken.checked_sub(self.beginning.len());
            *place = match behind {
                None => self.beginning[self.taken],
                Some(at) => self.repeated[at % self.repeated.len()],
            };
            self.taken += 1;
        }
        Ok(buffer.len())
    }
}

#[test]
fn reading_stops_at_a_ceiling_whatever_the_input_is() {
    let entry = br#"{"request":{"url":"https://a.test/"}},"#;
    let cookie = br#"{"name":"Cookie","value":"c"},"#;
    for (beginning, repeated, most, limit) in [
        (&b""[..], &b"\0"[..], 5 << 20, true),
        (b"", b" ", 5 << 20, true),
        (b"", b"&a=b", 5 << 20, true),
        (b"{\"log\":{\"entries\":[", entry, 4 << 20, true),
        (b"{\"log\":{\"entries\":[{\"request\":{\"headers\":[", cookie, 16 << 20, true),
        (b"{\"a\":", b"[", 1 << 20, false),
    ] {
        let inner = Endless { beginning, repeated, taken: 0 };
        let mut input = std::io::BufReader::new(inner);
        let read = read_from(&mut input, &Options::default()).expect("it can be read");
        match read {
            Err(Unreadable::Faulty { remark, .. }) if limit => {
                assert_eq!(remark.rule.name, "bind-size");
            }
            Err(Unreadable::Foreign(_)) if !limit => {}
            other => panic!("{other:?}"),
        }
        assert!(input.get_ref().taken <= most, "{}", input.get_ref().taken);
    }
}

#[test]
fn a_recording_that_somebody_edited_is_read() {
    let sound = har("None; Secure", 302, "Tue, 24 Nov 2026 12:00:05 GMT");
    let end = sound.rfind(']').expect("a list");
    let edited = format!("// cut\n{}, /* more */ {}", &sound[..end], &sound[end..]);
    let byte_order_mark = format!("\u{feff}{sound}");
    let padded = sound.replacen('{', &format!("{{\"x\": \"{}\", ", "p".repeat(6 << 20)), 1);
    for text in [&edited[7..], &byte_order_mark, &padded] {
        assert_eq!(message(text).xml, RESPONSE);
    }
}

#[test]
fn of_members_that_a_recording_has_twice_the_last_counts() {
    let base64 = STANDARD.encode(RESPONSE);
    let text = format!(
        r#"{{"requests": [{{"method": "POST", "url": "https://a.test/", "url": "https://cvat.acme.test/acs/",
        "post": [["SAMLResponse", "AAAA"]], "post": [["SAMLResponse", "{base64}"]]}}]}}"#
    );
    let received = message(&text);
    assert_eq!(received.xml, RESPONSE);
    let capture = received.capture.expect("a capture");
    assert_eq!(capture.exchanges[0].address, "https://cvat.acme.test/acs/");
}

#[test]
fn parameters_of_other_names_may_come_by_the_hundred_thousand() {
    let base64 = escaped(&STANDARD.encode(RESPONSE));
    let many = "&a=b".repeat(100_000);
    assert_eq!(message(&format!("SAMLResponse={base64}{many}")).xml, RESPONSE);
    let twice = format!("SAMLResponse={base64}{many}{}", "&SAMLResponse=x".repeat(1000));
    match read(twice.as_bytes(), &Options::default()) {
        Err(Unreadable::Faulty { remark, .. }) => {
            assert_eq!(remark.message, "SAMLResponse comes 1001 times");
        }
        other => panic!("{other:?}"),
    }
}

/// The same message in every form, and the layers that are named.
fn forms() -> Vec<(String, &'static str)> {
    let base64 = STANDARD.encode(RESPONSE);
    let deflated = STANDARD.encode(deflate(RESPONSE));
    let (form, query) = (escaped(&base64), escaped(&deflated));
    let wrapped =
        base64.as_bytes().chunks(76).map(|line| std::str::from_utf8(line).expect("ASCII"));
    let wrapped = wrapped.collect::<Vec<_>>().join("\n");
    let references = base64.replace('+', "&#x2b;").replace('=', "&#61;");
    let tracer = json!({"requests": [{"method": "POST", "url": "https://cvat.acme.test/acs/",
        "requestId": "1", "requestHeaders": [], "responseStatus": 200, "saml": "<changed/>",
        "post": [["SAMLResponse", base64], ["RelayState", "x"]]}], "timestamp": "x"});
    vec![
        (RESPONSE.to_owned(), "Response"),
        (base64.clone(), "base64 > Response"),
        (wrapped, "base64 > Response"),
        (format!("\"{base64}\"\n"), "base64 > Response"),
        (deflated.clone(), "base64 > DEFLATE > Response"),
        (form.clone(), "percent-encoding > base64 > Response"),
        (format!("SAMLResponse={form}&RelayState=abc"), "POST form > base64 > Response"),
        (format!("RelayState=abc&SAMLResponse={base64}"), "POST form > base64 > Response"),
        (format!("?SAMLResponse={query}"), "Redirect URL > base64 > DEFLATE > Response"),
        (
            format!("https://sp.acme.test/acs?SAMLResponse={query}&x=1"),
            "Redirect URL > base64 > DEFLATE > Response",
        ),
        (
            format!("curl 'https://sp.acme.test/acs' -H 'a: b' --data-raw 'SAMLResponse={form}'"),
            "command line > POST form > base64 > Response",
        ),
        (
            format!("POST /acs HTTP/1.1\r\nHost: sp.acme.test\r\n\r\nSAMLResponse={form}"),
            "command line > POST form > base64 > Response",
        ),
        (
            format!("SAMLResponse: {base64}\nRelayState: abc\n"),
            "list of fields > POST form > base64 > Response",
        ),
        (
            format!(
                "<!doctype html><html><body onload='document.forms[0].submit()'><form method=post \
                 action='https://sp.acme.test/acs'><input type=hidden name=\"SAMLResponse\" \
                 value=\"{references}\"/><input name=RelayState value=a&amp;b></form></body></html>"
            ),
            "HTML page > POST form > base64 > Response",
        ),
        (
            json!({"SAMLResponse": base64, "RelayState": "x"}).to_string(),
            "JSON object > POST form > base64 > Response",
        ),
        (tracer.to_string(), "SAML-tracer export > POST form > base64 > Response"),
        (har("Lax", 302, "Tue, 24 Nov 2026 12:00:05 GMT"), "HAR > POST form > base64 > Response"),
    ]
}

/// A recording: request by redirect, a page of the identity provider, the post to the application.
fn har(same_site: &str, status: u16, date: &str) -> String {
    let request = escaped(&STANDARD.encode(deflate(REQUEST)));
    let idp = format!("https://idp.corp.test/sso?SAMLRequest={request}");
    let headers = |pairs: &[(&str, &str)]| -> Vec<serde_json::Value> {
        pairs.iter().map(|(name, value)| json!({"name": name, "value": value})).collect()
    };
    json!({"log": {"version": "1.2", "entries": [
        {"startedDateTime": "2026-11-24T11:59:58Z", "time": 50,
         "request": {"method": "GET", "url": "https://cvat.acme.test/login", "headers": []},
         "response": {"status": 302, "headers": headers(&[
            ("Set-Cookie", &format!("sessionid=1; Path=/; SameSite={same_site}")),
            ("Location", &idp)])}},
        {"startedDateTime": "2026-11-24T11:59:59.000Z", "time": 100,
         "request": {"method": "GET", "url": idp, "headers": []},
         "response": {"status": 200, "headers": headers(&[("Date", "Tue, 24 Nov 2026 11:59:59 GMT")])}},
        {"startedDateTime": "2026-11-24T12:00:03.000Z", "time": 100,
         "request": {"method": "POST", "url": idp, "headers": [],
            "postData": {"mimeType": "application/x-www-form-urlencoded", "text": "user=a&password=b"}},
         "response": {"status": 200, "headers": headers(&[("Date", "Tue, 24 Nov 2026 12:00:03 GMT")])}},
        {"startedDateTime": "2026-11-24T12:00:04.000Z", "time": 900,
         "request": {"method": "POST", "url": "https://cvat.acme.test/acs/",
            "headers": headers(&[("Origin", "https://idp.corp.test")]),
            "postData": {"text": format!("SAMLResponse={}", escaped(&STANDARD.encode(RESPONSE)))}},
         "response": {"status": status, "headers": headers(&[("Date", date)])}}
    ]}})
    .to_string()
}

fn message(input: &str) -> Received {
    read(input.as_bytes(), &Options::default()).unwrap_or_else(|error| panic!("{input}: {error:?}"))
}

fn fault(input: &str) -> &'static str {
    match read(input.as_bytes(), &Options::default()) {
        Err(Unreadable::Faulty { remark, .. }) => remark.rule.name,
        other => panic!("{}: {other:?}", &input[..input.len().min(300)]),
    }
}

fn remarks(received: &Received) -> Vec<&'static str> {
    received.remarks.iter().map(|remark| remark.rule.name).collect()
}

fn deflate(text: &str) -> Vec<u8> {
    let mut stream = DeflateEncoder::new(Vec::new(), Compression::default());
    stream.write_all(text.as_bytes()).expect("written");
    stream.finish().expect("finished")
}

fn escaped(text: &str) -> String {
    url::form_urlencoded::byte_serialize(text.as_bytes()).collect()
}

const RESPONSE: &str = concat!(
    "<samlp:Response xmlns:samlp=\"urn:oasis:names:tc:SAML:2.0:protocol\" ID=\"_r1\" ",
    "InResponseTo=\"_q1\" Destination=\"https://cvat.acme.test/acs/\" ",
    "IssueInstant=\"2026-11-24T12:00:03Z\" Version=\"2.0\">\n",
    "  <saml:Issuer xmlns:saml=\"urn:oasis:names:tc:SAML:2.0:assertion\">https://idp.corp.test/",
    "</saml:Issuer><x>Zo\u{eb} ?~\u{3fe}</x></samlp:Response>",
);
const REQUEST: &str = concat!(
    "<samlp:AuthnRequest xmlns:samlp=\"urn:oasis:names:tc:SAML:2.0:protocol\" ID=\"_q1\" ",
    "Version=\"2.0\" IssueInstant=\"2026-11-24T11:59:58Z\"/>",
);
