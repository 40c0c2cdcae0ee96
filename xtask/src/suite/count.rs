//! How many tests a check ran, read from what cargo and Node print.
use std::fmt;

/// Tests that passed, failed and were not run.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Count {
    pub passed: u64,
    pub failed: u64,
    pub skipped: u64,
}

impl Count {
    /// Counts the tests in a check's output. A check that has no tests counts as one, and a check that failed
    /// counts as failed even where every test it came to had passed.
    pub fn of(output: &str, succeeded: bool) -> Self {
        let mut count = output.lines().map(line).fold(Self::default(), Self::plus);
        match (succeeded, count.failed) {
            (false, 0) => count.failed = 1,
            (true, 0) if count.passed == 0 => count.passed = 1,
            _ => {}
        }
        count
    }

    /// Both together.
    pub fn plus(self, other: Self) -> Self {
        Self {
            passed: self.passed.saturating_add(other.passed),
            failed: self.failed.saturating_add(other.failed),
            skipped: self.skipped.saturating_add(other.skipped),
        }
    }
}

impl fmt::Display for Count {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} passed", self.passed)?;
        if self.failed > 0 {
            write!(f, ", {} failed", self.failed)?;
        }
        if self.skipped > 0 {
            write!(f, ", {} skipped", self.skipped)?;
        }
        Ok(())
    }
}

/// What one line says: cargo's `test result: ok. 3 passed; 0 failed; 1 ignored; …`, one of Node's `ℹ pass 3`, or one
/// test's of Python, `test_get (test_policies.Policies.test_get) ... ok`.
fn line(line: &str) -> Count {
    if line.starts_with("test_")
        && let Some((_, verdict)) = line.rsplit_once(" ... ")
    {
        return match verdict.split(' ').next().unwrap_or_default() {
            "ok" => Count { passed: 1, ..Count::default() },
            "skipped" => Count { skipped: 1, ..Count::default() },
            _ => Count { failed: 1, ..Count::default() },
        };
    }
    if let Some((_, result)) = line.split_once("test result: ") {
        let number = |word: &str| {
            let part = result.split([';', '.']).find_map(|part| part.trim().strip_suffix(word));
            part.and_then(|number| number.trim().parse().ok()).unwrap_or_default()
        };
        return Count { passed: number("passed"), failed: number("failed"), skipped: number("ignored") };
    }
    let mut words = line.split_whitespace();
    let (Some("ℹ"), Some(word), Some(Ok(number)), None) =
        (words.next(), words.next(), words.next().map(str::parse), words.next())
    else {
        return Count::default();
    };
    match word {
        "pass" => Count { passed: number, ..Count::default() },
        "fail" | "cancelled" => Count { failed: number, ..Count::default() },
        "skipped" | "todo" => Count { skipped: number, ..Count::default() },
        _ => Count::default(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn counts(output: &str, succeeded: bool, passed: u64, failed: u64, skipped: u64) {
        assert_eq!(Count::of(output, succeeded), Count { passed, failed, skipped });
    }

    #[test]
    fn cargo() {
        let ok = "running 3 tests\ntest result: ok. 3 passed; 0 failed; 1 ignored; 0 measured; 0 filtered out; finished in 0.00s\n";
        counts(ok, true, 3, 0, 1);
        counts(&ok.repeat(2), true, 6, 0, 2);
        let bad = "test result: FAILED. 1 passed; 2 failed; 0 ignored; 0 measured; 0 filtered out";
        counts(&format!("{ok}{bad}"), false, 4, 2, 1);
    }

    #[test]
    fn node() {
        counts(
            "ℹ tests 4\nℹ suites 0\nℹ pass 2\nℹ fail 1\nℹ cancelled 1\nℹ skipped 1\nℹ todo 0\nℹ duration_ms 12",
            false,
            2,
            2,
            1,
        );
    }

    #[test]
    fn python() {
        let ran = "test_a (m.C.test_a) ... ok\ntest_b (m.C.test_b) ... FAIL\ntest_c (m.C.test_c) ... ERROR\n\
                   test_d (m.C.test_d) ... skipped 'no'\n\nRan 4 tests in 0.1s\n\nFAILED (failures=1)";
        counts(ran, false, 1, 2, 1);
    }

    #[test]
    fn a_plain_command_counts_as_one() {
        counts("", true, 1, 0, 0);
        counts("error: could not compile", false, 0, 1, 0);
    }

    #[test]
    fn a_failure_without_a_failed_test_is_a_failure() {
        counts("ℹ pass 2\nℹ fail 0", false, 2, 1, 0);
    }
}
