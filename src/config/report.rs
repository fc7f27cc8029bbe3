//! `from.junit`, `from.coverage` and `from.git`: numbers that other tools keep.

use std::time::Duration;

use super::fault::Fault;
use super::keys;
use super::need::{Finds, Need, needed};
use super::reader::{Table, Value};
use super::setting::Setting;
use crate::measure::request::{
    CaseState, CoverageOf, GitCheck, GitCount, JunitCheck, MetricSource, ReportFiles, ReportRequest, ReportValue,
};

/// What stands under `newer_than` for the commit that is checked out.
const HEAD: &str = "HEAD";

/// `from.junit`.
pub(super) fn junit(table: &Table, setting: Setting) -> Option<MetricSource> {
    let state = table.get("value").map_or(Some("passed"), |value| value.word(keys::CASE_STATES));
    let state = state.and_then(|word| CaseState::ALL.iter().find(|(name, _)| *name == word)).map(|(_, state)| *state);
    let of = table.get("of");
    if let (Some(of), Some(state)) = (&of, state)
        && state != CaseState::Passed
    {
        let message = format!("`{}` has no effect without `value = \"passed\"`", of.place);
        table.fault(Fault::wrong(of.key, message, "of which number?"));
    }
    let of_all = of.map_or(Some("run"), |value| value.word(keys::OF)).map(|word| word == "all");
    let files = files(table, setting, Need::Whole(Finds::default()));
    Some(MetricSource::Report(ReportRequest {
        files: files?,
        value: ReportValue::Cases { state: state?, of_all: of_all? },
    }))
}

/// `from.coverage`.
pub(super) fn coverage(table: &Table, setting: Setting) -> Option<MetricSource> {
    let word = table.get("value").map_or(Some("lines"), |value| value.word(keys::COVERAGE_OF));
    let of = word.and_then(|word| CoverageOf::ALL.iter().find(|of| of.name() == word));
    let files = files(table, setting, Need::Whole(Finds::default()));
    Some(MetricSource::Report(ReportRequest { files: files?, value: ReportValue::Coverage(*of?) }))
}

/// `check.junit`.
pub(super) fn junit_check(table: &Table, setting: Setting, need: Need) -> Option<JunitCheck> {
    let report = files(table, setting, need)?;
    let ages = report.max_age.is_some() || report.newer_than_head || !report.newer_than.is_empty();
    if matches!(need, Need::Whole(_)) && !ages && !table.has("max_age") && !table.has("newer_than") {
        let message = format!("`{}` takes a report however old it is, expected `max_age` or `newer_than`", table.place);
        let fault = Fault::absent(table.span, message, "of which run?");
        table.fault(fault.help("`newer_than = \"HEAD\"` takes none from before the commit that is checked out"));
        return None;
    }
    Some(JunitCheck { report })
}

fn files(table: &Table, setting: Setting, need: Need) -> Option<ReportFiles> {
    let max_age: Option<Duration> = table.get("max_age").and_then(|value| value.positive_duration());
    let newer_than = table.get("newer_than").map(|value| value.one_or_list("\"HEAD\" or a glob pattern"));
    let (mut newer_than_head, mut globs) = (false, Vec::new());
    for value in newer_than.unwrap_or_default() {
        if value.raw().as_str() == Some(HEAD) {
            newer_than_head = true;
        } else {
            globs.extend(value.globs().unwrap_or_default());
        }
    }
    let paths = needed(table, "path", need).and_then(|value: Value| value.texts())?;
    Some(ReportFiles {
        root: setting.root.to_owned(),
        paths: paths.iter().map(|path| setting.root.join(path)).collect(),
        max_age,
        newer_than_head,
        newer_than: globs,
    })
}

/// `check.git`.
pub(super) fn git_check(table: &Table, setting: Setting, need: Need) -> Option<GitCheck> {
    let folder = setting.folder(table.get("folder"));
    let clean = table.get("clean").map_or(Some(false), |value| value.flag());
    let tag = table.get("tag").map_or(Some(Vec::new()), |value| value.globs());
    let (clean, tag) = (clean?, tag?);
    if matches!(need, Need::Whole(_)) && !clean && tag.is_empty() {
        let message = format!("`{}` asks nothing, expected `clean = true` or `tag`", table.place);
        table.fault(Fault::absent(table.span, message, "in which state?"));
        return None;
    }
    Some(GitCheck { folder: folder?, clean, tag })
}

/// `from.git`.
pub(super) fn git(table: &Table, setting: Setting) -> Option<MetricSource> {
    let folder = setting.folder(table.get("folder"));
    let chosen = table.get("match");
    let globs = chosen.as_ref().map_or(Some(vec!["**".to_owned()]), |value| value.globs());
    let since = table.get("since");
    let tags = since.as_ref().map_or(Some(Vec::new()), |value| value.globs());
    let count = table.require("count")?.word(keys::GIT_COUNTS)?;
    if let Some(chosen) = chosen
        && matches!(count, "commits" | "changes")
    {
        let message = format!("`{}` has no effect on `count = \"{count}\"`", chosen.place);
        table.fault(Fault::wrong(chosen.key, message, "of tags or files only"));
    }
    if let Some(since) = since
        && count != "commits"
    {
        let message = format!("`{}` has no effect on `count = \"{count}\"`", since.place);
        table.fault(Fault::wrong(since.key, message, "of commits only"));
    }
    let (globs, since) = (globs?, tags?);
    let count = match count {
        "commits" => GitCount::Commits { since },
        "tags" => GitCount::Tags { globs },
        "files" => GitCount::Files { globs },
        _ => GitCount::Changes,
    };
    Some(MetricSource::Git { folder: folder?, count })
}

#[cfg(test)]
mod tests {
    use std::path::{Path, PathBuf};
    use std::sync::Arc;

    use super::*;
    use crate::config::parse;
    use crate::document::source::SourceFile;
    use crate::measure::request::Check;

    fn sources(text: &str) -> Result<Vec<MetricSource>, Vec<String>> {
        let file = Arc::new(SourceFile::new("trueup.toml", text));
        match parse(&file, Path::new("/p")) {
            Ok(parsed) => Ok(parsed.policy.metrics.into_iter().map(|metric| metric.request.source).collect()),
            Err(faults) => Err(faults.into_iter().map(|fault| fault.headline).collect()),
        }
    }

    #[test]
    fn every_key_has_its_meaning() {
        let all = sources(
            "[metric.tests]\nfrom.junit = { path = 'a.xml' }\n\
             [metric.all]\nfrom.junit = { path = ['a/*.xml', 'b.xml'], value = 'passed', of = 'all', max_age = '1d' }\n\
             [metric.coverage]\nfrom.coverage = { path = 'lcov.info', value = 'lines and branches', newer_than = ['HEAD', 'src/**'] }\n\
             [metric.files]\nfrom.git = { count = 'files', match = '**/*.rs', folder = 'x' }\n\
             [metric.changes]\nfrom.git.count = 'changes'\n\
             [metric.commits]\nfrom.git = { count = 'commits', since = 'v*' }\n",
        )
        .unwrap();
        let plain = ReportRequest {
            files: ReportFiles::new("/p", "a.xml"),
            value: ReportValue::Cases { state: CaseState::Passed, of_all: false },
        };
        let files = ReportFiles {
            paths: ["/p/a/*.xml", "/p/b.xml"].map(PathBuf::from).to_vec(),
            max_age: Some(Duration::from_secs(86_400)),
            ..plain.files.clone()
        };
        let whole = ReportRequest { files, value: ReportValue::Cases { state: CaseState::Passed, of_all: true } };
        let files = ReportFiles {
            newer_than_head: true,
            newer_than: vec!["src/**".to_owned()],
            ..ReportFiles::new("/p", "lcov.info")
        };
        let coverage = ReportRequest { files, value: ReportValue::Coverage(CoverageOf::LinesAndBranches) };
        let files = GitCount::Files { globs: vec!["**/*.rs".to_owned()] };
        assert_eq!(
            all,
            [
                MetricSource::Report(plain),
                MetricSource::Report(whole),
                MetricSource::Report(coverage),
                MetricSource::Git { folder: PathBuf::from("/p/x"), count: files },
                MetricSource::Git { folder: PathBuf::from("/p"), count: GitCount::Changes },
                MetricSource::Git {
                    folder: PathBuf::from("/p"),
                    count: GitCount::Commits { since: vec!["v*".to_owned()] }
                },
            ]
        );
    }

    #[test]
    fn checks_of_a_group_are_merged_with_those_of_a_target() {
        let text = "[group.g]\ncheck.junit.newer_than = 'HEAD'\ncheck.git.clean = true\n\
                    [group.g.target.a]\ncheck.junit.path = 'a.xml'\ncheck.git = { tag = 'v*', folder = 'x' }\n";
        let file = Arc::new(SourceFile::new("trueup.toml", text));
        let plan = parse(&file, Path::new("/p")).unwrap().policy.plan();
        let checks: Vec<_> = plan.groups[0].targets[0].checks.iter().map(|check| check.check.clone()).collect();
        let report = ReportFiles { newer_than_head: true, ..ReportFiles::new("/p", "a.xml") };
        let git = GitCheck { folder: PathBuf::from("/p/x"), clean: true, tag: vec!["v*".to_owned()] };
        assert_eq!(checks, [Check::Junit(JunitCheck { report }), Check::Git(git)]);
    }

    #[test]
    fn faults_are_told_with_what_is_expected() {
        let faults = sources(
            "[metric.a]\nfrom.junit = { value = 'passes' }\n\
             [metric.b]\nfrom.junit = { path = 'a.xml', value = 'failed', of = 'all' }\n\
             [metric.c]\nfrom.git = { count = 'commits', match = 'v*' }\n\
             [metric.d]\nfrom.coverage = { path = 'a', max_age = '1', newer_than = ['[a'] }\n\
             [metric.e]\nfrom.git = { count = 'files', since = 'v*' }\n\
             [group.f]\ntarget.t.check.junit = { path = 'a.xml' }\n\
             [group.g]\ntarget.t.check.junit = { newer_than = 'HEAD' }\n\
             [group.h]\ntarget.t.check.git = { clean = false }\n",
        )
        .unwrap_err();
        let expected = [
            "`metric.a.from.junit` has no `path`, expected a path",
            "`metric.a.from.junit.value` is \"passes\", expected one of \"passed\", ",
            "`metric.b.from.junit.of` has no effect without `value = \"passed\"`",
            "`metric.c.from.git.match` has no effect on `count = \"commits\"`",
            "`metric.d.from.coverage.max_age` is \"1\", which is not a duration",
            "`metric.d.from.coverage.newer_than[0]` is \"[a\", which is no glob pattern",
            "`metric.e.from.git.since` has no effect on `count = \"files\"`",
            "`group.f.target.t.check.junit` takes a report however old it is, expected `max_age` or `newer_than`",
            "`group.g.target.t.check.junit` has no `path`, expected a path",
            "`group.h.target.t.check.git` asks nothing, expected `clean = true` or `tag`",
        ];
        assert_eq!(faults.len(), expected.len(), "{faults:#?}");
        for (fault, expected) in faults.iter().zip(expected) {
            assert!(fault.starts_with(expected), "{fault}\n{expected}");
        }
    }
}
