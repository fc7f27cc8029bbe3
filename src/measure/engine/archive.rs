//! A path inside a container, by the engine's archive of it: no program is started in the container, so it needs no shell
//! and need not run.
//!
//! Engines send such an archive as a tar. Its first entry is the path itself, and a second one shows that a folder is not
//! empty; nothing more is read.

use bollard::errors::Error;
use bollard::query_parameters::DownloadFromContainerOptionsBuilder;
use futures_util::{Stream, StreamExt};
use tokio::time::Instant;

use super::Engine;
use super::trouble::Trouble;

/// Size of a tar's blocks.
const BLOCK: usize = 512;

/// Most bytes of an archive that are read. A link with a long target comes behind a few blocks.
const MOST: usize = 256 * 1024;

/// Most links that are followed.
const LINKS: usize = 8;

/// What is at a path.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AtPath {
    /// What it is.
    pub kind: Kind,
    /// Its permission bits.
    pub mode: u32,
    /// Numbers of the user and the group that own it.
    pub owner: (u64, u64),
}

/// What can be at a path.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Kind {
    /// A folder.
    Folder {
        /// Whether there is nothing in it.
        empty: bool,
    },
    /// A file of so many bytes.
    File(u64),
    /// A device, a pipe.
    Other,
    /// A symbolic link.
    Link(String),
}

impl Engine {
    /// What is at `path` of a container, links followed; `None` where there is nothing.
    ///
    /// # Errors
    /// [`Trouble`] where the engine does not tell.
    pub async fn at_path(&self, id: &str, path: &str, deadline: Instant) -> Result<Option<AtPath>, Trouble> {
        let mut path = path.to_owned();
        for _ in 0..LINKS {
            let options = DownloadFromContainerOptionsBuilder::new().path(&path).build();
            let archive = self.docker.download_from_container(id, Some(options));
            let answer = async {
                match first(archive).await {
                    Ok(entry) => Ok(Some(entry)),
                    Err(error) if is_no_such_path(&error) => Ok(None),
                    Err(error) => Err(error),
                }
            };
            let Some(entry) = self.ask(deadline, answer).await? else { return Ok(None) };
            let Some(entry) = entry else {
                return Err(self.unreadable(&format!("an archive of `{path}` that is no tar")));
            };
            match entry.kind {
                Kind::Link(target) => path = beside(&path, &target),
                Kind::Folder { .. } | Kind::File(_) | Kind::Other => return Ok(Some(entry)),
            }
        }
        // As the system has it: too many links lead nowhere.
        Ok(None)
    }
}

/// Whether an error is an engine's own word (Docker's or podman's) for a path that is not in the container.
fn is_no_such_path(error: &Error) -> bool {
    let Error::DockerResponseServerError { status_code, message } = error else { return false };
    let message = message.to_ascii_lowercase();
    // Links that lead in a circle are an error of theirs to some engines; they lead nowhere.
    if *status_code != 404 {
        return message.contains("too many links") || message.contains("too many levels of symbolic links");
    }
    message.contains("could not find the file")
        || message.contains("no such file or directory")
        || message.contains("could not be found on container")
        || message.contains("not a directory")
}

/// The first entry of an archive, with a look whether there is a second.
async fn first(pieces: impl Stream<Item = Result<bytes::Bytes, Error>>) -> Result<Option<AtPath>, Error> {
    let mut pieces = std::pin::pin!(pieces);
    let mut bytes = Vec::new();
    loop {
        if let Read::Entry(entry) = read(&bytes, false) {
            return Ok(Some(entry));
        }
        match pieces.next().await {
            Some(piece) if bytes.len() < MOST => bytes.extend_from_slice(&piece?),
            Some(_) | None => {
                return Ok(match read(&bytes, true) {
                    Read::Entry(entry) => Some(entry),
                    Read::TooShort | Read::NoTar => None,
                });
            }
        }
    }
}

/// What the beginning of a tar tells.
#[derive(Debug, PartialEq, Eq)]
enum Read {
    Entry(AtPath),
    TooShort,
    NoTar,
}

/// Reads the beginning of a tar; `whole` says that there is no more.
fn read(bytes: &[u8], whole: bool) -> Read {
    let mut rest = bytes;
    let mut long_target = None;
    loop {
        let Some((header, after)) = rest.split_at_checked(BLOCK) else { return Read::TooShort };
        if &header[257..262] != b"ustar" {
            return Read::NoTar;
        }
        let size = octal(&header[124..136]);
        let padded = usize::try_from(size).unwrap_or(usize::MAX).div_ceil(BLOCK).saturating_mul(BLOCK);
        let kind = match header[156] {
            // Entries about the entry that follows.
            kind @ (b'x' | b'g' | b'L' | b'K') => {
                let Some((content, after)) = after.split_at_checked(padded) else { return Read::TooShort };
                let content = &content[..usize::try_from(size).unwrap_or(0).min(content.len())];
                match kind {
                    b'K' => long_target = Some(text(content)),
                    b'x' => long_target = pax_target(content).or(long_target),
                    _ => {}
                }
                rest = after;
                continue;
            }
            b'5' if after.len() >= BLOCK || whole => {
                // The end of a tar is two blocks of zeros; another entry begins with its name.
                Kind::Folder { empty: after.first().is_none_or(|byte| *byte == 0) }
            }
            b'5' => return Read::TooShort,
            b'0' | b'1' | b'7' | 0 => Kind::File(size),
            b'2' => Kind::Link(long_target.unwrap_or_else(|| text(&header[157..257]))),
            _ => Kind::Other,
        };
        let mode = u32::try_from(octal(&header[100..108]) & 0o7777).unwrap_or(0);
        return Read::Entry(AtPath { kind, mode, owner: (octal(&header[108..116]), octal(&header[116..124])) });
    }
}

fn octal(field: &[u8]) -> u64 {
    // Numbers that octal digits cannot hold are written in binary behind a set bit.
    if field.first().is_some_and(|byte| byte & 0x80 != 0) {
        return field[1..].iter().fold(0, |sum, byte| (sum << 8) | u64::from(*byte));
    }
    let digits = field.iter().filter(|byte| (b'0'..=b'7').contains(byte));
    digits.fold(0, |sum, digit| sum * 8 + u64::from(digit - b'0'))
}

fn text(field: &[u8]) -> String {
    let end = field.iter().position(|byte| *byte == 0).unwrap_or(field.len());
    String::from_utf8_lossy(&field[..end]).into_owned()
}

/// `linkpath` of an extended header, whose records are `LENGTH KEY=VALUE\n`.
fn pax_target(content: &[u8]) -> Option<String> {
    let content = String::from_utf8_lossy(content);
    content.lines().find_map(|record| Some(record.split_once(' ')?.1.strip_prefix("linkpath=")?.to_owned()))
}

/// Where a link at `path` leads.
fn beside(path: &str, target: &str) -> String {
    if target.starts_with('/') {
        return target.to_owned();
    }
    let folder = path.trim_end_matches('/').rsplit_once('/').map_or("", |(folder, _)| folder);
    format!("{folder}/{target}")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn header(kind: u8, size: usize, target: &str) -> Vec<u8> {
        let mut block = vec![0; BLOCK];
        block[..4].copy_from_slice(b"name");
        block[100..107].copy_from_slice(b"0000750");
        block[108..115].copy_from_slice(b"0001750");
        block[116..123].copy_from_slice(b"0000144");
        block[124..135].copy_from_slice(format!("{size:011o}").as_bytes());
        block[156] = kind;
        block[157..157 + target.len()].copy_from_slice(target.as_bytes());
        block[257..262].copy_from_slice(b"ustar");
        block
    }

    fn kind(bytes: &[u8], whole: bool) -> Option<Kind> {
        match read(bytes, whole) {
            Read::Entry(entry) => {
                assert_eq!((entry.mode, entry.owner), (0o750, (1000, 100)));
                Some(entry.kind)
            }
            Read::TooShort | Read::NoTar => None,
        }
    }

    #[test]
    fn the_beginning_of_a_tar_says_what_is_at_the_path() {
        let end = vec![0; 2 * BLOCK];
        let folder = header(b'5', 0, "");
        assert_eq!(kind(&[folder.clone(), end.clone()].concat(), true), Some(Kind::Folder { empty: true }));
        assert_eq!(kind(&[folder.clone(), header(b'0', 3, "")].concat(), false), Some(Kind::Folder { empty: false }));
        assert_eq!(kind(&folder, false), None, "whether it is empty is not known yet");
        assert_eq!(kind(&header(b'0', 70_000, ""), false), Some(Kind::File(70_000)));
        assert_eq!(kind(&header(b'2', 0, "../else"), false), Some(Kind::Link("../else".to_owned())));
        let mut record = b"18 linkpath=/far/\n".to_vec();
        let length = record.len();
        record.resize(BLOCK, 0);
        let long = [header(b'x', length, ""), record, header(b'2', 0, "/cut")].concat();
        assert_eq!(kind(&long, false), Some(Kind::Link("/far/".to_owned())));
        assert_eq!(read(&vec![b'x'; BLOCK], true), Read::NoTar);
        assert_eq!(read(b"", true), Read::TooShort);
    }

    #[test]
    fn a_link_leads_from_where_it_is() {
        assert_eq!(beside("/opt/app", "data"), "/opt/data");
        assert_eq!(beside("/opt/app/", "../x"), "/opt/../x");
        assert_eq!(beside("/app", "/srv/app"), "/srv/app");
        assert_eq!(beside("/app", "srv"), "/srv");
    }
}
