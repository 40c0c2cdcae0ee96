//! Round times on an axis, by clocks on a wall.

const HOUR: i64 = 3_600_000;

/// The times after `start` and before `end` at which a clock on the wall shows a multiple of so many hours; all in
/// milliseconds since 1970. `zone` says how far that clock is ahead of UTC at a time, which changes twice a year.
pub fn rounds(start: i64, end: i64, hours: i64, zone: impl Fn(i64) -> i64) -> Vec<i64> {
    let step = hours.max(1).saturating_mul(HOUR);
    let mut wall = start.saturating_add(zone(start));
    wall = wall.saturating_sub(wall.rem_euclid(step));
    let mut all = Vec::new();
    loop {
        wall = wall.saturating_add(step);
        let guess = wall.saturating_sub(zone(wall.saturating_sub(zone(start))));
        // Around a change of the clocks, the guess has the offset of the other side.
        let at = wall.saturating_sub(zone(guess));
        if at >= end || wall == i64::MAX {
            return all;
        }
        if at > start {
            all.push(at);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// New York's clocks around 1 November 2026, 6:00 UTC.
    fn new_york(at: i64) -> i64 {
        const CHANGE: i64 = 1_793_512_800_000;
        if at < CHANGE { -4 * HOUR } else { -5 * HOUR }
    }

    fn shown(all: &[i64], zone: impl Fn(i64) -> i64) -> Vec<i64> {
        all.iter().map(|at| at.saturating_add(zone(*at)).rem_euclid(24 * HOUR) / HOUR).collect()
    }

    #[test]
    fn days_begin_at_midnight_on_both_sides_of_a_change_of_clocks() {
        let end = 1_793_512_800_000 + 4 * 24 * HOUR;
        let all = rounds(end - 8 * 24 * HOUR, end, 24, new_york);
        assert_eq!(shown(&all, new_york), [0; 8]);
        // The day of the change has 25 hours.
        let lengths: Vec<i64> = all.windows(2).map(|two| (two[1] - two[0]) / HOUR).collect();
        assert_eq!(lengths, [24, 24, 24, 25, 24, 24, 24]);
        // In spring one has 23.
        let spring = |at: i64| if at < 100 * HOUR { HOUR } else { 2 * HOUR };
        let all = rounds(0, 200 * HOUR, 24, spring);
        assert!(shown(&all, spring).iter().all(|hour| *hour == 0), "{all:?}");
    }

    #[test]
    fn hours_are_those_of_the_wall() {
        let end = 1_793_512_800_000 + 20 * HOUR;
        let all = rounds(end - 28 * HOUR, end, 4, new_york);
        assert_eq!(shown(&all, new_york), [20, 0, 4, 8, 12, 16, 20]);
    }

    #[test]
    fn odd_zones_and_ends() {
        let kolkata = |_: i64| 5 * HOUR + HOUR / 2;
        assert_eq!(
            rounds(0, 24 * HOUR, 4, kolkata),
            [5 * HOUR / 2, 13 * HOUR / 2, 21 * HOUR / 2, 29 * HOUR / 2, 37 * HOUR / 2, 45 * HOUR / 2]
        );
        let utc = |_: i64| 0;
        // Neither end is within.
        assert_eq!(rounds(0, 8 * HOUR, 4, utc), [4 * HOUR]);
        assert_eq!(rounds(5, 5, 4, utc), [0; 0]);
        assert_eq!(rounds(i64::MAX - 1, i64::MAX, 1, utc), [0; 0]);
    }
}
