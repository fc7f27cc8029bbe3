//! `trueup render`: reports, templates of a project's own, and how it ends where a template or a measurement fails.

use std::collections::BTreeMap;

use serde_json::Value;

use crate::support::program::Project;
use crate::{CONFIG, project, project_with_boxes};

/// How many servers and endpoints of the incident fell to each class, as INCIDENT tells it.
const CLASSES: [(&str, usize); 8] = [
    ("configuration", 6),
    ("spawn-not-found", 5),
    ("clean-exit", 4),
    ("package-manager", 2),
    ("exited", 2),
    ("spawn-not-executable", 1),
    ("call-failed", 1),
    ("unreachable", 4),
];

#[test]
fn the_incident_report_tells_its_story_from_measurements_alone() {
    let project = Project::of_example("incident");
    let before = project.state();
    let run = project.run("render incident title=Orchestrator");
    run.exits(0);
    assert_eq!(run.stderr(), "");
    let report = run.stdout();
    let has = |text: &str| assert!(report.contains(text), "{text:?} is not in\n{report}");
    has("<!-- trueup: ignore-file: ");
    has("\n# Incident report: Orchestrator\n");
    has("\nMCP servers: 0 of 21 functional. Endpoints: 0 of 4 functional.\n");
    has("\n9 of 9 claims in the documents are false.\n");
    has("\n- MCP servers: 21 of 21 are not functional, though 1 runs: a list of processes would not show it.\n");
    has("worked from what is not so: `CLAUDE.md` (9 false claims).\n");
    for claim in ["21/21 operational", "100% functional", "All endpoints working"] {
        let row =
            report.lines().find(|line| line.contains(&format!("| `{claim}`"))).unwrap_or_else(|| panic!("{claim}"));
        assert!(row.starts_with("| `CLAUDE.md:6`") && row.ends_with("| ❌ false |"), "{row}");
    }
    let mut classes: BTreeMap<&str, usize> = BTreeMap::new();
    let mut class = "";
    for line in report.lines() {
        if let Some((name, rest)) = line.strip_prefix("**").and_then(|rest| rest.split_once("** (")) {
            class = name;
            let said: usize = rest.split_once(')').unwrap().0.parse().unwrap();
            classes.insert(class, said);
            assert!(line.contains("What to do: "), "{line}");
        } else if line.starts_with("- `") && classes.contains_key(class) {
            // Counted down: what is left at the end was said and not listed.
            *classes.get_mut(class).unwrap() -= 1;
        }
    }
    assert_eq!(classes.len(), CLASSES.len(), "{classes:?}");
    assert!(classes.values().all(|left| *left == 0), "{classes:?}\n{report}");
    for (class, count) in CLASSES {
        has(&format!("\n**{class}** ({count}): "));
    }
    for (name, reason) in [
        ("claude-flow", "exit 217: npm error code ENOTEMPTY"),
        ("language-server", "exit 126: "),
        ("github", "exit 0: github: "),
        ("nx-mcp", "no workspace at /workspace: nx.json not found"),
    ] {
        let told = report.lines().any(|line| line.starts_with(&format!("- `{name}`: ")) && line.contains(reason));
        assert!(told, "{name}: {reason}\n{report}");
    }
    has("There is no history: when each of these failed is not known");
    has("nothing below has been run");
    has("Everything that was asked for was measured.");
    // Every fence is closed, and no heading but those of the template is in it.
    assert_eq!(report.lines().filter(|line| line.starts_with("```")).count() % 2, 0);
    let headings: Vec<&str> = report.lines().filter_map(|line| line.strip_prefix("## ")).collect();
    assert_eq!(
        headings,
        [
            "Summary",
            "Impact",
            "Timeline",
            "Failure modes",
            "What the documents claimed",
            "Resources",
            "Containment",
            "What could not be measured"
        ]
    );
    assert_eq!(project.state(), before, "a report writes nothing where nobody names a file");
}

#[test]
fn a_report_makes_no_claim_of_its_own() {
    let project = Project::of_example("incident");
    project.run("render incident logs=3 -o docs.md").exits(0);
    let claims = project.run("check docs.md --allow-empty --format json");
    let summary = &claims.json()["summary"]["claims"];
    assert_eq!((&summary["drifted"], &summary["unbound"]), (&Value::from(0), &Value::from(0)), "{}", claims.shown());
}

#[test]
fn a_report_goes_into_a_file_that_is_touched_only_for_something_new() {
    let project = project("");
    let run = project.run("render summary -o STATE.md");
    assert_eq!((run.exits(0).stdout(), run.stderr()), ("", ""));
    assert_eq!(project.text("STATE.md"), "Services: 2 of 2 functional. Gateways: 1 of 2 functional.\n");
    let before = project.state();
    project.run("render summary -o STATE.md").exits(0);
    assert_eq!(project.state(), before, "neither bytes nor times");
    let run = project.run("render summary -o nowhere/STATE.md");
    run.exits(2);
    assert!(run.stderr().contains("there is no folder `nowhere`"), "{}", run.shown());
}

#[test]
fn a_badge_is_what_shields_reads() {
    let run = project("").run("render badge-json group=ports");
    let badge = run.exits(0).json();
    let expected = serde_json::json!({"schemaVersion": 1, "label": "gateways", "message": "1 of 2 functional",
        "color": "orange", "isError": true});
    assert_eq!(badge, expected);
}

#[test]
fn what_is_asked_for_wrongly_is_told_before_anything_is_measured() {
    let project = project("")
        .with("trueup.toml", "[group.workers.target.touch]\ncheck.command = { command = [\"touch\", \"started\"] }\n");
    for (line, message, help) in [
        ("summry", "there is no template `summry`", "did you mean `summary`?"),
        ("status-table", "the section names no `group`", "add `group=NAME`"),
        ("status-table group=wokers", "trueup.toml has no group `wokers`", "did you mean `workers`?"),
        ("status-table group=workers rung=runing", "the ladder has no rung `runing`", "did you mean `running`?"),
        ("summary gruops=workers", "the template knows no attribute `gruops`", "did you mean `groups`?"),
    ] {
        let run = project.run(&format!("render {line} -o OUT.md"));
        run.exits(2);
        assert!(run.stderr().contains(message) && run.stderr().contains(help), "{}", run.shown());
        assert!(run.stderr().contains("trueup render "), "the command line is shown: {}", run.shown());
    }
    for wrong in ["render", "render summary group", "render --model summary"] {
        project.run(wrong).exits(2);
    }
    assert!(!project.path("OUT.md").exists() && !project.path("started").exists());
}

/// A project whose trueup.toml names a folder of templates.
fn with_templates(document: &str, templates: &[(&str, &str)]) -> Project {
    let project = project_with_boxes(document);
    let config = project.text("trueup.toml");
    project.write("trueup.toml", format!("{config}\n[render]\ntemplates = \"reports\"\n"));
    for (name, text) in templates {
        project.write(&format!("reports/{name}"), text);
    }
    project
}

const SECTION: &str = "<!-- trueup:begin summary groups=workers -->\n<!-- trueup:end -->\n";

#[test]
fn own_templates_go_before_those_of_trueup_and_take_each_other_in() {
    let project = with_templates(
        SECTION,
        &[
            (
                "summary.md",
                "{% from 'parts/row.md' import row %}{{ row(groups.workers) }}\n\n{% include 'built-in/summary.md' %}",
            ),
            ("parts/row.md", "{% macro row(group) %}Own: {{ group.up }}/{{ group.total }}{% endmacro %}"),
        ],
    );
    let run = project.run("render summary groups=workers");
    assert_eq!(run.exits(0).stdout(), "Own: 2/2\n\nServices: 2 of 2 functional.\n");
    project.run("fix").exits(0);
    assert!(project.text("STATUS.md").contains("\n\nOwn: 2/2\n\nServices: 2 of 2 functional.\n\n"));
    project.run("check").exits(0);
    // The template is a fact: another one makes the section stale.
    project.write("reports/parts/row.md", "{% macro row(group) %}Mine: {{ group.up }}{% endmacro %}");
    let check = project.run("check");
    check.exits(1);
    assert!(check.stdout().contains("shows older facts"), "{}", check.shown());
    let list = project.run("render --list");
    let names: Vec<&str> = list.exits(0).stdout().lines().map(|line| line.split_whitespace().next().unwrap()).collect();
    assert!(names.contains(&"parts/row") && names.contains(&"incident"), "{names:?}");
    assert!(!names.iter().any(|name| name.starts_with("built-in")), "{names:?}");
}

#[test]
fn a_template_that_cannot_be_used_is_told_with_its_line_and_nothing_is_written() {
    for (name, text, place, line, help) in [
        ("summary.md", "one\n{% if %}\n", "reports/summary.md:2:", "{% if %}", ""),
        ("summary.md", "one\n\n{{ groups.workers.totl }}\n", "reports/summary.md:3:", "totl", "did you mean `total`?"),
        ("summary.md", "{% include 'parts/rwo.md' %}", "reports/summary.md:1:", "parts/rwo.md", "`parts/row`?"),
        ("summary.md", "a\n{{ groups.workers.label|uper }}", "reports/summary.md:2:", "uper", "did you mean `upper`?"),
        (
            "summary.md",
            "{% include 'parts/row.md' %}",
            "reports/parts/row.md:2:",
            "{{ nothing }}",
            "a template can use",
        ),
        (
            "summary.md",
            "{% for a in range(9999) %}{% for b in range(9999) %}{% endfor %}{% endfor %}",
            "reports/summary.md:1:",
            "range",
            "does not end",
        ),
        (
            "summary.md",
            "{% for a in range(9999) %}0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef{% endfor %}",
            "reports/summary.md:1:",
            "range",
            "cut what each",
        ),
    ] {
        let section = SECTION.replace(" groups=workers", "");
        let project =
            with_templates(&section, &[(name, text), ("parts/row.md", "{% set nothin = 1 %}\n{{ nothing }}\n")]);
        let before = project.state();
        for command in ["check", "fix", "render summary -o OUT.md"] {
            let run = project.run(command);
            run.exits(2);
            let told = format!("{}{}", run.stdout(), run.stderr());
            for part in [place, line, help] {
                assert!(told.contains(part), "{part:?} is not told of {text:?}\n{}", run.shown());
            }
            assert_eq!(project.state(), before, "{command} of {text:?}");
        }
    }
}

#[test]
fn a_folder_of_templates_that_is_not_there_is_told_where_it_is_named() {
    let project = with_templates(SECTION, &[]);
    let run = project.run("check");
    run.exits(2);
    assert!(run.stdout().contains("`reports` is not there; expected the folder of templates"), "{}", run.shown());
    assert!(run.stdout().contains("trueup.toml:"), "{}", run.shown());
}

#[test]
fn what_could_not_be_measured_is_handled_or_nothing_is_written() {
    let project = with_templates(
        "",
        &[
            ("bold.md", "{{ group.up }} of {{ group.total }} are up"),
            (
                "honest.md",
                "{{ group.up }} of {{ group.total }}, {{ 'some' if not group.measured else 'none' }} unknown",
            ),
        ],
    );
    let run = project.run("render bold group=boxes -o OUT.md");
    run.exits(3);
    assert!(run.stderr().contains("could not be measured") && run.stderr().contains("engine"), "{}", run.shown());
    assert!(!project.path("OUT.md").exists());
    assert_eq!(project.run("render honest group=boxes").exits(0).stdout(), "0 of 0, some unknown\n");
    assert_eq!(
        project.run("render summary groups=boxes").exits(0).stdout(),
        "Boxes: which there are could not be measured.\n"
    );
    let badge = project.run("render badge-json group=boxes").exits(0).json();
    assert_eq!((&badge["color"], &badge["isError"]), (&Value::from("lightgrey"), &Value::from(false)), "never green");
    let report = project.run("render incident");
    assert!(
        report.exits(0).stdout().contains("\n- Boxes: which there are is unknown (source-away: "),
        "{}",
        report.shown()
    );
}

#[test]
fn a_section_cannot_show_what_writing_it_changes() {
    for template in ["claims-table", "trend", "incident"] {
        let project = project(&format!("<!-- trueup:begin {template} -->\n<!-- trueup:end -->\n"));
        let before = project.state();
        let run = project.run("fix");
        run.exits(2);
        assert!(run.stdout().contains(&format!("trueup render {template} -o FILE")), "{}", run.shown());
        assert_eq!(project.state(), before);
    }
}

#[test]
fn the_model_is_shown_as_templates_name_it() {
    let project = project("Services: 2/2 operational.\n");
    let human = project.run("render --model");
    for line in ["groups.workers.up", "groups.ports.targets[0].failure.class", "claims[0].verdict"] {
        assert!(human.exits(0).stdout().lines().any(|own| own.starts_with(&format!("{line} "))), "{}", human.shown());
    }
    let json = project.run("render --model --format json").exits(0).json();
    assert_eq!(json["schema_version"], 1);
    assert_eq!(json["groups"]["ports"]["targets"][0]["evidence"], "exit 3: no route");
    assert_eq!(json["claims"][0]["verdict"], "holds");
    assert_eq!(json["claims"][0]["measured"], "2/2");
    assert_eq!(json["run"]["trueup"], env!("CARGO_PKG_VERSION"));
    let alias = project.run("render --model --output-format json").exits(0).json();
    assert_eq!(alias["groups"], json["groups"].clone().take_times(&alias["groups"]));
    // What is printed is what a template sees: each line of the one is a name in the other.
    for (name, value) in [("groups.workers.up", "2"), ("groups.ports.targets[0].name", "north")] {
        project.write("trueup.toml", format!("{CONFIG}\n[render]\ntemplates = \"t\"\n"));
        project.write("t/x.txt", format!("{{{{ {name} }}}}"));
        assert_eq!(project.run("render x").exits(0).stdout(), format!("{value}\n"));
    }
}

/// Times differ from run to run.
trait TakeTimes {
    fn take_times(self, from: &Value) -> Value;
}

impl TakeTimes for Value {
    fn take_times(self, from: &Value) -> Value {
        match (self, from) {
            (Value::Object(own), Value::Object(others)) => Value::Object(
                own.into_iter()
                    .map(|(key, value)| {
                        let other = &others[&key];
                        let taken = if key == "took_ms" { other.clone() } else { value.take_times(other) };
                        (key, taken)
                    })
                    .collect(),
            ),
            (Value::Array(own), Value::Array(others)) => {
                Value::Array(own.into_iter().zip(others).map(|(value, other)| value.take_times(other)).collect())
            }
            (value, _) => value,
        }
    }
}

#[test]
fn history_shows_what_changed() {
    let project = project("");
    let nothing = project.run("render trend");
    assert_eq!(
        nothing.exits(0).stdout(),
        "There is no history yet: what was measured now is all that is known. `trueup probe --history` keeps one.\n"
    );
    let works = CONFIG.replace("exit 3", "exit 0");
    project.write("trueup.toml", &works);
    let first = project.run("probe --format json").exits(0).stdout().to_owned();
    project.write("trueup.toml", CONFIG);
    let second = project.run("probe --format json").exits(0).stdout().to_owned();
    project.write(".trueup/history.jsonl", format!("{first}{second}"));
    let trend = project.run("render trend groups=ports");
    let trend = trend.exits(0).stdout();
    let rows: Vec<&str> = trend.lines().skip_while(|line| !line.starts_with("| --")).skip(1).collect();
    assert_eq!(rows.len(), 3, "{trend}");
    assert!(rows[0].contains("| 2 of 2 functional |") && rows[1].contains("| 1 of 2 functional |"), "{rows:?}");
    assert!(rows[2].contains(", now "), "{rows:?}");
    assert!(
        trend.starts_with("\n- Gateways: `█▄▄` 1 of 2 functional now; between 1 and 2 in 2 earlier runs\n\n|")
            || trend.starts_with("- Gateways: `█▄▄` 1 of 2 functional now; between 1 and 2 in 2 earlier runs\n\n|"),
        "{trend}"
    );
    let report = project.run("render incident");
    let report = report.exits(0).stdout();
    assert!(report.contains(": Gateways, first known run: 2 of 2 functional\n"), "{report}");
    assert!(report.contains(": Gateways, down since the run before: `north`\n"), "{report}");
    assert!(!report.contains("There is no history"), "{report}");
    // Files that somebody names take its place.
    project.write("one.json", &first);
    let named = project.run("render trend groups=ports --history one.json");
    assert!(named.exits(0).stdout().contains(" 1 of 2 functional now; 2 in the earlier run\n"), "{}", named.shown());
    for (text, told) in [("{", "holds what is no snapshot"), ("{\"schema_version\": 99}", "holds what is no snapshot")]
    {
        project.write("bad.json", text);
        let run = project.run("render trend --history one.json --history bad.json");
        run.exits(2);
        assert!(run.stderr().contains(told) && run.stderr().contains("bad.json"), "{}", run.shown());
    }
    let newer = first.replacen("\"schema_version\": 1", "\"schema_version\": 2", 1);
    project.write("newer.json", newer);
    let run = project.run("render trend --history newer.json");
    run.exits(2);
    assert!(run.stderr().contains("a snapshot of version 2; expected 1"), "{}", run.shown());
}

#[test]
fn a_report_of_a_snapshot_starts_nothing() {
    let project = project("");
    project.run("probe -o seen.json").exits(0);
    let here = project.run("render status-list group=ports").exits(0).stdout().to_owned();
    assert!(here.contains("- ❌ `north`, not functional: `exit 3: no route`\n"), "{here}");
    let run = project.run("render status-list group=ports --snapshot seen.json --no-exec");
    assert_eq!(run.exits(0).stdout(), here);
}
