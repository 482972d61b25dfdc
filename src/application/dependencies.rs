//! Which service must be ready before which.

use crate::values::nearest::did_you_mean;
use crate::values::{At, Document, Mistake, Value};

/// What a service depends on: the places of the names, and the services, by number.
#[derive(Default)]
struct Node {
    on: Vec<usize>,
    at: Option<At>,
}

/// Every service that another depends on exists, and none depends on itself in the end.
pub(super) fn check(document: &Document, mistakes: &mut Vec<Mistake>) {
    let names: Vec<&str> = document.services().map(|entry| &*entry.key).collect();
    let mut nodes: Vec<Node> = Vec::new();
    for entry in document.services() {
        let mut node = Node::default();
        let field = entry.node.get(["dependsOn"]);
        // A list of another form is told where the table is read.
        if let Some((field, Value::List(list))) = field.map(|field| (field, &field.value)) {
            node.at = Some(field.at);
            for (i, item) in list.iter().enumerate() {
                let Some(name) = item.text() else { continue };
                match names.binary_search(&name) {
                    Ok(number) => node.on.push(number),
                    Err(_) => {
                        let mistake = Mistake::new(
                            format!("{}.dependsOn[{i}]", entry.key),
                            Some(item.at),
                            format!("there is no service `{name}`"),
                        );
                        mistakes.push(match did_you_mean(name, &names) {
                            Some(help) => mistake.help(help),
                            None => mistake,
                        });
                    }
                }
            }
        }
        nodes.push(node);
    }
    for circle in circles(&nodes) {
        let way: Vec<_> =
            circle.iter().chain(circle.first()).map(|n| format!("`{}`", names[*n])).collect();
        let Some(first) = circle.first() else { continue };
        mistakes.push(Mistake::new(
            format!("{}.dependsOn", names[*first]),
            nodes[*first].at,
            format!("depends on itself: {}", way.join(" -> ")),
        ));
    }
}

/// Circles of dependencies, found in one walk over all services: no two share their last step.
fn circles(nodes: &[Node]) -> Vec<Vec<usize>> {
    #[derive(Clone, Copy, PartialEq)]
    enum Seen {
        No,
        OnTheWay,
        Done,
    }
    let mut seen = vec![Seen::No; nodes.len()];
    let mut circles = Vec::new();
    for start in 0..nodes.len() {
        if seen[start] != Seen::No {
            continue;
        }
        // The way from the start, with how many of the dependencies of each were followed.
        let mut way = vec![(start, 0)];
        seen[start] = Seen::OnTheWay;
        while let Some((node, followed)) = way.last_mut() {
            let Some(next) = nodes[*node].on.get(*followed).copied() else {
                seen[*node] = Seen::Done;
                way.pop();
                continue;
            };
            *followed += 1;
            match seen[next] {
                Seen::Done => {}
                Seen::No => {
                    seen[next] = Seen::OnTheWay;
                    way.push((next, 0));
                }
                Seen::OnTheWay => {
                    let back = way.iter().position(|(n, _)| *n == next).unwrap_or_default();
                    circles.push(way[back..].iter().map(|(n, _)| *n).collect());
                }
            }
        }
    }
    circles
}

#[cfg(test)]
mod tests {
    use super::*;

    fn nodes(on: &[&[usize]]) -> Vec<Node> {
        on.iter().map(|on| Node { on: on.to_vec(), at: None }).collect()
    }

    #[test]
    fn circles_are_found() {
        assert_eq!(circles(&nodes(&[&[], &[0], &[0, 1]])), Vec::<Vec<usize>>::new());
        assert_eq!(circles(&nodes(&[&[0]])), [[0]]);
        assert_eq!(circles(&nodes(&[&[1], &[2], &[1], &[0]])), [[1, 2]]);
        assert_eq!(circles(&nodes(&[&[1, 2], &[0], &[0]])), [[0, 1], [0, 2]]);
    }

    #[test]
    fn a_long_chain_takes_one_walk() {
        let chain: Vec<Node> = (0..100_000_usize)
            .map(|n| Node { on: n.checked_sub(1).into_iter().collect(), at: None })
            .collect();
        assert_eq!(circles(&chain), Vec::<Vec<usize>>::new());
    }
}
