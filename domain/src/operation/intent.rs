//! The requests that users can make about one object.

use crate::kubernetes::manifest::Manifest;
use serde::{Deserialize, Serialize};

/// A request with its parameters. The file of its verb says what they mean.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub enum Intent {
    CreateWorkload { manifest: Manifest },
    ScaleWorkload { replicas: i32 },
    RestartWorkload,
    StopWorkload,
    StartWorkload,
    DeleteWorkload,
}
