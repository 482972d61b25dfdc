//! Objects that the values hold whole.

use super::Context;
use crate::leaf::To as _;
use crate::model::{Service, Verbatim};

/// The objects under `objects`, as they are written.
pub fn objects(_: &Context, s: &Service) -> Vec<Verbatim> {
    s.objects.each(|_, object| object.to())
}
