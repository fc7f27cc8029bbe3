//! `from.junit`, `from.coverage` and `from.git`: numbers that other tools keep.

use std::time::Duration;

use super::check::Setting;
use super::fault::Fault;
use super::keys;
use super::reader::{Table, Value};
use crate::measure::request::{CaseState, CoverageOf, GitCount, MetricSource, ReportRequest, ReportValue};

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
    let request = report(table, setting, || Some(ReportValue::Cases { state: state?, of_all: of_all? }))?;
    Some(MetricSource::Report(request))
}

/// `from.coverage`.
pub(super) fn coverage(table: &Table, setting: Setting) -> Option<MetricSource> {
    let word = table.get("value").map_or(Some("lines"), |value| value.word(keys::COVERAGE_OF));
    let of = word.and_then(|word| CoverageOf::ALL.iter().find(|of| of.name() == word));
    let request = report(table, setting, || Some(ReportValue::Coverage(*of?)))?;
    Some(MetricSource::Report(request))
}

fn report(table: &Table, setting: Setting, value: impl Fn() -> Option<ReportValue>) -> Option<ReportRequest> {
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
    let paths = table.require("path").and_then(|value: Value| value.texts())?;
    Some(ReportRequest {
        root: setting.root.to_owned(),
        paths: paths.iter().map(|path| setting.root.join(path)).collect(),
        value: value()?,
        max_age,
        newer_than_head,
        newer_than: globs,
    })
}

/// `from.git`.
pub(super) fn git(table: &Table, setting: Setting) -> Option<MetricSource> {
    let folder = setting.folder(table.get("folder"));
    let chosen = table.get("match");
    let globs = chosen.as_ref().map_or(Some(vec!["**".to_owned()]), |value| value.globs());
    let count = table.require("count")?.word(keys::GIT_COUNTS)?;
    if let Some(chosen) = chosen
        && matches!(count, "commits" | "changes")
    {
        let message = format!("`{}` has no effect on `count = \"{count}\"`", chosen.place);
        table.fault(Fault::wrong(chosen.key, message, "of tags or files only"));
    }
    let globs = globs?;
    let count = match count {
        "commits" => GitCount::Commits,
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
             [metric.changes]\nfrom.git.count = 'changes'\n",
        )
        .unwrap();
        let plain = ReportRequest {
            root: PathBuf::from("/p"),
            paths: vec![PathBuf::from("/p/a.xml")],
            value: ReportValue::Cases { state: CaseState::Passed, of_all: false },
            max_age: None,
            newer_than_head: false,
            newer_than: Vec::new(),
        };
        let paths = ["/p/a/*.xml", "/p/b.xml"].map(PathBuf::from).to_vec();
        let value = ReportValue::Cases { state: CaseState::Passed, of_all: true };
        let max_age = Some(Duration::from_secs(86_400));
        let whole = ReportRequest { paths, value, max_age, ..plain.clone() };
        let value = ReportValue::Coverage(CoverageOf::LinesAndBranches);
        let (paths, newer_than) = (vec![PathBuf::from("/p/lcov.info")], vec!["src/**".to_owned()]);
        let coverage = ReportRequest { paths, value, newer_than_head: true, newer_than, ..plain.clone() };
        let files = GitCount::Files { globs: vec!["**/*.rs".to_owned()] };
        assert_eq!(
            all,
            [
                MetricSource::Report(plain),
                MetricSource::Report(whole),
                MetricSource::Report(coverage),
                MetricSource::Git { folder: PathBuf::from("/p/x"), count: files },
                MetricSource::Git { folder: PathBuf::from("/p"), count: GitCount::Changes },
            ]
        );
    }

    #[test]
    fn faults_are_told_with_what_is_expected() {
        let faults = sources(
            "[metric.a]\nfrom.junit = { value = 'passes' }\n\
             [metric.b]\nfrom.junit = { path = 'a.xml', value = 'failed', of = 'all' }\n\
             [metric.c]\nfrom.git = { count = 'commits', match = 'v*' }\n\
             [metric.d]\nfrom.coverage = { path = 'a', max_age = '1', newer_than = ['[a'] }\n",
        )
        .unwrap_err();
        let expected = [
            "`metric.a.from.junit` has no `path`, expected a path",
            "`metric.a.from.junit.value` is \"passes\", expected one of \"passed\", ",
            "`metric.b.from.junit.of` has no effect without `value = \"passed\"`",
            "`metric.c.from.git.match` has no effect on `count = \"commits\"`",
            "`metric.d.from.coverage.max_age` is \"1\", which is not a duration",
            "`metric.d.from.coverage.newer_than[0]` is \"[a\", which is no glob pattern",
        ];
        assert_eq!(faults.len(), expected.len(), "{faults:#?}");
        for (fault, expected) in faults.iter().zip(expected) {
            assert!(fault.starts_with(expected), "{fault}\n{expected}");
        }
    }
}
