//! Looking up names for the clients, and knowing which look-ups are under way: when time is up during one, it was the
//! name server who did not answer, and nothing is known of the host.

use std::collections::HashMap;
use std::net::SocketAddr;
use std::sync::{Arc, Mutex, PoisonError};

use reqwest::dns::{Addrs, Name, Resolve, Resolving};

/// The look-ups of one run.
#[derive(Clone, Debug, Default)]
pub struct Names {
    under_way: Arc<Mutex<HashMap<String, usize>>>,
}

impl Names {
    /// Whether `host` is being looked up at this moment.
    pub fn is_looking_up(&self, host: &str) -> bool {
        self.under_way.lock().unwrap_or_else(PoisonError::into_inner).contains_key(host)
    }

    fn begin(&self, host: &str) -> LookUp {
        *self.under_way.lock().unwrap_or_else(PoisonError::into_inner).entry(host.to_owned()).or_default() += 1;
        LookUp { names: self.clone(), host: host.to_owned() }
    }
}

impl Resolve for Names {
    fn resolve(&self, name: Name) -> Resolving {
        let under_way = self.begin(name.as_str());
        Box::pin(async move {
            let addresses: Vec<SocketAddr> = tokio::net::lookup_host((under_way.host.as_str(), 0)).await?.collect();
            drop(under_way);
            Ok(Box::new(addresses.into_iter()) as Addrs)
        })
    }
}

/// One look-up, over when it is dropped.
struct LookUp {
    names: Names,
    host: String,
}

impl Drop for LookUp {
    fn drop(&mut self) {
        let mut under_way = self.names.under_way.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(count) = under_way.get_mut(&self.host) {
            *count -= 1;
            if *count == 0 {
                under_way.remove(&self.host);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_look_up_is_under_way_until_its_last_asker_is_done() {
        let names = Names::default();
        assert!(!names.is_looking_up("host"));
        let one = names.begin("host");
        let two = names.begin("host");
        drop(one);
        assert!(names.is_looking_up("host") && !names.is_looking_up("other"));
        drop(two);
        assert!(!names.is_looking_up("host"));
    }

    #[tokio::test]
    async fn a_look_up_that_is_given_up_is_over() {
        let names = Names::default();
        let asked = names.resolve("localhost".parse().unwrap());
        assert!(names.is_looking_up("localhost"));
        drop(asked);
        assert!(!names.is_looking_up("localhost"));
        let found: Vec<_> = names.resolve("localhost".parse().unwrap()).await.unwrap().collect();
        assert!(found.iter().all(|address| address.ip().is_loopback()) && !found.is_empty(), "{found:?}");
        assert!(!names.is_looking_up("localhost"));
    }
}
