//! `render_section`: what a section would show now.

use serde_json::json;

use super::home::{Home, refusal, shown};
use crate::commands::survey;
use crate::document::section::Section;
use crate::measure::request::Plan;
use crate::render::describe;
use crate::render::needs::needs;
use crate::render::section::Renderer;
use crate::render::status::SectionStatus;
use crate::serve::ask::RenderAsk;
use crate::serve::{Answer, Refusal};

pub(super) fn answer(home: &Home, ask: &RenderAsk) -> Result<Answer, Refusal> {
    let mut project = home.project()?;
    let templates = home.templates(&project)?;
    let path = home.document(&ask.document, &project.policy)?;
    let survey = survey::survey(std::slice::from_ref(&path), &project.policy);
    if !survey.faults.is_empty() {
        return Err(refusal(&survey.faults));
    }
    let Some(document) = survey.documents.first() else {
        return Err(Refusal(format!("`{}` is a folder; expected a document", shown(&path))));
    };
    let file = &document.source;
    let faults: Vec<_> = document.sections.faults.iter().map(|fault| describe::marker(file, fault)).collect();
    if !faults.is_empty() {
        return Err(refusal(&faults));
    }
    let section = chosen(&document.sections.sections, ask.id.as_deref(), file.name())?;
    let needs =
        needs(section, &templates, &project.policy).map_err(|fault| refusal(&[describe::template(file, &fault)]))?;
    let whole = project.policy.plan();
    let plan = Plan {
        groups: whole.groups.into_iter().filter(|group| needs.groups.contains(&group.name)).collect(),
        metrics: whole.metrics.into_iter().filter(|metric| needs.metrics.contains(&metric.name)).collect(),
        texts: whole.texts.into_iter().filter(|text| needs.texts.contains(&text.name)).collect(),
    };
    let snapshot = home.measurements(&plan, &mut project, ask.max_age)?;
    let renderer = Renderer::new(&templates, &project.policy, &snapshot);
    let status = renderer.status(file.text(), section);
    let text = renderer.text(file.text(), section);
    let reasons: Vec<String> = match &status {
        SectionStatus::Current | SectionStatus::Stale { .. } => Vec::new(),
        SectionStatus::Edited { .. } => vec!["its text is not what trueup wrote".to_owned()],
        SectionStatus::Unmeasured { reasons } => reasons.iter().map(|reason| reason.detail.clone()).collect(),
        SectionStatus::Broken(fault) => vec![describe::template(file, fault).headline],
    };
    let name = match &status {
        SectionStatus::Current => "current",
        SectionStatus::Stale { .. } => "stale",
        SectionStatus::Edited { .. } => "edited",
        SectionStatus::Unmeasured { .. } => "unmeasured",
        SectionStatus::Broken(_) => "broken",
    };
    let data = json!({
        "document": file.name(),
        "line": file.place(section.begin.start).line,
        "template": section.template,
        "status": name,
        "text": text,
        "reasons": reasons,
        "measured_at": snapshot.taken_at.to_string(),
    });
    let told = text.unwrap_or_else(|| format!("it cannot be rendered: {}\n", reasons.join("; ")));
    Ok(Answer { text: told, data })
}

/// The section by its `id`, else by its template; the only one where nothing is said.
fn chosen<'a>(sections: &'a [Section], id: Option<&str>, document: &str) -> Result<&'a Section, Refusal> {
    let name = |section: &Section| section.id().unwrap_or(&section.template).to_owned();
    let listed = || sections.iter().map(|section| format!("`{}`", name(section))).collect::<Vec<_>>().join(", ");
    let found: Vec<&Section> = match id {
        None => sections.iter().collect(),
        Some(id) => match sections.iter().find(|section| section.id() == Some(id)) {
            Some(section) => vec![section],
            None => sections.iter().filter(|section| section.template == id).collect(),
        },
    };
    match (&found[..], id) {
        ([one], _) => Ok(one),
        _ if sections.is_empty() => {
            Err(Refusal(format!("`{document}` has no section; expected markers, `<!-- trueup:begin … -->`")))
        }
        ([], Some(id)) => {
            Err(Refusal(format!("`{document}` has no section `{}`; expected one of {}", id.escape_debug(), listed())))
        }
        (_, Some(id)) => {
            let count = found.len();
            Err(Refusal(format!(
                "`{document}` has {count} sections of the template `{}`; give them an `id` each",
                id.escape_debug()
            )))
        }
        (_, None) => Err(Refusal(format!("`{document}` has several sections; expected `id`, one of {}", listed()))),
    }
}
