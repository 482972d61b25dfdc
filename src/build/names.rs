//! The names of a service's objects: one place, so that references cannot miss.

use crate::model::Service;

pub(super) fn service_name(s: &Service) -> String {
    service_host(&s.name)
}

/// The host name, inside the namespace, of the service of a name.
pub(crate) fn service_host(name: &impl std::fmt::Display) -> String {
    format!("{name}-service")
}

pub(super) fn config_name(s: &Service) -> String {
    format!("{}-config", s.name)
}

pub(super) fn secret_name(s: &Service) -> String {
    format!("{}-secret", s.name)
}

pub(super) fn files_name(s: &Service) -> String {
    format!("{}-files", s.name)
}

pub(super) fn secret_files_name(s: &Service) -> String {
    format!("{}-secret-files", s.name)
}

pub(super) fn claim_name(s: &Service, volume: &impl std::fmt::Display) -> String {
    format!("{}-{volume}", s.name)
}

pub(super) fn job_name(s: &Service, job: &impl std::fmt::Display) -> String {
    format!("{}-{job}", s.name)
}
