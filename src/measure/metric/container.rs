//! What a container uses.

use tokio::time::Instant;

use super::Seen;
use crate::measure::container_request::Resource;
use crate::measure::engine::trouble::Trouble;
use crate::measure::engine_choice::EngineChoice;
use crate::measure::evidence::Evidence;
use crate::measure::measurement::{Unmeasured, UnmeasuredCause};
use crate::measure::source::Sources;
use crate::quantity::Quantity;

pub(super) async fn measure(
    engine: &EngineChoice,
    name: &str,
    resource: Resource,
    sources: &Sources,
    deadline: Instant,
) -> Seen {
    let mut evidence = Evidence::new();
    evidence.fact("container", name).fact("resource", resource.name());
    let engine = match sources.engine_at(engine) {
        Ok(engine) => engine,
        Err(unmeasured) => return (Err(unmeasured), evidence),
    };
    let nothing = |detail: String| Unmeasured {
        cause: UnmeasuredCause::NothingFound,
        detail,
        source: engine.source().to_owned(),
    };
    let usage = async {
        let container = engine.container(name, deadline).await?;
        engine.usage(&container, resource, deadline).await
    };
    let number = match usage.await {
        Ok(value) => Ok(Quantity { value, total: None }),
        Err(Trouble::NoSuchContainer) => Err(nothing(format!("no container `{name}` at {}", engine.source()))),
        Err(Trouble::Refused(why)) => Err(nothing(why)),
        Err(Trouble::Unmeasured(unmeasured)) => Err(unmeasured),
    };
    (number, evidence)
}
