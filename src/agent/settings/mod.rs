//! A hook in the settings file of an agent: put there beside everything else, and taken out again.

mod json;

use jsonc_parser::ast::{Object, Value};
use serde_json::json;

use self::json::Container;
pub use self::json::Fault;

/// The key under which agents keep their hooks.
const HOOKS: &str = "hooks";

/// How an agent keeps its hooks in a file.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Shape {
    /// `hooks.EVENT` is a list of groups: a matcher and the list of its hooks.
    Groups,
    /// `hooks.EVENT` is a list of hooks, and the file has a version.
    Flat {
        /// The version of the form that is written here.
        version: u64,
    },
}

/// One event that a hook is put to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Slot {
    /// The name of the event.
    pub event: &'static str,
    /// Which tools it is about; `None` for all, and for events that are about none.
    pub matcher: Option<&'static str>,
    /// Seconds after which the agent gives up on the hook.
    pub timeout: u64,
}

/// What is put into a settings file.
#[derive(Clone, Copy, Debug)]
pub struct Entry<'a> {
    /// The form of the file.
    pub shape: Shape,
    /// Where it is put.
    pub slots: &'a [Slot],
    /// What the agent runs.
    pub command: &'a str,
    /// By what part of a command ours is known, whatever stands around it: `hook claude-code`.
    pub mark: &'a str,
}

/// A settings file that has the hook.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Installed {
    /// Its text.
    pub text: String,
    /// What was done.
    pub done: Done,
}

/// What an installation did.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Done {
    /// The hook was not there.
    Added,
    /// Ours was there, and is the present one now.
    Renewed,
    /// It was there as it is.
    Unchanged,
}

/// A settings file without the hook.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Removed {
    /// This is left of it.
    Text(String),
    /// Nothing is left: we had made it.
    File,
    /// The hook was not there.
    NotThere,
}

/// Puts the hook into `text`; without one, into a new file.
///
/// # Errors
/// Where `text` is not what the agent's settings are. It is to be left as it is then.
pub fn install(text: Option<&str>, entry: Entry<'_>) -> Result<Installed, Fault> {
    let Some(text) = text else { return Ok(Installed { text: new(entry), done: Done::Added }) };
    let (mark, text) = cut_mark(text);
    let at_mark = |fault: Fault| Fault { at: fault.at + mark.len(), ..fault };
    if has_all(text, entry).map_err(at_mark)? {
        return Ok(Installed { text: format!("{mark}{text}"), done: Done::Unchanged });
    }
    let (mut text, done) = match taken_out(text, entry).map_err(at_mark)? {
        Removed::Text(text) => (text, Done::Renewed),
        Removed::File => return Ok(Installed { text: format!("{mark}{}", new(entry)), done: Done::Renewed }),
        Removed::NotThere => (text.to_owned(), Done::Added),
    };
    if let Shape::Flat { version } = entry.shape {
        let root = json::parse(&text).map_err(at_mark)?;
        if object(&root, "the file").map_err(at_mark)?.get("version").is_none() {
            return Err(at_mark(Fault::new(0, format!("it has no `version`; expected `\"version\": {version}`"))));
        }
    }
    for slot in entry.slots {
        text = with_slot(&text, entry, slot).map_err(at_mark)?;
    }
    Ok(Installed { text: format!("{mark}{text}"), done })
}

/// Takes the hook out of `text`, and with it what was made for it alone.
///
/// # Errors
/// Where `text` is not what the agent's settings are. It is to be left as it is then.
pub fn uninstall(text: &str, entry: Entry<'_>) -> Result<Removed, Fault> {
    let (mark, text) = cut_mark(text);
    let removed = taken_out(text, entry).map_err(|fault| Fault { at: fault.at + mark.len(), ..fault })?;
    Ok(match removed {
        Removed::Text(text) => Removed::Text(format!("{mark}{text}")),
        Removed::File | Removed::NotThere => removed,
    })
}

/// The file that is written where there is none.
pub fn new(entry: Entry<'_>) -> String {
    let events = entry.slots.iter().map(|slot| (slot.event.to_owned(), json!([hook(entry, slot)])));
    let mut root = serde_json::Map::new();
    root.insert(HOOKS.to_owned(), serde_json::Value::Object(events.collect()));
    if let Shape::Flat { version } = entry.shape {
        // Behind the hooks: no file that somebody wrote by hand begins with them and has nothing else.
        root.insert("version".to_owned(), version.into());
    }
    // Texts and numbers: nothing that JSON cannot hold.
    let text = serde_json::to_string_pretty(&serde_json::Value::Object(root)).unwrap_or_default();
    format!("{text}\n")
}

/// A byte order mark, and the rest.
fn cut_mark(text: &str) -> (&str, &str) {
    text.split_at(text.len() - text.trim_start_matches('\u{feff}').len())
}

/// One entry of the list of an event.
fn hook(entry: Entry<'_>, slot: &Slot) -> serde_json::Value {
    let mut hook = serde_json::Map::new();
    let matcher = slot.matcher.map(|matcher| ("matcher".to_owned(), matcher.into()));
    match entry.shape {
        Shape::Groups => {
            hook.extend(matcher);
            let command = json!({ "type": "command", "command": entry.command, "timeout": slot.timeout });
            hook.insert(HOOKS.to_owned(), json!([command]));
        }
        Shape::Flat { .. } => {
            hook.insert("command".to_owned(), entry.command.into());
            hook.extend(matcher);
            hook.insert("timeout".to_owned(), slot.timeout.into());
        }
    }
    serde_json::Value::Object(hook)
}

fn with_slot(text: &str, entry: Entry<'_>, slot: &Slot) -> Result<String, Fault> {
    let root = json::parse(text)?;
    let root = object(&root, "the file")?;
    let value = hook(entry, slot);
    let Some(hooks) = property(root, HOOKS)? else {
        let events = json!({ slot.event: [value] });
        return Ok(json::append(text, &Container::of_object(root), Some(HOOKS), &events));
    };
    let hooks = object(hooks, "`hooks`")?;
    Ok(match property(hooks, slot.event)? {
        None => json::append(text, &Container::of_object(hooks), Some(slot.event), &json!([value])),
        Some(list) => json::append(text, &Container::of_array(array(list, slot.event)?), None, &value),
    })
}

/// Whether the hook stands at every slot as it would be put there, and nowhere else.
fn has_all(text: &str, entry: Entry<'_>) -> Result<bool, Fault> {
    let ours = ours(text, entry)?;
    let is_right = |slot: &Slot| {
        let mut here = ours.iter().filter(|(event, _)| event == slot.event);
        let right = here.next().is_some_and(|(_, found)| *found == hook(entry, slot));
        right && here.next().is_none()
    };
    Ok(ours.len() == entry.slots.len() && entry.slots.iter().all(is_right))
}

/// Entries of lists that hold our command, with their events.
fn ours(text: &str, entry: Entry<'_>) -> Result<Vec<(String, serde_json::Value)>, Fault> {
    let root = json::parse(text)?;
    let Some(hooks) = property(object(&root, "the file")?, HOOKS)? else { return Ok(Vec::new()) };
    let mut found = Vec::new();
    for event in &object(hooks, "`hooks`")?.properties {
        let Value::Array(list) = &event.value else { continue };
        let values = list.elements.iter().filter(|element| holds(element, entry));
        found.extend(values.map(|value| (event.name.as_str().to_owned(), json::value(text, value))));
    }
    Ok(found)
}

fn is_ours(hook: &Value<'_>, entry: Entry<'_>) -> bool {
    let command = hook.as_object().and_then(|hook| hook.get_string("command"));
    command.is_some_and(|command| command.value.contains("trueup") && command.value.contains(entry.mark))
}

/// Whether an entry of the list of an event holds our command.
fn holds(element: &Value<'_>, entry: Entry<'_>) -> bool {
    match entry.shape {
        Shape::Flat { .. } => is_ours(element, entry),
        Shape::Groups => element
            .as_object()
            .and_then(|group| group.get_array(HOOKS))
            .is_some_and(|hooks| hooks.elements.iter().any(|hook| is_ours(hook, entry))),
    }
}

fn taken_out(text: &str, entry: Entry<'_>) -> Result<Removed, Fault> {
    let mut left = text.to_owned();
    let mut any = false;
    loop {
        match one_taken_out(&left, entry)? {
            Removed::Text(less) => (left, any) = (less, true),
            Removed::File => return Ok(Removed::File),
            Removed::NotThere if any => return Ok(Removed::Text(left)),
            Removed::NotThere => return Ok(Removed::NotThere),
        }
    }
}

/// Takes the first of our hooks out, and the containers around it that we made and that are empty without it.
fn one_taken_out(text: &str, entry: Entry<'_>) -> Result<Removed, Fault> {
    let root = json::parse(text)?;
    let root = object(&root, "the file")?;
    let Some(hooks_at) = position(root, HOOKS)? else { return Ok(Removed::NotThere) };
    let hooks = object(&root.properties[hooks_at].value, "`hooks`")?;
    for (event_at, event) in hooks.properties.iter().enumerate() {
        // What is of another form there is the agent's to complain of.
        let Value::Array(list) = &event.value else { continue };
        let Some(at) = list.elements.iter().position(|element| holds(element, entry)) else { continue };
        if let Some(inner) = list.elements[at].as_object().and_then(|group| group.get_array(HOOKS))
            && inner.elements.iter().any(|hook| !is_ours(hook, entry))
        {
            // Somebody added to our group.
            let at = inner.elements.iter().position(|hook| is_ours(hook, entry)).unwrap_or_default();
            let (taken, _) = json::removal(text, &Container::of_array(inner), at);
            return Ok(Removed::Text(json::without(text, taken)));
        }
        let chain = [
            (Container::of_array(list), at),
            (Container::of_object(hooks), event_at),
            (Container::of_object(root), hooks_at),
        ];
        for (container, at) in &chain {
            let (taken, gone) = json::removal(text, container, *at);
            if !gone {
                return Ok(remaining(json::without(text, taken), entry, hooks_at));
            }
        }
        return Ok(Removed::File);
    }
    Ok(Removed::NotThere)
}

/// What is left; nothing, where it is only the version of a file that we made.
fn remaining(text: String, entry: Entry<'_>, hooks_at: usize) -> Removed {
    if let Shape::Flat { version } = entry.shape
        && hooks_at == 0
        && text == format!("{{\n  \"version\": {version}\n}}\n")
    {
        return Removed::File;
    }
    Removed::Text(text)
}

fn object<'a, 'b>(value: &'b Value<'a>, what: &str) -> Result<&'b Object<'a>, Fault> {
    value.as_object().ok_or_else(|| Fault::new(start(value), format!("{what} is no JSON object; expected one")))
}

fn array<'a, 'b>(value: &'b Value<'a>, event: &str) -> Result<&'b jsonc_parser::ast::Array<'a>, Fault> {
    value.as_array().ok_or_else(|| Fault::new(start(value), format!("`hooks.{event}` is no list; expected one")))
}

fn start(value: &Value<'_>) -> usize {
    jsonc_parser::common::Ranged::range(value).start
}

fn property<'a, 'b>(object: &'b Object<'a>, name: &str) -> Result<Option<&'b Value<'a>>, Fault> {
    Ok(position(object, name)?.map(|at| &object.properties[at].value))
}

/// Where a property stands. Of two with one name nobody knows which the agent reads.
fn position(object: &Object<'_>, name: &str) -> Result<Option<usize>, Fault> {
    let mut found = object.properties.iter().enumerate().filter(|(_, property)| property.name.as_str() == name);
    let first = found.next().map(|(at, _)| at);
    match found.next() {
        Some((_, twice)) => {
            Err(Fault::new(twice.range.start, format!("`{name}` stands there twice; expected it once")))
        }
        None => Ok(first),
    }
}

#[cfg(test)]
mod tests;
