//! Checks: what is wrong between and inside objects, found before anything reaches a cluster.
//!
//! Each file holds one subject, and one table lists them. A check sees the whole render through
//! one index. No finding holds a value out of a Secret.

mod autoscalers;
mod budgets;
mod containers;
mod external;
mod finding;
mod form;
mod index;
mod ingresses;
mod jobs;
mod labels;
mod mounts;
mod names;
mod policies;
mod probes;
mod references;
mod resources;
mod rollout;
mod selectors;
mod services;
mod sizes;
#[cfg(test)]
mod testing;
mod workload;

pub use external::{External, ExternalError};
pub use finding::{Finding, Severity};

use super::Objects;
use finding::Findings;
use index::Index;

/// The checks, in the order in which they run.
const CHECKS: &[fn(&Index<'_>, &mut Findings)] = &[
    form::check,
    names::check,
    labels::check,
    sizes::check,
    selectors::check,
    containers::check,
    probes::check,
    resources::check,
    references::check,
    mounts::check,
    rollout::check,
    jobs::check,
    services::check,
    autoscalers::check,
    budgets::check,
    ingresses::check,
    policies::check,
];

/// Runs all checks; the findings stand in the order of the objects.
pub fn check(objects: &Objects, external: &External) -> Vec<Finding> {
    let index = Index::new(objects.as_slice(), external);
    let mut findings = Findings::default();
    for check in CHECKS {
        check(&index, &mut findings);
    }
    findings.sorted()
}
