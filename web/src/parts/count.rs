//! Counts with their words.
use super::grouped;

/// `1 machine`, `1,234 machines`.
pub fn plural(count: usize, one: &str, many: &str) -> String {
    format!("{} {}", grouped(&count.to_string()), if count == 1 { one } else { many })
}
