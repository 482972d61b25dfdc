//! The PodDisruptionBudget of a service.

use super::Context;
use crate::leaf::To as _;
use crate::model::Service;
use k8s_openapi::api::policy::v1::{PodDisruptionBudget, PodDisruptionBudgetSpec};
use k8s_openapi::apimachinery::pkg::apis::meta::v1::LabelSelector;

/// The disruption budget; none where it is turned off.
pub fn disruption_budget(cx: &Context, s: &Service) -> Option<PodDisruptionBudget> {
    if !s.pod_disruption_budget.enabled.get() {
        return None;
    }
    Some(PodDisruptionBudget {
        metadata: cx.metadata(&s.name, s.name.to(), &s.labels),
        spec: Some(PodDisruptionBudgetSpec {
            min_available: s.pod_disruption_budget.min_available.to(),
            max_unavailable: s.pod_disruption_budget.max_unavailable.to(),
            selector: Some(LabelSelector {
                match_labels: Some(cx.selector(&s.name)),
                ..LabelSelector::default()
            }),
            ..PodDisruptionBudgetSpec::default()
        }),
        ..PodDisruptionBudget::default()
    })
}
