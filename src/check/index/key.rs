//! What an answer of the guard depends on besides files and the environment.

use std::hash::BuildHasher;
use std::path::Path;

use foldhash::fast::FixedState;
use rustix::process::{getegid, geteuid, getgroups};

/// The key of an index: two different ones have different bytes.
pub(super) struct Key(Vec<u8>);

impl Key {
    /// `request` has the facts of the running runtime and the options of the guard. The user counts
    /// because another one may not read the same files.
    pub fn of(directory: &Path, request: &str) -> Key {
        let user = format!("{} {} {:?}", geteuid().as_raw(), getegid().as_raw(), getgroups());
        let build = env!("ABI_GUARD_BUILD");
        let parts = [
            build.as_bytes(),
            user.as_bytes(),
            directory.as_os_str().as_encoded_bytes(),
            request.as_bytes(),
        ];
        Key(parts.join(&0))
    }

    pub fn bytes(&self) -> &[u8] {
        &self.0
    }

    /// The name of the file. The file also has the whole key.
    pub fn name(&self) -> String {
        format!("{:016x}.index", FixedState::default().hash_one(&self.0))
    }
}
