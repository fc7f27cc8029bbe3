use std::path::Path;

use proptest::prelude::*;

use super::keys::{Form, ROOT, Shape};
use super::parse;
use super::tests::{FULL, file, shown};
use crate::document::source::Span;
use crate::report::diagnostic::Severity;

/// What is pointed at, and what is said, of every fault and warning.
fn faults(text: &str) -> Vec<(String, String, String)> {
    match parse(&file(text), Path::new("/p")) {
        Ok(parsed) => shown(&parsed.warnings),
        Err(faults) => shown(&faults),
    }
}

#[test]
fn five_faults_are_told_at_once() {
    let text = r#"
docs = ["CLAUDE.md", "[a"]
[run]
deadline = "15"
[group.mcp]
nmaes = ["MCP servers"]
expect = "21"
discover = { mcp = ".mcp.json" }
[[bind]]
pattern = "a(b"
to = "mpc"
"#;
    let faults = faults(text);
    let told: Vec<_> = faults.iter().map(|(at, said, help)| (at.as_str(), said.as_str(), help.as_str())).collect();
    let expected = [
        (
            "\"[a\"",
            "`docs[1]` is \"[a\", which is no glob pattern (unclosed character class; missing ']'); expected a glob pattern",
            "",
        ),
        (
            "\"15\"",
            "`run.deadline` is \"15\", which is not a duration (time unit needed, for example 15sec or 15ms); expected a \
             duration such as \"15s\" or \"1h30m\"",
            "give a unit: \"15s\"",
        ),
        ("nmaes", "unknown key `nmaes` in `group.mcp`", "did you mean `names`?"),
        ("\"21\"", "`group.mcp.expect` is the string \"21\", expected a whole number from 1 to 1000000", ""),
        ("(", "`bind[0].pattern` is \"a(b\", which is no regular expression: unclosed group", ""),
        ("\"mpc\"", "`bind[0].to` is \"mpc\", but no group or metric is called \"mpc\"", "did you mean `mcp`?"),
    ];
    assert_eq!(told, expected);
}

/// The text, then what each fault points at and words that its headline or help has.
type Case = (&'static str, &'static [(&'static str, &'static str)]);

const CASES: &[Case] = &[
    // Syntax, and what can be said beside it.
    (
        "docs = \n[group.x]\nexpect = \"21\"\ntargets = 3",
        &[("", "no value after `=`"), ("\"21\"", "a whole number"), ("targets", "did you mean `target`?")],
    ),
    ("docs = []\ndocs = []", &[("docs", "not valid TOML: duplicate key")]),
    ("docs = [1, 2", &[("", "unclosed array")]),
    ("[group.x\nexpect = 0\n[run]\ntimeout = 1", &[("", "unclosed table"), ("1", "expected a duration")]),
    // Keys and tables.
    ("unbound = \"deny\"", &[("unbound", "`unbound` is a key of [judge]; this table has `docs`")]),
    ("group = 3", &[("3", "`group` is the integer 3, expected a table")]),
    ("bind = \"x\"", &[("\"x\"", "expected a list of tables")]),
    ("[group.\"a.b\"]\ndiscover.mcp = \"x\"", &[("\"a.b\"", "cannot be a key here")]),
    // Scalars.
    ("judge.unmeasured = \"den\"", &[("\"den\"", "did you mean \"deny\"?")]),
    ("run.timeout = \"0s\"", &[("\"0s\"", "leaves no time at all")]),
    ("run.timeout = \"9999y\"", &[("\"9999y\"", "longer than a year")]),
    ("run.timeout = 15", &[("15", "is the integer 15, expected a duration")]),
    ("run.concurrency = 0", &[("0", "from 1 to 1024")]),
    ("group.a = { discover.mcp = 'x', tolerance.share = nan }", &[("nan", "expected a number from 0 to 1")]),
    ("group.a = { discover.mcp = 'x', names = [' '] }", &[("' '", "which is blank")]),
    // Groups.
    ("[group.f]\nexpect = 3", &[("f", "has no targets, expected `discover` or at least one target")]),
    ("[group.f]\ndiscover = {}", &[("discover", "names no source")]),
    ("[group.f]\ndiscover = []", &[("[]", "empty list")]),
    ("[group.f]\ndiscover.dokcer = 1\ncheck.docker = {}", &[("dokcer", "did you mean `docker`?")]),
    ("[group.f]\ndiscover.docker = {}", &[("docker", "does not say which containers")]),
    (
        "[group.f]\nexpect = 1\ntarget.a.check.tcp.address = 'a:1'\ntarget.b.check.tcp.address = 'a:2'",
        &[("1", "expected at least 2: that many targets are written down")],
    ),
    (
        "[group.a]\ndiscover.mcp = 'x'\nnames = ['S']\n[metric.a]\nfrom.command.command = ['x']\nnames = ['s']",
        &[("a", "`a` is a group and a metric"), ("'s'", "the name \"s\" is given twice")],
    ),
    // Checks and what their group finds.
    (
        "[group.f]\ndiscover.mcp = 'x'\ncheck.docker = {}",
        &[("docker", "names no container, and its group discovers none")],
    ),
    ("[group.f]\ndiscover.docker.label = 'x'\ncheck.exec = {}", &[("exec", "has no `command`")]),
    (
        "[group.f]\ndiscover.docker.label = 'x'\ncheck.mcp = {}",
        &[("mcp", "names no server, and its group discovers none")],
    ),
    ("[group.f]\ncheck.mcp.min_tools = 1\ntarget.t = {}", &[("t", "`group.f.target.t.check.mcp` names no server")]),
    (
        "[group.f]\ncheck.http.method = 'POST'\ntarget.a.check.http.url = 'http://a'\ntarget.b = {}",
        &[("b", "`group.f.target.b.check.http` has no `url`")],
    ),
    (
        "[group.f]\ncheck.http.matches = '('\ntarget.a.check.http.url = 'http://a'\ntarget.b.check.http.url = 'http://b'",
        &[("(", "`group.f.check.http.matches` is \"(\", which is no regular expression")],
    ),
    (
        "[group.f]\ndiscover.mcp = 'x'\ncheck.ftp = {}",
        &[("ftp", "this table has `docker`, `exec`, `mount`, `reach`, `mcp`")],
    ),
    ("[group.f]\ndiscover.mcp = 'x'\ncheck.mcp.via = 'exec'", &[("mcp", "names no container")]),
    ("[group.f]\ndiscover.mcp = 'x'\ncheck.mcp.via = 'tcp'", &[("'tcp'", "stdio")]),
    ("[group.f.target.t.check.mcp]\nvia = 'http'\ncommand = ['x']\nurl = 'http://x'", &[("command", "no effect")]),
    ("[group.f]\ndiscover.mcp = 'x'\ncheck.mcp.env = { A = 'b' }", &[("env", "has no effect without `command`")]),
    ("[group.f]\ndiscover.mcp = 'x'\ncheck.mcp.call.tol = 'b'", &[("tol", "did you mean `tool`?")]),
    ("[group.f]\ndiscover.mcp = 'x'\ncheck.mcp.call.arguments = {}", &[("call", "has no `tool`")]),
    ("[group.f]\ndiscover.mcp = 'x'\ncheck.mcp.rung = 'helthy'", &[("'helthy'", "did you mean \"healthy\"?")]),
    ("[group.f]\ntarget.t.check.tcp.address = 'localhost'", &[("'localhost'", "which has no port")]),
    ("[group.f]\ntarget.t.check.tcp.address = 'http://a:1'", &[("'http://a:1'", "which is a URL")]),
    ("[group.f]\ntarget.t.check.tcp.address = '::1:80'", &[("'::1:80'", "not in brackets")]),
    ("[group.f]\ntarget.t.check.tcp.address = 'a:70000'", &[("'a:70000'", "from 1 to 65535")]),
    (
        "[group.f]\ntarget.t.check.http.url = 'localhost:80/x'",
        &[("'localhost:80/x'", "write \"http://localhost:80/x\"")],
    ),
    ("[group.f]\ntarget.t.check.http.url = 'a b'", &[("'a b'", "which is not a URL")]),
    ("[group.f]\ntarget.t.check.http = { url = 'http://a', method = 'get' }", &[("'get'", "did you mean \"GET\"?")]),
    ("[group.f]\ntarget.t.check.http = { url = 'http://a', status = [200, 99] }", &[("99", "from 100 to 599")]),
    ("[group.f]\ntarget.t.check.http = { url = 'http://a', json = { 'a.b' = 1 } }", &[("'a.b'", "write \"/a/b\" = …")]),
    (
        "[group.f]\ntarget.t.check.http = { url = 'http://a', headers = { 'a b' = '' } }",
        &[("'a b'", "not the name of a header")],
    ),
    (
        "[group.f]\ntarget.t.check.http = { url = 'http://a', headers = { A = { evn = 'X' } } }",
        &[("evn", "did you mean `env`?")],
    ),
    ("[group.f]\ntarget.t.check.command.command = 'npm test'", &[("'npm test'", "write [\"npm\", \"test\"]")]),
    ("[group.f]\ntarget.t.check.command.command = []", &[("[]", "is an empty list, expected a list of a program")]),
    (
        "[group.f]\ntarget.t.check.http = { url = 'http://a', bearer = { env = 'A', file = 'b' } }",
        &[("file", "has `env` and `file`")],
    ),
    (
        "[group.f]\ntarget.t.check.http = { url = 'http://a', bearer.env = 'A', basic.user = 'b' }",
        &[("basic", "has `bearer` and `basic`")],
    ),
    (
        "[group.f]\ntarget.t.check.http = { url = 'http://a', basic = { user = 'b' } }",
        &[("basic", "has no `password`")],
    ),
    (
        "[group.f]\ntarget.t.check.http = { url = 'http://a', tls = { ca = 'c', trusted = false } }",
        &[("ca", "takes what anybody signed")],
    ),
    (
        "[group.f]\ntarget.t.check.http = { url = 'http://a', load = { requests = 20000, concurrency = 500 } }",
        &[("20000", "from 1 to 10000"), ("500", "from 1 to 100")],
    ),
    (
        "[group.f]\ntarget.t.check.http = { url = 'http://a', answer_headers = { a = '(' } }",
        &[("(", "no regular expression")],
    ),
    ("[group.f]\ntarget.t.check.tcp = { address = 'a:1', socket = 'b' }", &[("address", "has `socket` and `address`")]),
    ("[group.f]\ntarget.t.check.dns = { name = 'http://a' }", &[("'http://a'", "not a name alone")]),
    ("[group.f]\ntarget.t.check.dns = { name = 'a', addresses = ['b'] }", &[("'b'", "not an IP address")]),
    ("[group.f]\ntarget.t.check.file = { path = 'a', values = { '/a' = 1 } }", &[("'a'", "does not say what it is")]),
    ("[group.f]\ntarget.t.check.file = { path = 'a.json', values = { a = 1 } }", &[("a", "does not begin with `/`")]),
    ("[group.f]\ntarget.t.check.file = { path = 'a', max_age = '0s' }", &[("'0s'", "leaves no time at all")]),
    ("[group.f]\ntarget.t.check.process = {}", &[("process", "names no process")]),
    ("[group.f]\ntarget.t.check.process = { unit = 'a', name = 'b' }", &[("name", "has `unit` and `name`")]),
    ("[group.f]\ntarget.t.check.process = { unit = '--user' }", &[("'--user'", "not the name of a unit")]),
    (
        "[group.f]\ntarget.t.check.command = { command = ['a'], min_lines = 3, max_lines = 2 }",
        &[("2", "expected at least the 3 of `min_lines`")],
    ),
    (
        "[group.f]\ntarget.t.check.command = { command = ['a'], env = ['A=b'] }",
        &[("'A=b'", "not the name of a variable")],
    ),
    (
        "[group.f]\ntarget.t.check.prometheus = { is = '= 1' }",
        &[("prometheus", "has no `query`"), ("prometheus", "has no `url`"), ("'= 1'", "not a condition")],
    ),
    (
        "[group.f]\ndiscover.prometheus = { url = 'http://a', query = 'up' }\ncheck.prometheus = { bearer.env = 'A' }",
        &[("bearer", "has no effect without `url` and `query`")],
    ),
    (
        "[metric.c]\nfrom.http = { url = 'http://a', load = { requests = 5 }, value = 'p99', total = '/a' }",
        &[("'p99'", "did you mean"), ("total", "no effect beside `load`")],
    ),
    ("[metric.c]\nfrom.prometheus = { url = 'http://a' }", &[("prometheus", "has no `query`")]),
    // Metrics.
    ("[metric.c]", &[("c", "`metric.c` has no `from`")]),
    ("[metric.c]\nfrom = {}", &[("from", "names no source, expected one of `command`, `file`, `http`")]),
    ("[metric.c]\nfrom.command.command = ['a']\nfrom.file.count = 'b'", &[("file", "has `command` and `file`")]),
    (
        "[metric.c.from.command]\ncommand = ['a']\npattern = '\\d+'\njson = ''\nlines = true",
        &[("'\\d+'", "has no group"), ("json", "`pattern` and `json`"), ("lines", "`pattern` and `lines`")],
    ),
    ("[metric.c.from.command]\ncommand = ['a']\njson = '$.a.b'", &[("'$.a.b'", "write \"/a/b\"")]),
    ("[metric.c.from.command]\ncommand = ['a']\ntotal = '/a'", &[("total", "no effect without `json`")]),
    ("[metric.c.from.file]\npath = 'a'", &[("file", "has no `value`")]),
    ("[metric.c.from.file]\nmatches = 'a'\npath = 'b'\nvalue = ''", &[("matches", "no effect without `count`")]),
    ("[metric.c.from.file]\ncount = 'a'\nvalue = ''", &[("value", "has `count` and `value`")]),
    ("[metric.c.from.http]\nurl = 'http://a'", &[("http", "has no `value`")]),
    // Texts.
    ("[text.a]", &[("a", "`text.a` has no `command`")]),
    ("[text.a]\ncommand = 'ls -l'", &[("'ls -l'", "write [\"ls\", \"-l\"]")]),
    ("[text.a]\ncommand = ['ls']\nmax_lines = 1001", &[("1001", "expected a whole number from 1 to 1000")]),
    ("[text.a]\ncommand = ['ls']\nexit_code = []", &[("[]", "expected an exit code or a list of them")]),
    ("[text.a]\ncommand = ['ls']\nmax_line = 5", &[("max_line", "did you mean `max_lines`?")]),
    ("[text.'a b']\ncommand = ['ls']", &[("'a b'", "cannot be a key here")]),
    (
        "[metric.a]\nfrom.command.command = ['x']\n[text.a]\ncommand = ['x']",
        &[("a", "`a` is a metric and a text, expected each key once")],
    ),
    ("[text.a]\ncommand = ['x']\n[[bind]]\npattern = ''\nto = 'a'", &[("'a'", "no group or metric is called")]),
    // Rules.
    ("[[bind]]\nto = 'x'\npattern = 'x'", &[("'x'", "there are none yet")]),
    (
        "[metric.t]\nfrom.command.command = ['a']\n[[bind]]\npattern = ''\nto = 't.running'",
        &[("'t.running'", "write \"t\"")],
    ),
    ("[metric.t]\nfrom.commnd = 1\n[[bind]]\npattern = ''\nto = 't'", &[("commnd", "did you mean `command`?")]),
    (
        "[group.e.target.alpha]\n[[bind]]\npattern = '\\d{2,1}'\nto = 'e/alhpa'",
        &[("{2,1}", "invalid repetition"), ("'e/alhpa'", "did you mean `alpha`?")],
    ),
    ("[group.e.target.a]\n[[bind]]\npattern = ''\nto = 'e.helthy'", &[("'e.helthy'", "did you mean \"healthy\"?")]),
];

#[test]
fn every_fault_points_at_its_place() {
    for (text, expected) in CASES {
        let told = faults(text);
        let places: Vec<_> = told.iter().map(|(at, _, _)| at.as_str()).collect();
        let wanted: Vec<_> = expected.iter().map(|(at, _)| *at).collect();
        assert_eq!(places, wanted, "{text}\n{told:#?}");
        for ((_, said, help), (_, words)) in told.iter().zip(*expected) {
            assert!(said.contains(words) || help.contains(words), "{text}\n{said}\n{help}\nlacks {words}");
        }
    }
}

#[test]
fn a_second_place_explains_the_first() {
    let text = "[group.a]\ndiscover.mcp = 'x'\nnames = ['first']\n[group.b]\ndiscover.mcp = 'y'\nnames = ['First']";
    let faults = parse(&file(text), Path::new("/p")).unwrap_err();
    let also = &faults[0].secondary[0];
    assert_eq!((also.file.slice(also.span), also.message.as_str()), ("'first'", "first here"));
}

#[test]
fn a_secret_is_a_warning_that_does_not_show_it() {
    let texts = [
        "[group.f]\ntarget.t.check.http = { url = 'http://a', headers = { Authorization = 'Bearer hunter2' } }",
        "[group.f]\ntarget.t.check.http = { url = 'http://me:hunter2@a' }",
        "[group.f]\ntarget.t.check.mcp = { command = ['x'], env = { GITHUB_TOKEN = 'hunter2' } }",
        "[group.f]\ntarget.t.check.mcp = { url = 'http://a', headers = { Authorization = 'Bearer hunter2' } }",
    ];
    for text in texts {
        let warnings = parse(&file(text), Path::new("/p")).unwrap().warnings;
        assert_eq!(warnings.len(), 1, "{text}");
        assert_eq!(warnings[0].severity, Severity::Warning);
        assert!(warnings[0].primary.is_none(), "the line would be shown");
        assert_eq!(warnings[0].notes, ["it stands in trueup.toml, line 2"]);
        assert!(warnings[0].headline.ends_with("holds a secret as plain text"));
        assert!(!format!("{:?} {:?}", shown(&warnings), warnings[0].notes).contains("hunter2"));
    }
}

/// Calls `each` with the header of every table and one key of it.
fn each_key(shape: &'static Shape, header: &str, each: &mut impl FnMut(&str, &str)) {
    for key in shape.keys {
        let dot = if header.is_empty() { "" } else { "." };
        each(header, key.name);
        match key.form {
            Form::Value => {}
            Form::Table(shape) | Form::Tables(shape) => each_key(shape, &format!("{header}{dot}{}", key.name), each),
            Form::Named(shape) => each_key(shape, &format!("{header}{dot}{}.x", key.name), each),
        }
    }
}

#[test]
fn every_key_of_the_list_is_read() {
    // Nothing takes a date, so a key under which a date passes is a key that nobody reads.
    let mut keys = 0;
    each_key(&ROOT, "", &mut |header, key| {
        let table = if header.is_empty() { String::new() } else { format!("[{header}]\n") };
        let partner = match (header, key) {
            ("metric.x.from.file", "matches") => "count = 'x'\n",
            ("metric.x.from.file", "total") => "value = ''\n",
            ("metric.x.from.command", "total") => "json = ''\n",
            (header, "container") if header.ends_with("check.mcp") => "via = 'exec'\n",
            (header, "headers") if header.ends_with("check.mcp") => "url = 'http://x'\n",
            _ => "",
        };
        let text = format!("{table}{partner}{key} = 1979-05-27\n");
        let told = faults(&text);
        assert!(told.iter().any(|(at, _, _)| at == "1979-05-27"), "{text}\n{told:#?}");
        keys += 1;
    });
    assert!(keys > 100, "{keys}");
}

fn assert_spans_lie_inside(text: &str) {
    let file = file(text);
    let diagnostics = match parse(&file, Path::new("/p")) {
        Ok(parsed) => parsed.warnings,
        Err(faults) => {
            assert!(!faults.is_empty());
            faults
        }
    };
    for diagnostic in diagnostics {
        for label in diagnostic.primary.iter().chain(&diagnostic.secondary) {
            let Span { start, end } = label.span;
            assert!(text.get(start..end).is_some(), "{start}..{end} of {text:?}: {}", diagnostic.headline);
        }
    }
}

proptest! {
    #[test]
    fn no_text_makes_it_panic(text in any::<String>()) {
        assert_spans_lie_inside(&text);
    }

    #[test]
    fn no_torn_text_makes_it_panic(from in 0..FULL.len(), length in 0usize..12, put in "[\\[\\]{}=.,'\"#é\u{0}\n\r a1-]{0,6}") {
        let end = (from + length).min(FULL.len());
        assert_spans_lie_inside(&format!("{}{put}{}", &FULL[..from], &FULL[end..]));
    }

    #[test]
    fn no_value_in_the_wrong_place_makes_it_panic(values in proptest::collection::vec("[a-z0-9'\"{}\\[\\]=:/.~-]{1,12}", 1..4)) {
        let mut text = String::new();
        for (at, (key, value)) in ["docs", "group.a.names", "group.a.check.http.url", "metric.m.from"].iter().zip(&values).enumerate() {
            text.push_str(&format!("{key} = {value}\n{}", if at == 2 { "[run]\n" } else { "" }));
        }
        assert_spans_lie_inside(&text);
    }
}

#[test]
fn a_byte_order_mark_and_crlf_are_no_faults() {
    let text = format!("\u{feff}{}", FULL.replace('\n', "\r\n"));
    assert_eq!(faults(&text), []);
}

#[test]
fn a_text_of_thousands_of_faults_takes_no_longer_than_a_moment() {
    let text: String = (0..20_000).map(|at| format!("k{at} = {at}\n")).collect();
    let start = std::time::Instant::now();
    assert_eq!(faults(&text).len(), 20_000);
    assert!(start.elapsed().as_secs() < 20, "{:?}", start.elapsed());
}

#[test]
fn a_token_in_the_file_is_refused_and_not_shown() {
    let text = "[group.f]\ntarget.t.check.http = { url = 'http://a', bearer = 's3cr3t-token' }";
    let faults = parse(&file(text), Path::new("/p")).unwrap_err();
    let [fault] = faults.as_slice() else { panic!("{faults:#?}") };
    assert_eq!(
        fault.headline,
        "`group.f.target.t.check.http.bearer` holds a secret as plain text, expected `{ env = \"NAME\" }` or `{ file = \"PATH\" }`"
    );
    assert!(fault.primary.is_none() && fault.severity == Severity::Error, "{fault:#?}");
}
