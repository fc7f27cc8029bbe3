//! A server inside a container: a program that the engine starts there, with its standard input and output as the wire.
//! It is not the container's own process but another of the same program, where the check names none: what others use is
//! left alone.

use std::time::Duration;

use tokio::time::{Instant, sleep_until};

use super::client::Client;
use super::converse;
use super::diagnosis::{Case, Setting, Stop, look};
use super::intended_rung;
use super::peer::Fault;
use super::session::{Learnt, Opening};
use crate::measure::classify::Exit;
use crate::measure::engine::attach::Command;
use crate::measure::engine::message;
use crate::measure::engine::trouble::Trouble;
use crate::measure::evidence::{Evidence, plain};
use crate::measure::probe::container::{container_of, not_runnable, troubled};
use crate::measure::probe::{Context, Look};
use crate::measure::process::stop_waiting_at;
use crate::measure::redact::Redactor;
use crate::measure::request::{McpCheck, McpExec};
use crate::rung::Rung;

/// Time that a server has to end by itself once its input is closed.
const CLOSE: Duration = Duration::from_secs(1);

/// Time to kill what is left of a server.
const KILL: Duration = Duration::from_secs(4);

/// Longest wait for the exit code of a server that closed its output.
const EXIT: Duration = Duration::from_secs(1);

/// Longest reason of an engine that is quoted.
const QUOTE: usize = 160;

/// Starts the server in its container, speaks to it, and looks at what comes of it.
pub async fn look_inside(check: &McpCheck, exec: &McpExec, context: Context<'_>) -> Look {
    let rung = intended_rung(check);
    let name = match container_of(exec.container.as_deref(), context.handle) {
        Ok(name) => name,
        Err(unmeasured) => return Look::unmeasured(rung, unmeasured),
    };
    let engine = match context.sources.engine_at(&exec.engine) {
        Ok(engine) => engine,
        Err(unmeasured) => return Look::unmeasured(rung, unmeasured),
    };
    let began = Instant::now();
    let document = match engine.document(name, context.deadline).await {
        Ok(document) => document,
        Err(trouble) => return troubled(name, trouble, rung, engine.source()),
    };
    let argv = exec.argv.as_ref().unwrap_or(&document.command);
    let mut facts = vec![("container", name.to_owned()), ("command", argv.join(" "))];
    if exec.argv.is_none() {
        facts.push(("instance", "another of the container's own command, not the one that others use".to_owned()));
    }
    if !exec.env.is_empty() {
        facts.push(("environment", exec.env.keys().cloned().collect::<Vec<_>>().join(", ")));
    }
    let redactor = document.redactor.clone().with_env(&exec.env);
    let env: Vec<String> = exec.env.iter().map(|(name, value)| format!("{name}={value}")).collect();
    let until = stop_waiting_at(context.deadline);
    let mut opening = Opening::Initialize;
    loop {
        let command = Command { argv, env: &env, folder: None };
        let attached = match engine.attach(name, &command, until).await {
            Ok(attached) => attached,
            Err(Trouble::Refused(said)) if said.contains("OCI runtime exec failed") => {
                return not_started(&said, facts, &redactor);
            }
            Err(Trouble::Refused(said)) => return not_runnable(name, &said, rung, &engine, context).await,
            Err(trouble) => return troubled(name, trouble, rung, engine.source()),
        };
        let (stdin, stdout, handle) = attached.split();
        let prefix = format!("trueup-{:016x}-", fastrand::u64(..));
        let mut client = Client::new(stdout, stdin, prefix).transcribing(context.sources.keeps_exhibits());
        let mut learnt = Learnt::default();
        let stop = tokio::select! {
            biased;
            end = converse(&mut client, check, opening, &mut learnt) => match end {
                Ok(()) => Stop::Done,
                Err(fault) => Stop::Fault(fault),
            },
            () = sleep_until(until) => Stop::OutOfTime,
        };
        let heed = client.heed().clone();
        let (mut stdout, mut stdin) = client.into_streams();
        let mut exit = None;
        if matches!(stop, Stop::Fault(Fault::Closed | Fault::GoneAfterRefusal { .. })) {
            let end = Instant::now() + EXIT;
            while exit.is_none() && Instant::now() < end.min(until) {
                match engine.ended(&handle, until).await {
                    Ok(code) => exit = code.map(Exit::Code),
                    Err(trouble) => return troubled(name, trouble, rung, engine.source()),
                }
                tokio::time::sleep(Duration::from_millis(10)).await;
            }
        }
        let stderr = handle.stderr_so_far();
        let patience = if stop == Stop::Done { CLOSE } else { Duration::ZERO };
        let closing = std::sync::Arc::clone(&engine);
        let over = handle.clone();
        context.sources.finish_later(async move {
            let rest = async {
                let _ = tokio::io::AsyncWriteExt::shutdown(&mut stdin).await;
                let _ = tokio::io::copy(&mut stdout, &mut tokio::io::sink()).await;
            };
            let _ = tokio::time::timeout(patience, rest).await;
            // What ended by itself may have left children.
            closing.sweep(&over, Instant::now() + KILL).await;
        });
        if let (Stop::Fault(Fault::GoneAfterRefusal { .. }), Opening::Initialize) = (&stop, opening) {
            opening = Opening::Discover;
            continue;
        }
        // The engine tells on standard output what it could not start.
        if let Some(said) = heed.noise.iter().find(|line| line.contains("OCI runtime exec failed")) {
            return not_started(said, facts, &redactor);
        }
        let program = argv.first().cloned();
        let setting = Setting {
            program,
            redactor,
            waited: began.elapsed(),
            cut_short: context.sources.cut_short(context.deadline),
        };
        let case = Case { stop, learnt, heed, exit, escaped: 0, stderr, facts };
        return look(check, &case, &setting);
    }
}

fn not_started(said: &str, facts: Vec<(&'static str, String)>, redactor: &Redactor) -> Look {
    let mut evidence = Evidence::new();
    for (name, value) in facts {
        evidence.fact(name, redactor.clean(&value));
    }
    let class = message::class_of(said);
    let reason = redactor.clean(&format!("cannot start: {}", plain(message::brief(said), QUOTE)));
    Look::failed(Rung::Running, class, reason, evidence)
}
