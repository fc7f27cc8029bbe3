//! Following redirects as curl and browsers do, so far and not in circles.
//!
//! | status | asked next |
//! |---|---|
//! | 301, 302 | the same way; a POST becomes a GET without a body |
//! | 303 | a GET without a body; a HEAD stays one |
//! | 307, 308 | the same way, body included |
//!
//! At another scheme, host or port nothing is sent that was marked sensitive, nor the user of the address.

use reqwest::header::HeaderMap;
use reqwest::{Method, Url};

use super::secret::shown;

/// One request of a chain.
#[derive(Clone, Debug)]
pub(super) struct Leg {
    /// What is asked with.
    pub method: Method,
    /// Where.
    pub url: Url,
    /// Headers to send.
    pub headers: HeaderMap,
    /// Body to send.
    pub body: Option<String>,
}

/// What comes after an answer.
#[derive(Debug)]
pub(super) enum Next {
    /// The answer stands.
    Stay,
    /// Another request.
    Go(Box<Leg>),
    /// The chain leads nowhere; why, in one line.
    Lost(String),
}

/// The requests of a chain so far.
#[derive(Debug)]
pub(super) struct Trail {
    most: u32,
    passed: Vec<(Method, Url)>,
}

impl Trail {
    /// A chain that follows `most` redirects.
    pub fn new(most: u32) -> Trail {
        Trail { most, passed: Vec::new() }
    }

    /// Number of redirects that were followed.
    pub fn followed(&self) -> usize {
        self.passed.len()
    }

    /// What comes after `leg` was answered with `status` and a `location`.
    pub fn next(&mut self, leg: &Leg, status: u16, location: Option<&str>) -> Next {
        let Some(location) = location.filter(|_| self.most > 0 && matches!(status, 301 | 302 | 303 | 307 | 308)) else {
            return Next::Stay;
        };
        let Ok(url) = leg.url.join(location) else {
            return Next::Lost(format!("`{}` redirects to what is no address", shown(&leg.url)));
        };
        if !matches!(url.scheme(), "http" | "https") {
            return Next::Lost(format!(
                "`{}` redirects to `{}:…`, expected http or https",
                shown(&leg.url),
                url.scheme()
            ));
        }
        let next = turned(leg, status, url);
        self.passed.push((leg.method.clone(), leg.url.clone()));
        let same = |(method, url): &(Method, Url)| {
            *method == next.method && without_fragment(url) == without_fragment(&next.url)
        };
        if let Some(at) = self.passed.iter().position(same) {
            let places: Vec<_> = self.passed[at..].iter().map(|(_, url)| format!("`{}`", shown(url))).collect();
            return Next::Lost(format!("redirects in a circle: {} to `{}`", places.join(" to "), shown(&next.url)));
        }
        if self.passed.len() > usize::try_from(self.most).unwrap_or(usize::MAX) {
            let (most, to) = (self.most, shown(&next.url));
            return Next::Lost(format!("more redirects than the {most} that are followed: one more leads to `{to}`"));
        }
        Next::Go(Box::new(next))
    }
}

fn turned(leg: &Leg, status: u16, url: Url) -> Leg {
    let becomes_get = match status {
        303 => leg.method != Method::HEAD,
        301 | 302 => leg.method == Method::POST,
        _ => false,
    };
    let mut headers = leg.headers.clone();
    if url.origin() != leg.url.origin() {
        headers = headers.into_iter().scan(None, named).filter(|(_, value)| !value.is_sensitive()).collect();
    }
    if becomes_get {
        for name in ["content-type", "content-length", "content-encoding"] {
            headers.remove(name);
        }
    }
    let method = if becomes_get { Method::GET } else { leg.method.clone() };
    Leg { method, url, headers, body: leg.body.clone().filter(|_| !becomes_get) }
}

/// Of several values of one header, a map names the first only.
fn named<V>(
    last: &mut Option<reqwest::header::HeaderName>,
    (name, value): (Option<reqwest::header::HeaderName>, V),
) -> Option<(reqwest::header::HeaderName, V)> {
    if name.is_some() {
        *last = name;
    }
    last.clone().map(|name| (name, value))
}

fn without_fragment(url: &Url) -> Url {
    let mut url = url.clone();
    url.set_fragment(None);
    url
}

#[cfg(test)]
mod tests {
    use reqwest::header::HeaderValue;

    use super::*;

    fn leg(method: &str, url: &str) -> Leg {
        let mut headers = HeaderMap::new();
        let mut token = HeaderValue::from_static("Bearer abc");
        token.set_sensitive(true);
        headers.insert("authorization", token);
        headers.insert("accept", HeaderValue::from_static("text/plain"));
        headers.append("accept", HeaderValue::from_static("text/html"));
        headers.insert("content-type", HeaderValue::from_static("application/json"));
        let method = Method::from_bytes(method.as_bytes()).unwrap();
        Leg { method, url: Url::parse(url).unwrap(), headers, body: Some("{}".to_owned()) }
    }

    fn go(next: Next) -> Leg {
        match next {
            Next::Go(leg) => *leg,
            other => panic!("{other:?}"),
        }
    }

    #[test]
    fn the_method_turns_as_it_does_in_browsers() {
        for (method, status, expected, body) in [
            ("GET", 301, "GET", true),
            ("POST", 301, "GET", false),
            ("POST", 302, "GET", false),
            ("PUT", 302, "PUT", true),
            ("PUT", 303, "GET", false),
            ("HEAD", 303, "HEAD", true),
            ("POST", 307, "POST", true),
            ("POST", 308, "POST", true),
        ] {
            let next = go(Trail::new(1).next(&leg(method, "http://a/x"), status, Some("/y")));
            let seen = (next.method.as_str(), next.url.as_str(), next.body.is_some());
            assert_eq!(seen, (expected, "http://a/y", body), "{method} {status}");
            assert_eq!(next.headers.contains_key("content-type"), body);
        }
    }

    #[test]
    fn secrets_do_not_leave_for_another_origin() {
        let from = leg("GET", "https://me:pw@a/x");
        let there = |location| go(Trail::new(1).next(&from, 302, Some(location))).headers;
        assert!(there("/y").contains_key("authorization"));
        for elsewhere in ["https://b/y", "http://a/y", "https://a:444/y"] {
            let headers = there(elsewhere);
            assert!(!headers.contains_key("authorization"), "{elsewhere}");
            assert_eq!(headers.get_all("accept").iter().count(), 2);
        }
    }

    #[test]
    fn circles_and_long_ways_end() {
        let mut trail = Trail::new(5);
        let second = go(trail.next(&leg("GET", "http://a/x?token=t"), 302, Some("/y")));
        let Next::Lost(why) = trail.next(&second, 302, Some("/x?token=t#f")) else { panic!() };
        assert_eq!(why, "redirects in a circle: `http://a/x?…` to `http://a/y` to `http://a/x?…`");
        let mut trail = Trail::new(1);
        let second = go(trail.next(&leg("GET", "http://a/1"), 302, Some("/2")));
        let Next::Lost(why) = trail.next(&second, 302, Some("/3")) else { panic!() };
        assert_eq!(why, "more redirects than the 1 that are followed: one more leads to `http://a/3`");
        let Next::Lost(why) = Trail::new(1).next(&second, 302, Some("file:///etc/passwd")) else { panic!() };
        assert_eq!(why, "`http://a/2` redirects to `file:…`, expected http or https");
    }

    #[test]
    fn what_is_no_redirect_stands() {
        let first = leg("GET", "http://a/1");
        assert!(matches!(Trail::new(0).next(&first, 302, Some("/2")), Next::Stay));
        assert!(matches!(Trail::new(9).next(&first, 302, None), Next::Stay));
        assert!(matches!(Trail::new(9).next(&first, 304, Some("/2")), Next::Stay));
    }
}
