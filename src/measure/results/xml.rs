//! XML as a stream of opened and closed elements, in bounded memory, whatever the file.

use std::cell::Cell;
use std::io::{self, BufRead, BufReader, Read};
use std::rc::Rc;

use quick_xml::Reader;
use quick_xml::escape::unescape;
use quick_xml::events::{BytesStart, Event};

/// Longest single piece (a text, a comment, a tag), in bytes.
const PIECE: u64 = 64 << 20;

/// Most elements inside each other.
const DEEPEST: usize = 256;

/// Elements between two looks whether to stop.
const BREATH: usize = 4096;

/// A step through the document.
pub(super) enum Step<'a> {
    /// An element begins. The name is without its prefix.
    Open(&'a [u8], &'a BytesStart<'a>),
    /// The element of this name ends.
    Close(&'a [u8]),
}

/// Walks through the elements of `from`. Entities stay as they are written.
///
/// # Errors
/// What is wrong with it, and where; or what `visit` says.
pub(super) fn walk(
    from: impl Read,
    stop: impl Fn() -> bool,
    mut visit: impl FnMut(Step<'_>) -> Result<(), String>,
) -> Result<(), String> {
    let left = Rc::new(Cell::new(PIECE));
    let mut reader = Reader::from_reader(Rationed { inner: BufReader::new(from), left: Rc::clone(&left) });
    reader.config_mut().expand_empty_elements = true;
    let mut buffer = Vec::new();
    let mut depth = 0_usize;
    let mut seen = 0_usize;
    loop {
        buffer.clear();
        left.set(PIECE);
        match reader.read_event_into(&mut buffer) {
            Ok(Event::Start(start)) => {
                depth += 1;
                seen += 1;
                if depth > DEEPEST {
                    return Err(format!("its elements stand more than {DEEPEST} deep in each other"));
                }
                if seen.is_multiple_of(BREATH) && stop() {
                    return Err("there was no time to read it to its end".to_owned());
                }
                visit(Step::Open(start.local_name().as_ref(), &start))?;
            }
            Ok(Event::End(end)) => {
                depth = depth.saturating_sub(1);
                visit(Step::Close(end.local_name().as_ref()))?;
            }
            Ok(Event::Eof) if depth > 0 => return Err(cut_short(reader.buffer_position())),
            Ok(Event::Eof) if seen == 0 => return Err("there is no XML element in it".to_owned()),
            Ok(Event::Eof) => return Ok(()),
            Ok(
                Event::Empty(_)
                | Event::Text(_)
                | Event::CData(_)
                | Event::Comment(_)
                | Event::Decl(_)
                | Event::PI(_)
                | Event::DocType(_)
                | Event::GeneralRef(_),
            ) => {}
            // Only what ends in the middle of something is cut short; the rest is damaged.
            Err(quick_xml::Error::Syntax(error)) => {
                return Err(format!("{} ({error})", cut_short(reader.error_position())));
            }
            Err(error) => return Err(format!("byte {}: {error}", reader.error_position())),
        }
    }
}

fn cut_short(at: u64) -> String {
    format!("it is cut short at byte {at}")
}

/// The value of an attribute, as far as it is plain text.
pub(super) fn attribute(start: &BytesStart<'_>, name: &str) -> Option<String> {
    let attribute = start.try_get_attribute(name).ok().flatten()?;
    String::from_utf8(attribute.value.into_owned()).ok()
}

/// The value of an attribute as it is meant: without the entities that XML itself has. Others stay as they are written.
pub(super) fn text(start: &BytesStart<'_>, name: &str) -> Option<String> {
    let raw = attribute(start, name)?;
    Some(unescape(&raw).map_or_else(|_| raw.clone(), |text| text.into_owned()))
}

/// A reader that gives out so many bytes and then fails, until it is given more to give: nothing that is read in one piece
/// can fill the memory.
struct Rationed<R> {
    inner: R,
    left: Rc<Cell<u64>>,
}

impl<R: BufRead> Read for Rationed<R> {
    fn read(&mut self, into: &mut [u8]) -> io::Result<usize> {
        let some = self.fill_buf()?;
        let count = some.len().min(into.len());
        into[..count].copy_from_slice(&some[..count]);
        self.consume(count);
        Ok(count)
    }
}

impl<R: BufRead> BufRead for Rationed<R> {
    fn fill_buf(&mut self) -> io::Result<&[u8]> {
        if self.left.get() == 0 {
            return Err(io::Error::other(format!("one piece of it is longer than {} MiB", PIECE >> 20)));
        }
        self.inner.fill_buf()
    }

    fn consume(&mut self, count: usize) {
        self.left.set(self.left.get().saturating_sub(count as u64));
        self.inner.consume(count);
    }
}
