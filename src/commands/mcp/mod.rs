//! `trueup mcp`: checks and measurements as tools for coding agents. Nothing of the project is written; what was measured is
//! kept under `.trueup`, as `--max-age` of other commands does, and given as the resource.

mod check;
mod desk;
mod explain;
mod home;
mod measure;
mod section;

use std::io::{self, Write as _};
use std::path::{Path, PathBuf};
use std::sync::Arc;

use self::desk::ProjectDesk;
use self::home::Home;
use super::{look, outcome, project};
use crate::cli::{Global, McpArgs};
use crate::exit::ExitCode;
use crate::serve::{self, Door};
use crate::settings::Settings;

/// Runs the command: until the client leaves, or somebody asks the process to end.
///
/// # Errors
/// Where the address cannot be listened on, standard streams fail, or the runtime cannot be set up.
pub fn run(args: &McpArgs, global: &Global, settings: Settings) -> io::Result<ExitCode> {
    let door =
        args.http.map(|address| Door { address, hosts: args.allow_host.clone(), origins: args.allow_origin.clone() });
    if let Some(door) = door.as_ref().filter(|door| !door.address.ip().is_loopback() && door.hosts.is_empty()) {
        let address = door.address;
        let found = format!("`--http {address}` lets other machines in, and none of them has to say who it is");
        let expected = "expected an address of loopback, such as 127.0.0.1:8765, or `--allow-host` with the name by \
            which clients reach this machine";
        return Err(io::Error::new(io::ErrorKind::InvalidInput, format!("{found}; {expected}")));
    }
    let (desk, settings) = match desk(args, global, settings)? {
        Ok(desk) => desk,
        Err(code) => return Ok(code),
    };
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
    let ended = runtime.block_on(async {
        let interruption = look::interruption()?;
        let served = async {
            match &door {
                Some(door) => serve::over_http(Arc::clone(&desk), door, |address| announce(address, &settings)).await,
                None => serve::over_stdio(Arc::clone(&desk)).await,
            }
        };
        tokio::select! {
            ended = served => ended,
            () = interruption => Ok(()),
        }
    });
    // What is being measured for a client that left is ended, and what it started is reaped, before the process goes.
    desk.home.close();
    // A read of standard input keeps a thread; the process does not wait for it.
    runtime.shutdown_background();
    ended.map(|()| ExitCode::Clean)
}

/// A desk at the root of the project, where the process goes as well: clients name paths from there.
fn desk(
    args: &McpArgs,
    global: &Global,
    settings: Settings,
) -> io::Result<Result<(Arc<ProjectDesk>, Settings), ExitCode>> {
    let file = match project::home(global, &settings) {
        Ok(file) => file,
        Err(fault) => return outcome::complain_of(&[*fault], &settings).map(|()| Err(ExitCode::Usage)),
    };
    let snapshots: Vec<PathBuf> = args.snapshot.iter().map(|path| settings.current_dir.join(path)).collect();
    let folder = file.as_deref().and_then(Path::parent).map(|folder| settings.current_dir.join(folder));
    let folder = folder.unwrap_or_else(|| settings.current_dir.clone());
    let unusable = |error: io::Error| {
        io::Error::new(
            error.kind(),
            format!("cannot work in `{}`: {error}; expected the project's folder", folder.display()),
        )
    };
    let root = folder.canonicalize().map_err(unusable)?;
    let settings = settings.moved_to(&root).map_err(unusable)?;
    let config = file.as_deref().and_then(Path::file_name).map(PathBuf::from);
    let global = Global { config, ..global.clone() };
    // A server that does not start is told by few clients; one that says why in every answer is heard.
    if let Err(faults) = project::load(&global, &[], &settings) {
        outcome::complain_of(&faults, &settings)?;
    }
    let home = Home::new(root, global, settings.clone(), snapshots, args.max_age);
    Ok(Ok((Arc::new(ProjectDesk { home }), settings)))
}

/// Says where the server listens: on standard error, as standard output is the protocol's.
fn announce(address: std::net::SocketAddr, settings: &Settings) {
    // Nobody has to read it.
    _ = writeln!(io::stderr(), "trueup mcp: serving {} at http://{address}/mcp", settings.current_dir.display());
}
