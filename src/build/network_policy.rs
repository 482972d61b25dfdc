//! The NetworkPolicy of a service.

use super::Context;
use crate::leaf::{To as _, nonempty};
use crate::model::Service;
use k8s_openapi::api::networking::v1 as networking;
use k8s_openapi::apimachinery::pkg::apis::meta::v1::LabelSelector;

/// The policy; none where it is turned off.
///
/// Without rules of its own the pods are reached from their namespace alone, and reach anything.
pub fn network_policy(cx: &Context, s: &Service) -> Option<networking::NetworkPolicy> {
    if !s.network_policy.enabled.get() {
        return None;
    }
    let mut types = vec!["Ingress".to_owned()];
    types.extend(s.network_policy.egress.some(|| "Egress".to_owned()));
    let ingress = if s.network_policy.ingress.is_empty() {
        vec![networking::NetworkPolicyIngressRule {
            from: Some(vec![networking::NetworkPolicyPeer {
                pod_selector: Some(LabelSelector::default()),
                ..networking::NetworkPolicyPeer::default()
            }]),
            ..networking::NetworkPolicyIngressRule::default()
        }]
    } else {
        s.network_policy.ingress.to()
    };
    Some(networking::NetworkPolicy {
        metadata: cx.metadata(&s.name, s.name.to(), &s.labels),
        spec: Some(networking::NetworkPolicySpec {
            pod_selector: Some(LabelSelector {
                match_labels: Some(cx.selector(&s.name)),
                ..LabelSelector::default()
            }),
            policy_types: Some(types),
            ingress: Some(ingress),
            egress: nonempty(s.network_policy.egress.to()),
        }),
    })
}
