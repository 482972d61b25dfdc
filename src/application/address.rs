//! Where a service answers, for references to it.

use crate::build::service_host;
use crate::values::{Node, Value, nearest};

/// Where a service answers.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Address {
    /// The host name, as pods of the namespace find it.
    pub host: String,
    /// The port.
    pub port: u16,
}

/// Says where the service behind a table answers, on the port of a name or, without one, on the
/// port that is meant when nothing is said. What is wrong is a lowercase fragment.
pub(super) type Answers = fn(table: &Node, port: Option<&str>) -> Result<Address, String>;

/// The address of a [`Service`](crate::model::Service): its only port, or the one named `http`.
pub(super) fn of_service(table: &Node, port: Option<&str>) -> Result<Address, String> {
    let name = table.get(["name"]).and_then(Node::text).unwrap_or_default();
    let ports: Vec<_> = table.get(["ports"]).and_then(Node::table).into_iter().flatten().collect();
    let names = || nearest::names(&ports.iter().map(|e| &*e.key).collect::<Vec<_>>());
    let named = |name: &str| ports.iter().find(|entry| &*entry.key == name);
    let found = match (port, ports.as_slice()) {
        (_, []) => return Err("has no port".to_owned()),
        (Some(port), _) => {
            named(port).ok_or_else(|| format!("has no port `{port}`, but {}", names()))?
        }
        (None, [only]) => only,
        (None, _) => named("http")
            .ok_or_else(|| format!("has several ports; add `port`, one of {}", names()))?,
    };
    match found.node.get(["port"]).map(|node| &node.value) {
        Some(Value::Int(number)) => match u16::try_from(*number) {
            Ok(port) => Ok(Address { host: service_host(&name), port }),
            Err(_) => Err(format!("has the port `{number}`, which is none")),
        },
        _ => Err(format!("has no number for its port `{}`", found.key)),
    }
}
