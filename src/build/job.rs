//! Jobs and CronJobs of a service.

use super::Context;
use super::container::job_container;
use super::names::job_name;
use super::pod::pod;
use crate::leaf::{To as _, Val, part};
use crate::model::{Job, Run, Service};
use k8s_openapi::api::batch::v1 as batch;
use k8s_openapi::api::core::v1 as core;
use k8s_openapi::apimachinery::pkg::apis::meta::v1::ObjectMeta;
use std::collections::BTreeMap;

/// The Jobs that run before or after the service is updated.
pub fn jobs(cx: &Context, s: &Service) -> Vec<batch::Job> {
    s.jobs.filter_map(|name, job| {
        if !job.enabled.or(&Val::Plain(true)).get() || job.run.get() == Run::Schedule {
            return None;
        }
        Some(batch::Job {
            metadata: cx.metadata(&s.name, job_name(s, name), &s.labels),
            spec: Some(part(|| spec(cx, s, name, job))),
            ..batch::Job::default()
        })
    })
}

/// The CronJobs that run by a schedule.
pub fn cron_jobs(cx: &Context, s: &Service) -> Vec<batch::CronJob> {
    s.jobs.filter_map(|name, job| {
        if !job.enabled.or(&Val::Plain(true)).get() || job.run.get() != Run::Schedule {
            return None;
        }
        let schedule = job.schedule.get()?;
        Some(batch::CronJob {
            metadata: cx.metadata(&s.name, job_name(s, name), &s.labels),
            spec: batch::CronJobSpec {
                schedule: schedule.to(),
                time_zone: job.time_zone.to(),
                concurrency_policy: job.concurrency_policy.to(),
                suspend: job.suspend.to(),
                job_template: batch::JobTemplateSpec {
                    spec: Some(part(|| spec(cx, s, name, job))),
                    ..batch::JobTemplateSpec::default()
                },
                ..batch::CronJobSpec::default()
            },
            ..batch::CronJob::default()
        })
    })
}

/// The labels of a job's pods differ from those of the service, whose Service and disruption
/// budget must not select them.
fn spec(cx: &Context, s: &Service, name: &impl std::fmt::Display, job: &Job) -> batch::JobSpec {
    let labels: BTreeMap<String, String> = [
        ("app.kubernetes.io/name".to_owned(), job_name(s, name)),
        ("app.kubernetes.io/instance".to_owned(), cx.release.to_string()),
    ]
    .into();
    batch::JobSpec {
        backoff_limit: job.backoff_limit.to(),
        active_deadline_seconds: job.active_deadline_seconds.to(),
        ttl_seconds_after_finished: job.ttl_seconds_after_finished.to(),
        template: core::PodTemplateSpec {
            metadata: Some(ObjectMeta { labels: Some(labels), ..ObjectMeta::default() }),
            spec: Some(core::PodSpec {
                containers: vec![part(|| job_container(cx, s, &job.command, &job.args, &job.env))],
                restart_policy: Some("Never".to_owned()),
                ..pod(cx, s)
            }),
        },
        ..batch::JobSpec::default()
    }
}
