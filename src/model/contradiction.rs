//! Values that are right by themselves and wrong together.

use super::{Check, Job, Probe, Run, Service, ServiceType, Strategy, StrategyType, Workload};
use crate::leaf::{List, Map, Opt, Val};

/// Values that are wrong together.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Contradiction {
    /// The keys on the way to the value, from the table of the service.
    pub path: Vec<String>,
    /// What is wrong: a lowercase fragment.
    pub message: String,
}

impl Service {
    /// Values that contradict each other, and would be dropped or refused by Kubernetes.
    ///
    /// Only plain values contradict each other; of traced ones nothing is known.
    pub fn contradictions(&self) -> Vec<Contradiction> {
        let mut all = Contradictions(Vec::new());
        if let Map::Plain(jobs) = &self.jobs {
            for (name, job) in jobs {
                all.job(&name.to_string(), job);
            }
        }
        let probes = &self.probes;
        all.probe("liveness", &probes.liveness, true);
        all.probe("readiness", &probes.readiness, false);
        all.probe("startup", &probes.startup, true);
        all.strategy(self.kind.get(), &self.strategy);
        let on = |flag: &Val<bool>| matches!(flag, Val::Plain(true));
        if on(&self.ingress.enabled) && is_empty(&self.ingress.hosts) {
            all.add(&["ingress", "hosts"], "an ingress without hosts leads nowhere; add one");
        }
        if on(&self.service.headless) && self.service.kind.get() != ServiceType::ClusterIP {
            all.add(&["service", "headless"], "only a Service of type `ClusterIP` can be headless");
        }
        let budget = &self.pod_disruption_budget;
        if on(&budget.enabled) && set(&budget.min_available) == set(&budget.max_unavailable) {
            all.add(
                &["podDisruptionBudget"],
                "set one of `minAvailable` and `maxUnavailable`, and only one",
            );
        }
        let root =
            matches!(&self.security.run_as_user, Opt::Plain(Some(Val::Plain(id))) if id.get() == 0);
        if root && !on(&self.security.run_as_root) {
            all.add(
                &["security", "runAsUser"],
                "the user 0 is root, which is denied; set `security.runAsRoot` if it is meant",
            );
        }
        all.0
    }
}

struct Contradictions(Vec<Contradiction>);

impl Contradictions {
    fn add(&mut self, path: &[&str], message: &str) {
        let path = path.iter().map(|&key| key.to_owned()).collect();
        self.0.push(Contradiction { path, message: message.to_owned() });
    }

    fn job(&mut self, name: &str, job: &Job) {
        match (job.run.get(), set(&job.schedule)) {
            (Run::Schedule, false) => {
                self.add(&["jobs", name], "runs by a schedule, but has none; set `schedule`");
            }
            (Run::Before | Run::After, true) => {
                self.add(&["jobs", name, "schedule"], "a schedule needs `run = \"schedule\"`")
            }
            _ => {}
        }
    }

    fn probe(&mut self, name: &str, probe: &Probe, once: bool) {
        if !matches!(probe.enabled, Val::Plain(true)) {
            return;
        }
        let command = matches!(&probe.command, List::Plain(command) if !command.is_empty());
        match probe.kind.get() {
            Check::Exec if !command => {
                self.add(&["probes", name], "an exec probe needs a `command`");
            }
            Check::Grpc if !set(&probe.grpc_port) => {
                self.add(&["probes", name], "a gRPC probe needs a `grpcPort`");
            }
            _ => {}
        }
        let threshold = match &probe.success_threshold {
            Opt::Plain(Some(Val::Plain(threshold))) => threshold.get(),
            _ => 1,
        };
        if once && threshold != 1 {
            self.add(
                &["probes", name, "successThreshold"],
                "Kubernetes takes only 1 here; leave it out",
            );
        }
    }

    fn strategy(&mut self, workload: Workload, strategy: &Strategy) {
        let kind = strategy.kind.get();
        match (workload, kind) {
            (Workload::Deployment, StrategyType::OnDelete) => {
                self.add(&["strategy", "type"], "a Deployment has `RollingUpdate` and `Recreate`");
            }
            (Workload::StatefulSet, StrategyType::Recreate) => {
                self.add(&["strategy", "type"], "a StatefulSet has `RollingUpdate` and `OnDelete`");
            }
            _ => {}
        }
    }
}

fn set<V>(value: &Opt<V>) -> bool {
    matches!(value, Opt::Plain(Some(_)))
}

fn is_empty<V, K>(map: &Map<V, K>) -> bool {
    matches!(map, Map::Plain(entries) if entries.is_empty())
}
