mod a;
mod b;
mod deep;

pub use a::{Shared, first};
pub use self::b::Second;
