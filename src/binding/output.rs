//! Standard error.

use napi_derive::napi;

#[cfg(unix)]
use crate::panics::caught;

/// Sends a text to standard error without waiting, if standard error is a socket. Returns true if
/// the socket accepted it, at least in part; false for a full socket, and for anything else.
#[napi]
pub fn send_to_standard_error(text: String) -> bool {
    #[cfg(unix)]
    {
        use rustix::net::{SendFlags, send};
        let flags = SendFlags::DONTWAIT | SendFlags::NOSIGNAL;
        caught(|| send(std::io::stderr(), text.as_bytes(), flags).is_ok()).unwrap_or(false)
    }
    #[cfg(not(unix))]
    {
        drop(text);
        false
    }
}
