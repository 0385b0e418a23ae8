//! Maps and sets for what files hold: std's, with a hash that takes a fraction of the time for
//! short names. Its seed is another one in each process, so that no file can be made to have names
//! which collide.

/// A map.
pub type HashMap<K, V> = std::collections::HashMap<K, V, foldhash::fast::RandomState>;

/// A set.
pub type HashSet<T> = std::collections::HashSet<T, foldhash::fast::RandomState>;
