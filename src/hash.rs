//! Maps and sets for data from files: std's types with a hash function that is several times faster
//! for short names. Its seed differs in each process, so that no file can be made to contain
//! colliding names.

/// A map.
pub type HashMap<K, V> = std::collections::HashMap<K, V, foldhash::fast::RandomState>;

/// A set.
pub type HashSet<T> = std::collections::HashSet<T, foldhash::fast::RandomState>;
