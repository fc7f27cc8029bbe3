//! `check_claims`: what documents claim, and what came of it.

use std::path::PathBuf;
use std::time::Instant;

use serde_json::{Value, json};

use super::home::{Home, refusal, written};
use crate::commands::project::Project;
use crate::commands::survey::Survey;
use crate::commands::{assess, besides, known, outcome, survey};
use crate::files;
use crate::gate::baseline;
use crate::report::{self, Format, Style};
use crate::serve::ask::CheckAsk;
use crate::serve::{Answer, Refusal};

/// The name of a text that is meant for no document.
const NAMELESS: &str = "text.md";

/// Most claims, and most findings, that an answer lists.
const MOST: usize = 200;

pub(super) fn answer(home: &Home, ask: &CheckAsk) -> Result<Answer, Refusal> {
    let began = Instant::now();
    let mut project = home.project()?;
    let templates = home.templates(&project)?;
    let (survey, whole) = read(home, ask, &project)?;
    let known = project.baseline.as_ref().map(baseline::parse).transpose().map_err(|faults| refusal(&faults))?;
    let plan = assess::needed(&survey, &project.policy, &templates);
    let snapshot = home.measurements(&plan, &mut project, ask.max_age)?;
    let mut assessment = assess::assess(&project, &survey, &snapshot, &templates, whole);
    if let Some((known, file)) = known.zip(project.baseline.as_ref()) {
        known::apply_baseline(&known, file, &project, &mut assessment, whole);
    }
    let claims = besides::claims(&survey, &assessment);
    let report = outcome::report(&survey, &project.policy, assessment, false, began.elapsed());
    let text = written(|out| report::render(&report, Format::Human, &Style::default(), out))?;
    let data = written(|out| report::render(&report, Format::Json, &Style::default(), out))?;
    let mut data: Value = serde_json::from_str(&data).map_err(|error| Refusal(error.to_string()))?;
    let mut left_out = claims.len().saturating_sub(MOST);
    if let Some(findings) = data["diagnostics"].as_array_mut() {
        left_out += findings.len().saturating_sub(MOST);
        findings.truncate(MOST);
    }
    let claims = serde_json::to_value(&claims[..claims.len().min(MOST)]).map_err(|error| Refusal(error.to_string()))?;
    data["claims"] = claims;
    data["measured_at"] = json!(snapshot.taken_at.to_string());
    data["left_out"] = json!(left_out);
    Ok(Answer { text, data })
}

/// The documents that are asked about, and whether they are all of the project.
fn read(home: &Home, ask: &CheckAsk, project: &Project) -> Result<(Survey, bool), Refusal> {
    let policy = &project.policy;
    if let Some(text) = &ask.text {
        let path = match &ask.path {
            Some(named) => home.document(named, policy)?,
            None => PathBuf::from(NAMELESS),
        };
        let loaded = files::of_bytes(&path, text.clone().into_bytes()).map_err(|error| Refusal(error.to_string()))?;
        let document = survey::of_loaded(&path, loaded, &survey::lexicon(policy));
        return Ok((Survey { documents: vec![document], faults: Vec::new() }, false));
    }
    let paths: Vec<PathBuf> = match &ask.path {
        None => Vec::new(),
        Some(named) => {
            let path = home.path(named)?;
            // The project itself: its root, which has no name from there.
            if path.as_os_str().is_empty() {
                Vec::new()
            } else if path.is_dir() {
                vec![path]
            } else {
                vec![home.document(named, policy)?]
            }
        }
    };
    let mut survey = survey::survey(&paths, policy);
    home.confine(&mut survey);
    let whole = survey::is_whole(&paths, policy) && survey.faults.is_empty();
    Ok((survey, whole))
}
