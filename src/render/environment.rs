//! The environment that templates run in: strict, bounded, and escaping every value for the format of the template.

use std::collections::BTreeMap;
use std::io;
use std::sync::Arc;

use minijinja::value::Value;
use minijinja::{AutoEscape, Environment, UndefinedBehavior};

use super::built_in::BUILT_IN;
use super::explain::explain;
use super::fault::TemplateError;
use super::filters::{self, MARKDOWN, PLAIN};
use crate::document::source::SourceFile;
use crate::nearest::nearest;

/// Instructions that one rendering may take.
const FUEL: u64 = 2_000_000;

/// Bytes that one rendering may write.
pub const OUTPUT_LIMIT: usize = 1 << 20;

/// Endings that a marker may leave out, in the order in which they are tried.
const ENDINGS: [&str; 4] = [".md", ".html", ".json", ".txt"];

/// What the names of built-in templates begin with where somebody has one of the same name.
const OWN: &str = "built-in/";

/// Built-in templates and those of the user, ready to render.
pub struct Templates {
    environment: Environment<'static>,
    sources: Arc<BTreeMap<String, Arc<SourceFile>>>,
}

impl Templates {
    /// The built-in templates, and `user`'s by their path inside the user's folder; theirs go first. Reading files is the
    /// caller's business.
    pub fn new(user: BTreeMap<String, Arc<SourceFile>>) -> Templates {
        let mut sources = BTreeMap::new();
        for (name, text) in BUILT_IN {
            let own = format!("{OWN}{name}");
            let file = Arc::new(SourceFile::new(format!("templates/{own}"), *text));
            sources.insert((*name).to_owned(), Arc::clone(&file));
            sources.insert(own, file);
        }
        sources.extend(user);
        let sources = Arc::new(sources);
        Templates { environment: environment(&sources), sources }
    }

    /// The full name of the template that a marker calls `name`: as it is, or with `.md`, `.html`, `.json` or `.txt`.
    pub fn resolve(&self, name: &str) -> Option<&str> {
        let with = |ending: &str| self.sources.get_key_value(&format!("{name}{ending}"));
        let found = self.sources.get_key_value(name).or_else(|| ENDINGS.into_iter().find_map(with));
        found.map(|(name, _)| name.as_str())
    }

    /// The template that somebody who wrote `name` probably meant.
    pub fn nearest(&self, name: &str) -> Option<String> {
        nearest(name, self.short_names()).map(str::to_owned)
    }

    /// What markers call the templates: without `.md`, and without those that somebody's own of the same name hides.
    pub fn short_names(&self) -> impl Iterator<Item = &str> {
        let names = self.sources.keys().filter(|known| !known.starts_with(OWN));
        names.map(|known| known.strip_suffix(".md").unwrap_or(known))
    }

    /// What a template says of itself: the first sentence of the comment that it begins with.
    pub fn about(&self, name: &str) -> String {
        let text = self.resolve(name).and_then(|name| self.sources.get(name)).map_or("", |file| file.text());
        let comments = text.split("{#").skip(1).filter_map(|rest| rest.split("#}").next());
        let mut said = comments.map(|comment| comment.trim_matches(['-', '+']).trim());
        // What speaks to trueup says nothing to people.
        let words = said.find(|comment| !comment.starts_with("trueup:")).unwrap_or_default();
        let words = words.split_whitespace().collect::<Vec<_>>().join(" ");
        words.split_once(". ").map_or(words.as_str(), |(first, _)| first).trim_end_matches('.').to_owned()
    }

    /// What is wrong with templates whatever they are given: those that cannot be read.
    pub fn faults(&self) -> Vec<TemplateError> {
        let names = self.sources.keys();
        names
            .filter_map(|name| self.environment.get_template(name).err())
            .map(|error| self.explain(&error, None))
            .collect()
    }

    /// The text of a template by its full name.
    pub fn source(&self, name: &str) -> Option<&Arc<SourceFile>> {
        self.sources.get(name)
    }

    /// Full names of all templates.
    pub fn names(&self) -> impl Iterator<Item = &str> {
        self.sources.keys().map(String::as_str)
    }

    /// Variables that a template takes from outside, with the fields it names: `group.total`, `groups.mcp.up`.
    ///
    /// # Errors
    /// Where the template cannot be read.
    pub fn variables(&self, name: &str) -> Result<Vec<String>, TemplateError> {
        let template = self.environment.get_template(name).map_err(|error| self.explain(&error, None))?;
        let mut variables: Vec<String> = template.undeclared_variables(true).into_iter().collect();
        variables.sort_unstable();
        Ok(variables)
    }

    /// Renders a template by its full name. Line endings of the result are `\n`, blank lines at its ends are gone.
    ///
    /// # Errors
    /// Where the template cannot be read, names what is not there, or takes more than it may.
    pub fn render(&self, name: &str, context: &Value) -> Result<String, TemplateError> {
        let template = self.environment.get_template(name).map_err(|error| self.explain(&error, None))?;
        let mut out = Bounded::default();
        let rendered = template.render_captured_to(context.clone(), &mut out);
        if out.full {
            let template = self.sources.get(name).cloned();
            return Err(TemplateError {
                span: template.as_ref().and_then(|file| file.line_span(1)),
                template,
                message: format!("writes more than {} KiB", OUTPUT_LIMIT / 1024),
                hint: Some("show fewer targets, or cut what each of them shows".to_owned()),
            });
        }
        rendered.map_err(|error| self.explain(&error, Some(context)))?;
        let text = String::from_utf8_lossy(&out.bytes).replace("\r\n", "\n");
        let mut text = text.trim_matches('\n').to_owned();
        if !text.is_empty() {
            text.push('\n');
        }
        Ok(text)
    }

    fn explain(&self, error: &minijinja::Error, context: Option<&Value>) -> TemplateError {
        explain(error, &self.sources, context)
    }
}

fn environment(sources: &Arc<BTreeMap<String, Arc<SourceFile>>>) -> Environment<'static> {
    let mut environment = Environment::new();
    let sources = Arc::clone(sources);
    environment.set_loader(move |name| Ok(sources.get(name).map(|file| file.text().to_owned())));
    environment.set_undefined_behavior(UndefinedBehavior::Strict);
    environment.set_fuel(Some(FUEL));
    environment.set_recursion_limit(64);
    environment.set_auto_escape_callback(|name| match name.rsplit('.').next() {
        Some("html" | "htm" | "xml" | "svg") => AutoEscape::Html,
        Some("json") => AutoEscape::Json,
        Some("txt") => AutoEscape::Custom(PLAIN.into()),
        _ => AutoEscape::Custom(MARKDOWN.into()),
    });
    filters::add(&mut environment);
    environment
}

/// Keeps what is written, up to [`OUTPUT_LIMIT`].
#[derive(Default)]
struct Bounded {
    bytes: Vec<u8>,
    full: bool,
}

impl io::Write for Bounded {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        if self.bytes.len() + bytes.len() > OUTPUT_LIMIT {
            self.full = true;
            return Err(io::ErrorKind::FileTooLarge.into());
        }
        self.bytes.extend_from_slice(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

#[cfg(test)]
#[path = "environment_tests.rs"]
mod tests;
