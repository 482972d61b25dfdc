//! Jobs that run the image of a service.

use super::number::{Count, Positive};
use super::setting::Setting;
use super::word::{EnvName, Schedule};
use crate::leaf::{List, Map, One, Opt, Text, Val};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// A Job or CronJob with the image, environment and limits of its service.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Job {
    /// Whether the job exists; it does unless this is false
    pub enabled: Opt<Val<bool>>,
    /// When it runs
    pub run: One<Run>,
    /// The schedule of a job that runs by one, in UTC unless `timeZone` is set
    pub schedule: Opt<Val<Schedule>>,
    /// The time zone of the schedule: `Europe/Vienna`
    pub time_zone: Opt<Text>,
    /// What the container runs, in place of the image's entry point
    pub command: List<Text>,
    /// Its arguments
    pub args: List<Text>,
    /// Environment beside that of the service
    pub env: Map<Val<Setting>, EnvName>,
    /// How often a failed pod is tried again; Kubernetes tries 6 times unless set
    pub backoff_limit: Opt<Val<Count>>,
    /// How long the job may take, in seconds
    pub active_deadline_seconds: Opt<Val<Positive>>,
    /// How long a finished job is kept, in seconds
    pub ttl_seconds_after_finished: Opt<Val<Count>>,
    /// What happens when a scheduled run meets one that still runs
    pub concurrency_policy: Opt<One<ConcurrencyPolicy>>,
    /// Whether the schedule pauses
    pub suspend: Opt<Val<bool>>,
}

/// When a job runs.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize, Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub enum Run {
    /// Before the service is updated: a migration
    #[default]
    Before,
    /// After the service is updated
    After,
    /// By a schedule
    Schedule,
}

/// What happens when a scheduled run meets one that still runs.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize, Serialize, JsonSchema)]
pub enum ConcurrencyPolicy {
    /// Both run
    #[default]
    Allow,
    /// The new one is left out
    Forbid,
    /// The old one is ended
    Replace,
}
