//! Another computer's clock, as far as its answers tell it.

/// What a clock in whole seconds may be behind itself.
const SECOND: i64 = 1000;

/// How many milliseconds the server's clock is ahead of this computer's: `known` as long as an answer fits it, else the
/// nearest that does. `told` is the time in the answer, in whole seconds; `sent` and `received` are by this computer.
#[must_use]
pub fn ahead(known: i64, told: i64, sent: i64, received: i64) -> i64 {
    let least = told.saturating_sub(received);
    let most = told.saturating_add(SECOND).saturating_sub(sent).max(least);
    known.clamp(least, most)
}

/// How many seconds to wait until a moment that an answer names, such that it is not met too early: from the time that
/// the answer itself tells, which is never ahead of who gave it. Where it tells none, from `now`, which may be a second
/// ahead, since it was learned from whole seconds.
#[must_use]
pub fn seconds_until(moment: i64, told: Option<i64>, now: i64) -> u32 {
    let from = told.unwrap_or_else(|| now.saturating_sub(SECOND));
    // What is over is over: no wait.
    let left = moment.saturating_sub(from).max(0);
    u32::try_from(left.saturating_add(SECOND.saturating_sub(1)).div_euclid(SECOND)).unwrap_or(u32::MAX)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_moment_is_not_met_before_it_is_there() {
        // The moment, the time in the answer, the clock: the seconds to wait.
        let cases = [
            // The clock is ahead of who answers by almost a second.
            ((25_000, Some(0), 999), 25),
            ((25_000, Some(0), 0), 25),
            ((25_000, None, 999), 26),
            ((25_000, None, 1_000), 25),
            ((25_000, None, 1_001), 25),
            // A wrong clock is of no account where the answer tells the time.
            ((25_000, Some(20_000), 7_200_000), 5),
            // It is now, or was.
            ((25_000, Some(25_000), 25_300), 0),
            ((25_000, Some(85_000), 0), 0),
            ((25_000, None, 26_001), 0),
            ((i64::MAX, Some(i64::MIN), 0), u32::MAX),
            ((i64::MIN, None, i64::MIN), 0),
        ];
        for ((moment, told, now), expected) in cases {
            assert_eq!(seconds_until(moment, told, now), expected, "{moment} {told:?} {now}");
        }
    }

    #[test]
    fn a_clock_is_corrected_only_where_the_answer_does_not_fit_it() {
        // Known, told, sent, received: what is known then.
        let cases = [
            // The same time, told in whole seconds.
            ((0, 10_000, 10_300, 10_400), 0),
            ((0, 10_000, 9_900, 10_050), 0),
            // A slow answer proves nothing.
            ((0, 10_000, 2_000, 30_000), 0),
            ((0, 10_000, 9_000, 60_000), 0),
            // Two hours ahead and behind.
            ((0, 7_210_000, 10_000, 10_100), 7_199_900),
            ((0, 10_000, 7_210_000, 7_210_100), -7_199_000),
            // Once it is known, another answer of the same clock moves it no more.
            ((7_199_900, 7_211_000, 11_000, 11_200), 7_199_900),
            // Until it is set right.
            ((7_199_900, 12_000, 12_100, 12_200), 900),
        ];
        for ((known, told, sent, received), expected) in cases {
            assert_eq!(ahead(known, told, sent, received), expected, "{known} {told} {sent} {received}");
        }
    }

    #[test]
    fn answers_narrow_it_down_to_less_than_a_second() {
        // The server is 12,345 ms ahead; answers take from 20 to 900 ms.
        let mut known = 0;
        for step in 0..200_i64 {
            let sent = step * 1_370;
            let (there, back) = (10 + step * 7 % 450, 10 + step * 13 % 450);
            let told = (sent + there + 12_345) / 1000 * 1000;
            known = ahead(known, told, sent, sent + there + back);
        }
        assert!((known - 12_345).abs() < 1000, "{known}");
    }

    #[test]
    fn no_time_is_too_strange() {
        for told in [i64::MIN, -1, 0, i64::MAX] {
            for sent in [i64::MIN, 0, i64::MAX] {
                let _some = ahead(0, told, sent, sent.saturating_add(1));
            }
        }
    }
}
