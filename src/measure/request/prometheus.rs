//! Questions to a Prometheus server, as plain data.

use std::fmt;

use serde::Serialize;

use super::web::{Credential, HeaderValue, HttpCheck, TlsDemand};

/// A server that speaks the HTTP API of Prometheus.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize)]
pub struct PrometheusServer {
    /// Its address, as its own `--web.external-url` has it: what stands before `/api/v1`.
    pub url: String,
    /// Headers by name.
    pub headers: Vec<(String, HeaderValue)>,
    /// What the `Authorization` header is made of.
    pub credential: Option<Credential>,
    /// Whose certificates are accepted.
    pub tls: TlsDemand,
}

impl PrometheusServer {
    /// The request for `path` (`/api/v1/query?query=up`), whatever status comes of it.
    pub fn request(&self, path: &str) -> HttpCheck {
        HttpCheck {
            headers: self.headers.clone(),
            credential: self.credential.clone(),
            tls: self.tls.clone(),
            ..HttpCheck::get(format!("{}{path}", self.url.trim_end_matches('/')))
        }
    }
}

/// An instant query.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize)]
pub struct PrometheusQuery {
    /// Who is asked.
    pub server: PrometheusServer,
    /// The expression.
    pub query: String,
}

/// Series of which each must satisfy a condition.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct PrometheusCheck {
    /// The query; `None` where the target is a series that discovery found, whose value is known.
    pub query: Option<PrometheusQuery>,
    /// What the value must be.
    pub is: Condition,
}

/// A comparison with a number: `== 1`, `< 0.5`.
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
pub struct Condition {
    /// How it is compared.
    pub relation: Relation,
    /// With what.
    pub number: f64,
}

/// How two numbers are compared, as PromQL writes it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Relation {
    /// `==`
    Equal,
    /// `!=`
    Unequal,
    /// `>`
    Above,
    /// `>=`
    AtLeast,
    /// `<`
    Below,
    /// `<=`
    AtMost,
}

impl Relation {
    const ALL: [(&'static str, Relation); 6] = [
        ("==", Relation::Equal),
        ("!=", Relation::Unequal),
        (">=", Relation::AtLeast),
        ("<=", Relation::AtMost),
        (">", Relation::Above),
        ("<", Relation::Below),
    ];
}

impl Condition {
    /// What the value of `up` is where a target was scraped.
    pub const IS_ONE: Condition = Condition { relation: Relation::Equal, number: 1.0 };

    /// Reads "== 1".
    pub fn parse(text: &str) -> Option<Condition> {
        let text = text.trim();
        let (relation, rest) =
            Relation::ALL.iter().find_map(|(sign, relation)| Some((*relation, text.strip_prefix(sign)?)))?;
        let number: f64 = rest.trim().parse().ok()?;
        number.is_finite().then_some(Condition { relation, number })
    }

    /// Whether `value` satisfies it. What is no number satisfies nothing.
    pub fn holds(self, value: f64) -> bool {
        if value.is_nan() {
            return false;
        }
        match self.relation {
            Relation::Equal => value == self.number,
            Relation::Unequal => value != self.number,
            Relation::Above => value > self.number,
            Relation::AtLeast => value >= self.number,
            Relation::Below => value < self.number,
            Relation::AtMost => value <= self.number,
        }
    }
}

impl fmt::Display for Condition {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let sign = match self.relation {
            Relation::Equal => "==",
            Relation::Unequal => "!=",
            Relation::Above => ">",
            Relation::AtLeast => ">=",
            Relation::Below => "<",
            Relation::AtMost => "<=",
        };
        write!(f, "{sign} {}", self.number)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn conditions_are_read_as_they_are_written() {
        for text in ["== 1", "!= 0", "> 0.5", ">= -3", "< 100", "<= 2.25"] {
            assert_eq!(Condition::parse(text).unwrap().to_string(), text);
        }
        assert_eq!(Condition::parse(" ==1 "), Some(Condition::IS_ONE));
        for text in ["", "1", "= 1", "== one", "== NaN", "== +Inf", "=> 1", "== 1 or 2"] {
            assert_eq!(Condition::parse(text), None, "{text}");
        }
    }

    #[test]
    fn what_is_no_number_satisfies_nothing() {
        let all = ["== 1", "!= 1", "> 1", ">= 1", "< 1", "<= 1"].map(|text| Condition::parse(text).unwrap());
        let held = |value| all.map(|condition| condition.holds(value));
        assert_eq!(held(1.0), [true, false, false, true, false, true]);
        assert_eq!(held(2.0), [false, true, true, true, false, false]);
        assert_eq!(held(f64::NAN), [false; 6]);
    }
}
