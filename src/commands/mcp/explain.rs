//! `explain`: why something is, or is not, a claim; what a code means.

use std::path::PathBuf;

use serde_json::{Value, json};

use super::home::{Home, refusal, shown, written};
use crate::cli::Topic;
use crate::code::Code;
use crate::commands::explain;
use crate::document::source::SourceFile;
use crate::report::explain::{Remark, What, human};
use crate::report::{Style, claims, codes};
use crate::serve::ask::ExplainAsk;
use crate::serve::{Answer, Refusal};

pub(super) fn answer(home: &Home, ask: &ExplainAsk) -> Result<Answer, Refusal> {
    match ask.what.parse::<Topic>().map_err(Refusal)? {
        Topic::Codes => {
            let text = written(|out| codes::list(out))?;
            let codes: Vec<Value> = Code::ALL.iter().map(|code| one(*code)).collect();
            Ok(Answer { text, data: json!({"kind": "codes", "codes": codes}) })
        }
        Topic::Code(code) => {
            let text = written(|out| codes::one(code, &Style::default(), out))?;
            let guide = code.guide();
            let mut data = one(code);
            data["kind"] = json!("code");
            data["why"] = json!(guide.why);
            data["example"] = json!(guide.example);
            data["fix"] = json!(guide.fix);
            data["ignore"] = json!(guide.ignore);
            Ok(Answer { text, data })
        }
        Topic::Line { path, line, column } => of_line(home, path, line, column),
    }
}

fn one(code: Code) -> Value {
    json!({"code": code.name(), "description": code.description()})
}

fn of_line(home: &Home, path: PathBuf, line: usize, column: Option<usize>) -> Result<Answer, Refusal> {
    let policy = home.project()?.policy;
    let path = home.document(&shown(&path), &policy)?;
    let (file, remarks) = explain::of_line(&path, line, column, &policy).map_err(|fault| refusal(&[*fault]))?;
    let text = written(|out| human(&file, line, &remarks, &Style::default(), out))?;
    let remarks: Vec<Value> = remarks.iter().map(|one| remark(&file, one)).collect();
    Ok(Answer { text, data: json!({"kind": "line", "document": file.name(), "line": line, "remarks": remarks}) })
}

fn remark(file: &SourceFile, remark: &Remark) -> Value {
    let (what, judged_by, why) = match &remark.what {
        What::Claim { claim, binding } => ("claim", Some(claims::answer(binding)), claim.kind.name().to_owned()),
        What::Stamp { moment, limit } => ("timestamp", Some(claims::limit(*limit)), moment.latest.to_string()),
        What::Vetoed { kind, rule, description, .. } => {
            ("no claim", None, format!("it looks like a {kind}; rule `{rule}`: {description}"))
        }
        What::Unread { why } => ("not read", None, why.clone()),
    };
    json!({
        "what": what,
        "quote": file.slice(remark.span),
        "column": file.place(remark.span.start).column,
        "why": why,
        "judged_by": judged_by,
        "notes": remark.notes,
    })
}
