//! The kinds that kgen knows, and their order in a render: a table.

use super::Identity;
use k8s_openapi as k;
use k8s_openapi::api::{
    admissionregistration::v1 as admission, apps::v1 as apps, autoscaling, batch::v1 as batch,
    certificates::v1 as certificates, coordination::v1 as coordination, core::v1 as core,
    discovery::v1 as discovery, flowcontrol::v1 as flowcontrol, networking::v1 as networking,
    node::v1 as node, policy::v1 as policy, rbac::v1 as rbac, resource::v1 as resource,
    scheduling::v1 as scheduling, storage::v1 as storage,
};
use k8s_openapi::apiextensions_apiserver::pkg::apis::apiextensions::v1 as apiextensions;
use k8s_openapi::kube_aggregator::pkg::apis::apiregistration::v1 as apiregistration;
use schemars::{Schema, generate::SchemaSettings};
use serde_json::Value;
use std::any::Any;

/// A kind that Kubernetes itself serves.
pub struct Kind {
    /// `apps/v1`.
    pub api_version: &'static str,
    /// `Deployment`.
    pub kind: &'static str,
    /// The name in URLs and on kubectl's command line: `deployments`.
    pub plural: &'static str,
    /// Whether objects of the kind live in a namespace.
    pub namespaced: bool,
    /// Where the kind stands in a render; lower comes first.
    pub rank: u8,
    /// The JSON schema (draft-07) of the kind, as of the Kubernetes version kgen is built with.
    pub(super) schema: fn() -> Schema,
    /// Reads the typed form.
    pub(super) read: fn(&Value) -> serde_json::Result<Typed>,
}

/// A typed object of some kind, and the value that it writes.
pub(super) struct Typed {
    pub(super) object: Box<dyn Any + Send + Sync>,
    pub(super) written: Value,
}

/// The rank of custom resources and of kinds that are not in the table: after everything they may
/// need, before webhooks that may refuse them.
const OTHER: u8 = 90;

impl Kind {
    /// The kind of an object, if it is in the table in this version.
    pub fn of(api_version: &str, kind: &str) -> Option<&'static Kind> {
        KINDS.iter().find(|k| k.kind == kind && k.api_version == api_version)
    }

    /// The rank of an identity; a kind keeps its rank in all versions of its group.
    pub(super) fn rank(identity: &Identity) -> u8 {
        KINDS
            .iter()
            .find(|k| {
                k.kind == identity.kind
                    && k.api_version.rsplit_once('/').map_or("", |(g, _)| g) == identity.group()
            })
            .map_or(OTHER, |k| k.rank)
    }
}

/// The two scopes of the table, out of k8s-openapi's marker types.
trait Scope {
    const NAMESPACED: bool;
}

impl Scope for k::NamespaceResourceScope {
    const NAMESPACED: bool = true;
}

impl Scope for k::ClusterResourceScope {
    const NAMESPACED: bool = false;
}

const fn kind<K>(rank: u8) -> Kind
where
    K: super::Resource + schemars::JsonSchema,
    K::Scope: Scope,
{
    Kind {
        api_version: K::API_VERSION,
        kind: K::KIND,
        plural: K::URL_PATH_SEGMENT,
        namespaced: <K::Scope as Scope>::NAMESPACED,
        rank,
        schema: || SchemaSettings::draft07().into_generator().into_root_schema_for::<K>(),
        read: |value| {
            let typed = <K as serde::Deserialize>::deserialize(value)?;
            let written = serde_json::to_value(&typed)?;
            Ok(Typed { object: Box::new(typed), written })
        },
    }
}

/// The kinds in their order.
///
/// It follows Helm's `InstallOrder` in what must come first, and differs in three places: custom
/// resource definitions stand at the front, as their objects may be anywhere; RBAC stands by the
/// service accounts; and webhooks come last, as they may refuse everything after them.
pub const KINDS: &[Kind] = &[
    kind::<core::Namespace>(0),
    kind::<apiextensions::CustomResourceDefinition>(1),
    kind::<scheduling::PriorityClass>(5),
    kind::<node::RuntimeClass>(5),
    kind::<flowcontrol::PriorityLevelConfiguration>(5),
    kind::<flowcontrol::FlowSchema>(6),
    kind::<resource::DeviceClass>(6),
    kind::<core::ResourceQuota>(10),
    kind::<core::LimitRange>(11),
    kind::<networking::NetworkPolicy>(12),
    kind::<core::ServiceAccount>(15),
    kind::<rbac::ClusterRole>(16),
    kind::<rbac::ClusterRoleBinding>(17),
    kind::<rbac::Role>(18),
    kind::<rbac::RoleBinding>(19),
    kind::<core::Secret>(20),
    kind::<core::ConfigMap>(21),
    kind::<storage::StorageClass>(25),
    kind::<storage::CSIDriver>(25),
    kind::<storage::VolumeAttributesClass>(25),
    kind::<core::PersistentVolume>(26),
    kind::<core::PersistentVolumeClaim>(27),
    kind::<resource::ResourceClaim>(28),
    kind::<resource::ResourceClaimTemplate>(28),
    kind::<core::Service>(30),
    kind::<core::Endpoints>(31),
    kind::<discovery::EndpointSlice>(31),
    kind::<coordination::Lease>(32),
    kind::<certificates::CertificateSigningRequest>(33),
    kind::<core::PodTemplate>(38),
    kind::<core::Pod>(40),
    kind::<core::ReplicationController>(41),
    kind::<apps::ReplicaSet>(42),
    kind::<apps::DaemonSet>(43),
    kind::<apps::StatefulSet>(44),
    kind::<apps::Deployment>(45),
    kind::<batch::Job>(46),
    kind::<batch::CronJob>(47),
    kind::<autoscaling::v2::HorizontalPodAutoscaler>(50),
    kind::<autoscaling::v1::HorizontalPodAutoscaler>(50),
    kind::<policy::PodDisruptionBudget>(51),
    kind::<networking::IngressClass>(60),
    kind::<networking::Ingress>(61),
    kind::<apiregistration::APIService>(95),
    kind::<admission::ValidatingAdmissionPolicy>(96),
    kind::<admission::ValidatingAdmissionPolicyBinding>(97),
    kind::<admission::MutatingAdmissionPolicy>(96),
    kind::<admission::MutatingAdmissionPolicyBinding>(97),
    kind::<admission::MutatingWebhookConfiguration>(98),
    kind::<admission::ValidatingWebhookConfiguration>(99),
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_table_knows_scope_and_plural() {
        let deployment = Kind::of("apps/v1", "Deployment").unwrap();
        assert_eq!((deployment.plural, deployment.namespaced), ("deployments", true));
        assert!(!Kind::of("v1", "Namespace").unwrap().namespaced);
        assert!(Kind::of("apps/v1beta1", "Deployment").is_none());
    }

    #[test]
    fn a_rank_holds_for_all_versions_and_others_come_late() {
        let rank = |api_version: &'static str, kind: &'static str| {
            Kind::rank(&Identity {
                api_version: api_version.into(),
                kind: kind.into(),
                namespace: None,
                name: String::new(),
            })
        };
        assert_eq!(rank("apps/v1beta1", "Deployment"), rank("apps/v1", "Deployment"));
        assert_eq!(rank("serving.knative.dev/v1", "Service"), OTHER);
        assert!(rank("networking.k8s.io/v1", "Ingress") < OTHER);
    }

    #[test]
    fn each_kind_stands_once() {
        let mut seen: Vec<_> = KINDS.iter().map(|k| (k.api_version, k.kind)).collect();
        seen.sort_unstable();
        let all = seen.len();
        seen.dedup();
        assert_eq!(seen.len(), all);
    }
}
