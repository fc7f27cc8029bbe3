use proptest::prelude::*;

use super::*;

const SLOTS: &[Slot] = &[
    Slot { event: "PreToolUse", matcher: Some("Write|Edit"), timeout: 30 },
    Slot { event: "Stop", matcher: None, timeout: 30 },
];

fn entry(shape: Shape) -> Entry<'static> {
    Entry { shape, slots: SLOTS, command: "trueup hook claude-code", mark: "hook claude-code" }
}

fn groups() -> Entry<'static> {
    entry(Shape::Groups)
}

#[track_caller]
fn comes_back(text: &str, entry: Entry<'_>) -> String {
    let installed = install(Some(text), entry).unwrap_or_else(|fault| panic!("{fault:?} in {text:?}"));
    assert_eq!(installed.done, Done::Added, "{text:?}");
    let again = install(Some(&installed.text), entry).unwrap();
    assert_eq!((again.done, &again.text), (Done::Unchanged, &installed.text));
    let removed = uninstall(&installed.text, entry).unwrap();
    assert_eq!(removed, Removed::Text(text.to_owned()), "from {:?}", installed.text);
    installed.text
}

#[test]
fn a_file_is_made_and_goes() {
    for shape in [Shape::Groups, Shape::Flat { version: 1 }] {
        let installed = install(None, entry(shape)).unwrap();
        let again = install(Some(&installed.text), entry(shape)).unwrap();
        assert_eq!(again.done, Done::Unchanged, "{}", installed.text);
        assert_eq!(uninstall(&installed.text, entry(shape)).unwrap(), Removed::File, "{}", installed.text);
    }
    assert_eq!(
        new(entry(Shape::Flat { version: 1 })),
        "{\n  \"hooks\": {\n    \"PreToolUse\": [\n      {\n        \"command\": \"trueup hook claude-code\",\n        \"matcher\": \"Write|Edit\",\n        \"timeout\": 30\n      }\n    ],\n    \"Stop\": [\n      {\n        \"command\": \"trueup hook claude-code\",\n        \"timeout\": 30\n      }\n    ]\n  },\n  \"version\": 1\n}\n"
    );
}

#[test]
fn real_forms_come_back_to_the_byte() {
    for text in [
        "{}",
        "{}\n",
        "{ }",
        "{\n}\n",
        "\u{feff}{\r\n\t\"model\": \"opus\"\r\n}\r\n",
        "{\"model\":\"opus\"}",
        "{ \"model\": \"opus\" }",
        "{ // nothing yet\n}\n",
        "{\n  // nothing yet\n}\n",
        "{\n  \"model\": \"opus\", // the large one  \n}\n",
        "{\n  \"model\": \"opus\" /* the\n large one */ // and more \t\n  // the end\n}",
        "{ \"model\": \"opus\" // c\n}",
        "{\n  \"hooks\": {}\n}\n",
        "{\n  \"hooks\": {\n  }\n}\n",
        "{\n  \"hooks\": {\n    \"PreToolUse\": []\n  },\n  \"model\": \"opus\"\n}\n",
        "{\n  \"hooks\": {\n    \"PreToolUse\": [\n      { \"matcher\": \"Bash\", \"hooks\": [{ \"type\": \"command\", \"command\": \"x\" }] }\n    ],\n  },\n}\n",
        "{\n    \"permissions\": {\n        \"allow\": [\"Bash(ls:*)\"]\n    },\n    \"hooks\": {\n        \"Stop\": [\n            // first\n            {\n                \"hooks\": []\n            }\n            // last\n        ]\n    }\n}\n",
    ] {
        comes_back(text, groups());
    }
    comes_back(
        "{\n  \"version\": 1,\n  \"hooks\": {\n    \"stop\": [{ \"command\": \"a.sh\" }]\n  }\n}\n",
        entry(Shape::Flat { version: 1 }),
    );
    comes_back("{\n  \"version\": 1\n}\n", entry(Shape::Flat { version: 1 }));
}

#[test]
fn it_looks_like_the_rest() {
    let text = comes_back("{\n    \"model\": \"opus\" // large\n}\n", groups());
    assert!(text.starts_with("{\n    \"model\": \"opus\", // large\n    \"hooks\": {\n        \"PreToolUse\": [\n            {\n                \"matcher\": \"Write|Edit\",\n"), "{text}");
    assert!(text.ends_with("        ]\n    }\n}\n"), "{text}");
}

#[test]
fn what_others_added_meanwhile_stays() {
    let theirs = "{ \"type\": \"command\", \"command\": \"mine\" }";
    let text = install(None, groups()).unwrap().text;
    let grown =
        text.replacen("\"hooks\": [\n          {", &format!("\"hooks\": [\n          {theirs},\n          {{"), 1);
    assert_ne!(grown, text);
    let Removed::Text(left) = uninstall(&grown, groups()).unwrap() else { panic!("{grown}") };
    assert!(left.contains(theirs) && !left.contains("trueup"), "{left}");
    json::parse(&left).unwrap();
    let commented = text.replace("{\n  \"hooks\"", "{\n  // mine\n  \"hooks\"");
    assert_eq!(uninstall(&commented, groups()).unwrap(), Removed::Text("{\n  // mine\n}\n".to_owned()));
}

#[test]
fn an_older_one_of_ours_is_renewed() {
    let old = install(None, Entry { command: "/old/trueup --no-exec hook claude-code", ..groups() }).unwrap().text;
    let renewed = install(Some(&old), groups()).unwrap();
    assert_eq!((renewed.done, renewed.text), (Done::Renewed, new(groups())));
    // That of another agent is not ours.
    let other = install(None, Entry { command: "trueup hook codex", ..groups() }).unwrap().text;
    assert_eq!(uninstall(&other, groups()).unwrap(), Removed::NotThere);
}

#[test]
fn what_is_no_settings_file_is_told_with_its_place() {
    for (text, at, told) in [
        ("", 0, "it is empty"),
        (" // c\n", 0, "it is empty"),
        ("[]", 0, "the file is no JSON object"),
        ("{\"hooks\": []}", 10, "`hooks` is no JSON object"),
        ("{\"hooks\": {\"Stop\": {}}}", 19, "`hooks.Stop` is no list"),
        ("{\"hooks\": {}, \"hooks\": {}}", 14, "`hooks` stands there twice"),
        ("{\"a\": 1", 0, "untermin"),
        ("{\"a\": 'b'}", 6, "single-quote"),
        ("{\"a\" 1}", 5, "expected"),
    ] {
        let fault = install(Some(text), groups()).unwrap_err();
        assert!(fault.message.contains(told), "{text}: {fault:?}");
        assert_eq!(fault.at, at, "{text}: {fault:?}");
    }
    let fault = install(Some("{}"), entry(Shape::Flat { version: 1 })).unwrap_err();
    assert!(fault.message.contains("no `version`"), "{fault:?}");
}

/// White space and comments that may stand between two tokens.
fn trivia() -> impl Strategy<Value = String> {
    let piece = prop_oneof![
        8 => Just(String::new()),
        6 => Just("\n  ".to_owned()),
        2 => Just(" ".to_owned()),
        2 => Just("\r\n\t".to_owned()),
        1 => Just("\n\n    ".to_owned()),
        2 => Just(" // a comment, \"quoted\" {  \n".to_owned()),
        1 => Just(" /* one */ ".to_owned()),
        1 => Just("/* two\n lines */\t".to_owned()),
    ];
    proptest::collection::vec(piece, 1..3).prop_map(|pieces| pieces.concat())
}

/// A container of these members, whatever stands between them.
fn container(open: char, close: char, members: Vec<String>) -> impl Strategy<Value = String> {
    let gaps = proptest::collection::vec((trivia(), trivia()), members.len());
    (gaps, trivia(), any::<bool>()).prop_map(move |(gaps, end, trailing)| {
        let mut text = open.to_string();
        for (index, (member, (before, behind))) in members.iter().zip(gaps).enumerate() {
            let comma = if index + 1 < members.len() || trailing { "," } else { "" };
            text += &format!("{before}{member}{behind}{comma}");
        }
        format!("{text}{end}{close}")
    })
}

fn list() -> impl Strategy<Value = String> {
    let element = prop_oneof![
        Just("{\"matcher\": \"Bash\", \"hooks\": [{\"type\": \"command\", \"command\": \"a // b\"}]}".to_owned()),
        Just("{}".to_owned()),
        Just("\"a]}\\\"/*\"".to_owned()),
    ];
    proptest::collection::vec(element, 0..3).prop_flat_map(|elements| container('[', ']', elements))
}

fn object_of(names: &'static [&'static str], value: impl Strategy<Value = String>) -> impl Strategy<Value = String> {
    let values = proptest::collection::vec(proptest::option::weighted(0.6, (trivia(), value)), names.len());
    values.prop_flat_map(move |values| {
        let members = names.iter().zip(values);
        let members = members.filter_map(|(name, value)| value.map(|(gap, value)| format!("\"{name}\":{gap}{value}")));
        container('{', '}', members.collect())
    })
}

fn settings() -> impl Strategy<Value = String> {
    let hooks = object_of(&["PreToolUse", "Stop", "Other"], list());
    let root = object_of(&["model", "env", "permissions"], Just("{\"a\": [1, 2]}".to_owned()));
    (trivia(), prop_oneof![1 => root, 2 => hooks.prop_flat_map(|hooks| {
        let first = Just(vec![format!("\"hooks\": {hooks}")]);
        let between = Just(vec!["\"model\": \"opus\"".to_owned(), format!("\"hooks\":{hooks}"), "\"x\": null".to_owned()]);
        prop_oneof![first, between].prop_flat_map(|members| container('{', '}', members))
    })], trivia())
        .prop_map(|(before, root, behind)| format!("{before}{root}{behind}"))
}

proptest! {
    #[test]
    fn installing_and_uninstalling_is_nothing_at_all(text in settings()) {
        let installed = install(Some(&text), groups()).unwrap();
        prop_assert_eq!(installed.done, Done::Added);
        // What was there is there.
        let value = |text: &str| json::value(text, &json::parse(text).unwrap());
        let (before, mut after) = (value(&text), value(&installed.text));
        prop_assert_eq!(ours(&installed.text, groups()).unwrap().len(), SLOTS.len());
        for slot in SLOTS {
            let list = after["hooks"][slot.event].as_array_mut().unwrap();
            prop_assert_eq!(list.pop().unwrap(), hook(groups(), slot));
            if list.is_empty() && before["hooks"].get(slot.event).is_none() {
                after["hooks"].as_object_mut().unwrap().remove(slot.event);
            }
        }
        if before.get("hooks").is_none() {
            after.as_object_mut().unwrap().remove("hooks");
        }
        prop_assert_eq!(after, before);
        let again = install(Some(&installed.text), groups()).unwrap();
        prop_assert_eq!(again.done, Done::Unchanged);
        prop_assert_eq!(uninstall(&installed.text, groups()).unwrap(), Removed::Text(text), "{}", installed.text);
    }

    /// Whatever is in a file: it is refused, or it comes back.
    #[test]
    fn no_text_is_lost(text in "[{}\\[\\]:,\"/* \na1]{0,24}|\\{[ \n]*(\"hooks\":[{}\\[\\] \n]{2,6},?)?[ /*\n]*\\}[ \n]{0,2}") {
        for entry in [groups(), entry(Shape::Flat { version: 1 })] {
            if let Ok(installed) = install(Some(&text), entry) {
                prop_assert_eq!(uninstall(&installed.text, entry).unwrap(), Removed::Text(text.clone()), "{}", installed.text);
            }
        }
    }
}
